//! docs/security.md names the tests that hold what it says: each is there, is run, and is called so.

use tests::{files, read};

/// What a text says about tests: a file, a title in the file that was named last, or a test of Rust.
#[derive(Debug, PartialEq, Eq)]
enum Named<'a> {
    File(&'a str),
    Title(&'a str),
    Rust(&'a str),
}

#[test]
fn every_named_test_is_there_and_run() {
    let document = read("docs/security.md");
    let rust = all(&["crates", "workers", "tests", "xtask"], &[".rs"]);
    let scripts = all(&["tests", "pages"], &[".test.mjs", ".test.ts", ".test.tsx"]);
    let mut found = 0;
    for line in document.lines() {
        let mut file: Option<&(String, String)> = None;
        for named in tests_of(line) {
            match named {
                Named::File(name) => {
                    file = scripts.iter().find(|(path, _)| is_of(path, name));
                    assert!(
                        file.is_some(),
                        "docs/security.md names `{name}`, which is not there: {line}"
                    );
                }
                Named::Title(title) => {
                    let text = file.map_or("", |(_, text)| text);
                    assert!(
                        is_titled(text, title),
                        "no test of the file is called \"{title}\": {line}"
                    );
                }
                Named::Rust(name) => {
                    let is_run = rust.iter().any(|(_, text)| is_run(text, name));
                    assert!(
                        is_run,
                        "no test is called `{name}`, or it is not run: {line}"
                    );
                }
            }
            found += 1;
        }
    }
    assert!(
        found > 50,
        "only {found} tests are named in docs/security.md"
    );
}

#[test]
fn every_point_of_rfc_9700_is_held_by_a_test() {
    let document = read("docs/security.md");
    let rows: Vec<&str> = document
        .lines()
        .skip_while(|line| !line.starts_with("| Section | Here | Held by |"))
        .skip(2)
        .take_while(|line| line.starts_with('|'))
        .collect();
    for row in &rows {
        let held_by = row.trim_end_matches(['|', ' ']).rsplit(" | ").next();
        let is_held = tests_of(held_by.unwrap_or_default())
            .iter()
            .any(|named| matches!(named, Named::Title(_) | Named::Rust(_)));
        assert!(is_held, "no test is named that holds {row}");
    }
    let told: Vec<&str> = rows
        .iter()
        .filter_map(|row| row.split('|').nth(1))
        .flat_map(|cell| cell.split([',', ' ']))
        .collect();
    for (chapter, last) in [(2, 6), (4, 17)] {
        for section in 1..=last {
            let section = format!("{chapter}.{section}");
            let is_told = told
                .iter()
                .any(|it| *it == section || it.starts_with(&format!("{section}.")));
            assert!(
                is_told,
                "docs/security.md says nothing of section {section} of RFC 9700"
            );
        }
    }
}

/// Paths and texts of the files below some folders.
fn all(folders: &[&str], endings: &[&str]) -> Vec<(String, String)> {
    let paths = folders.iter().flat_map(|folder| files(folder, endings));
    paths.map(|path| (path.clone(), read(&path))).collect()
}

fn is_of(path: &str, name: &str) -> bool {
    path == name || path.ends_with(&format!("/{name}"))
}

/// The tests that a line names, in its order: what stands between backticks, and between quotes after a file.
fn tests_of(line: &str) -> Vec<Named<'_>> {
    let mut named = Vec::new();
    let mut rest = line;
    while let Some(at) = rest.find(['`', '"']) {
        let (_, opened) = rest.split_at(at);
        let (mark, inside) = opened.split_at(1);
        let Some((text, after)) = inside.split_once(mark) else {
            break;
        };
        rest = after;
        let is_script = text.ends_with(".test.mjs")
            || text.ends_with(".test.ts")
            || text.ends_with(".test.tsx");
        let is_sentence = text
            .bytes()
            .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'));
        match mark {
            "\"" if named.iter().any(|it| matches!(it, Named::File(_))) => {
                named.push(Named::Title(text))
            }
            "`" if is_script => named.push(Named::File(text)),
            "`" if is_sentence && text.matches('_').count() >= 3 => named.push(Named::Rust(text)),
            _ => {}
        }
    }
    named
}

/// Is there a test of this title that is not skipped?
fn is_titled(text: &str, title: &str) -> bool {
    ['"', '\''].iter().any(|quote| {
        let call = format!("({quote}{title}{quote}");
        text.match_indices(&call).any(|(at, _)| {
            let before = text.get(..at).unwrap_or_default();
            ["it", "test", "step", "describe"]
                .iter()
                .any(|word| before.ends_with(word))
        })
    })
}

/// Is there a test of this name that is not ignored?
fn is_run(text: &str, name: &str) -> bool {
    let Some((before, _)) = text.split_once(&format!("fn {name}(")) else {
        return false;
    };
    let attributes: Vec<&str> = before
        .lines()
        .rev()
        .skip(usize::from(!before.ends_with('\n')))
        .take_while(|line| line.trim().starts_with('#') || line.trim().starts_with("//"))
        .collect();
    attributes.iter().any(|line| line.trim() == "#[test]")
        && !attributes.iter().any(|line| line.contains("#[ignore"))
}
