//! Documents are true: what they list is what is there.

use tests::{block, files, read};

#[test]
fn the_life_of_a_request_is_told_in_the_order_of_the_code() {
    let story: Vec<String> = read("docs/life-of-a-request.md")
        .lines()
        .filter_map(|line| line.strip_prefix("## "))
        .map(|title| {
            title
                .split_whitespace()
                .last()
                .unwrap_or_default()
                .to_lowercase()
        })
        .collect();
    let stages = block(&read("docs/life-of-a-request.md"), "stages");
    assert!(
        !stages.is_empty(),
        "docs/life-of-a-request.md has no block ```stages"
    );
    let code = read("crates/pipeline/src/lib.rs");
    let mut last = 0;
    for stage in &stages {
        let (name, call) = stage.split_once(' ').unwrap_or((stage, stage));
        assert!(
            story.contains(&name.to_owned()),
            "no section `## ... {name}` tells the stage"
        );
        let at = code.find(call.trim());
        assert!(
            at.is_some(),
            "crates/pipeline/src/lib.rs has no `{}`",
            call.trim()
        );
        let at = at.unwrap_or_default();
        assert!(
            at >= last,
            "`{}` comes earlier in the code than in the story",
            call.trim()
        );
        last = at;
    }
}

#[test]
fn every_link_to_a_file_leads_somewhere() {
    for path in files(".", &[".md"]) {
        let text = read(&path);
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        for target in text
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next())
        {
            let target = target.split('#').next().unwrap_or_default();
            if target.is_empty() || target.contains(':') || target.contains(' ') {
                continue;
            }
            let from_root = target.strip_prefix('/').map(str::to_owned);
            let full = from_root.unwrap_or_else(|| format!("{folder}/{target}"));
            let there = tests::root().join(full.trim_start_matches('/')).exists();
            assert!(
                there || full.contains("docs/errors/"),
                "{path} links to `{target}`, which is not there"
            );
        }
    }
}

#[test]
fn every_worker_is_in_the_architecture() {
    let text = read("ARCHITECTURE.md");
    for manifest in files("workers", &["Cargo.toml"]) {
        let name = manifest.split('/').nth(1).unwrap_or_default();
        assert!(
            text.contains(&format!("workers/{name}")),
            "ARCHITECTURE.md does not name workers/{name}"
        );
    }
    for manifest in files("crates", &["Cargo.toml"]) {
        let name = manifest.split('/').nth(1).unwrap_or_default();
        assert!(
            text.contains(&format!("`{name}`")),
            "ARCHITECTURE.md does not name the crate `{name}`"
        );
    }
}
