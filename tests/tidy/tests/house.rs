//! Who may import whom: ARCHITECTURE.md's block `edges` is the law.

use tests::{block, packages, read};

/// Packages that exist only where the world is touched.
const PLATFORM: [&str; 5] = [
    "worker",
    "wasm-bindgen",
    "wasm-bindgen-futures",
    "js-sys",
    "web-sys",
];

#[test]
fn every_import_is_written_in_the_architecture() {
    let allowed: Vec<(String, Vec<String>)> = block(&read("ARCHITECTURE.md"), "edges")
        .iter()
        .filter_map(|line| line.split_once("->"))
        .map(|(from, to)| {
            (
                from.trim().to_owned(),
                to.split_whitespace().map(str::to_owned).collect(),
            )
        })
        .collect();
    assert!(!allowed.is_empty(), "ARCHITECTURE.md has no block ```edges");
    let packages = packages().expect("cargo metadata answers");
    for package in &packages {
        if package.name == "xtask" || package.name == "tests" {
            continue;
        }
        for dependency in &package.dependencies {
            let ours = packages.iter().any(|other| other.name == *dependency);
            let named = allowed
                .iter()
                .any(|(from, to)| *from == package.name && to.contains(dependency));
            assert!(
                !ours || named,
                "`{}` imports `{dependency}`, which the edges of ARCHITECTURE.md do not allow",
                package.name
            );
        }
    }
}

#[test]
fn only_workers_touch_the_platform() {
    for package in packages().expect("cargo metadata answers") {
        let touches = package
            .dependencies
            .iter()
            .find(|name| PLATFORM.contains(&name.as_str()));
        assert!(
            package.folder.starts_with("workers/") || touches.is_none(),
            "`{}` depends on {touches:?}; move that code to workers/runtime",
            package.name
        );
    }
}

#[test]
fn workers_never_import_workers() {
    let packages = packages().expect("cargo metadata answers");
    let workers: Vec<_> = packages
        .iter()
        .filter(|package| package.folder.starts_with("workers/"))
        .collect();
    for worker in &workers {
        for dependency in &worker.dependencies {
            assert!(
                dependency == "runtime" || workers.iter().all(|other| other.name != *dependency),
                "Worker `{}` imports Worker `{dependency}`; call it over a service binding",
                worker.name
            );
        }
    }
}
