//! Names and lengths: CONTRIBUTING.md's laws of shape that a machine can check.

use tests::{files, read};

/// Words that say nothing about what a thing is. `handle` and `data` are the platform's own words in places, so they are
/// checked for file names only.
const BANNED: [&str; 8] = [
    "util", "utils", "helper", "helpers", "manager", "common", "misc", "dto",
];

/// Lines of one file, tests not counted.
const LONGEST_FILE: usize = 400;

fn sources() -> Vec<String> {
    let mut found = files("crates", &[".rs"]);
    found.extend(files("workers", &[".rs"]));
    found.extend(files("xtask", &[".rs"]));
    found.retain(|path| !path.contains("/tests/") && !path.ends_with("tests.rs"));
    found
}

#[test]
fn no_file_has_a_name_that_says_nothing() {
    let mut all = sources();
    all.extend(files("pages", &[".ts", ".tsx"]));
    // The client is generated; its generator names the files.
    all.retain(|path| !path.contains(".gen."));
    for path in all {
        let stem = path
            .rsplit('/')
            .next()
            .unwrap_or_default()
            .split('.')
            .next()
            .unwrap_or_default();
        let parts: Vec<&str> = stem.split(['_', '-']).collect();
        let word = parts
            .iter()
            .find(|part| BANNED.contains(part) || **part == "data");
        assert!(
            word.is_none(),
            "`{path}` is named by `{word:?}`; name it for the thing inside"
        );
    }
}

#[test]
fn no_item_has_a_name_that_says_nothing() {
    for path in sources() {
        for line in read(&path).lines() {
            let Some(name) = declared(line) else { continue };
            let lower = snake(name);
            let word = lower.split('_').find(|part| BANNED.contains(part));
            assert!(
                word.is_none(),
                "`{name}` in {path}: `{word:?}` says nothing; find a noun"
            );
        }
    }
}

#[test]
fn no_file_is_longer_than_a_reader_holds() {
    for path in sources() {
        let text = read(&path);
        let production = text.split("#[cfg(test)]").next().unwrap_or_default();
        let lines = production.lines().count();
        assert!(
            lines <= LONGEST_FILE,
            "{path} has {lines} lines; give its second half a name"
        );
    }
}

#[test]
fn no_production_code_is_left_to_do() {
    for path in sources() {
        for word in [
            concat!("TO", "DO"),
            concat!("FIX", "ME"),
            concat!("X", "XX"),
        ] {
            assert!(
                !read(&path).contains(word),
                "{path} has a {word}; do it or open an issue"
            );
        }
    }
}

#[test]
fn no_lock_file_names_a_host() {
    for path in files(".", &["package-lock.json"]) {
        assert!(
            !read(&path).contains("\"resolved\": \"http"),
            "{path} records download addresses; install with `omit-lockfile-registry-resolved`"
        );
    }
}

/// The name that a line declares as a type, function or module.
fn declared(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let line = line.strip_prefix("pub ").unwrap_or(line);
    let line = line.strip_prefix("pub(crate) ").unwrap_or(line);
    let line = line.strip_prefix("async ").unwrap_or(line);
    let keyword = ["struct ", "enum ", "fn ", "trait ", "mod ", "type "];
    let rest = keyword.iter().find_map(|word| line.strip_prefix(word))?;
    rest.split(|character: char| !character.is_alphanumeric() && character != '_')
        .next()
}

/// `LeaseBook` and `lease_book` both as `lease_book`.
fn snake(name: &str) -> String {
    let mut text = String::new();
    for character in name.chars() {
        if character.is_uppercase() && !text.is_empty() {
            text.push('_');
        }
        text.extend(character.to_lowercase());
    }
    text
}
