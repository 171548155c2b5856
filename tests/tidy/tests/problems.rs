//! One row, one page: every code has its documentation, and every code in use has its row.

use problem::table::all;
use tests::{files, read, root};

#[test]
fn every_code_has_its_page() {
    for entry in all() {
        let page = read(&format!("docs/errors/{}.md", entry.code));
        assert!(
            page.starts_with("# "),
            "docs/errors/{}.md is missing or has no title",
            entry.code
        );
        assert!(
            page.contains(entry.code),
            "docs/errors/{}.md does not name its code",
            entry.code
        );
    }
}

#[test]
fn every_page_has_its_code() {
    for path in files("docs/errors", &[".md"]) {
        let code = path
            .rsplit('/')
            .next()
            .unwrap_or_default()
            .trim_end_matches(".md");
        let known = code == "README" || all().iter().any(|entry| entry.code == code);
        assert!(
            known,
            "{path} explains a code that crates/problem does not have"
        );
    }
}

#[test]
fn every_code_in_use_has_its_row() {
    let mut sources = files("crates", &[".rs"]);
    sources.extend(files("workers", &[".rs"]));
    for path in sources {
        let text = read(&path);
        for opening in [
            "Problem::new(\"",
            "Failure::code(\"",
            "Failure::because(\"",
            "lookup(\"",
        ] {
            for code in text
                .split(opening)
                .skip(1)
                .filter_map(|rest| rest.split('"').next())
            {
                let known = all().iter().any(|entry| entry.code == code);
                assert!(
                    known || code == "no such code",
                    "{path} uses `{code}`, which has no row"
                );
            }
        }
    }
}

#[test]
fn descriptions_keep_the_voice() {
    for entry in all() {
        assert!(
            !entry.description.ends_with('.'),
            "{}: a description ends without a full stop",
            entry.code
        );
    }
    assert!(
        root().join("docs/errors").is_dir(),
        "docs/errors is missing"
    );
}
