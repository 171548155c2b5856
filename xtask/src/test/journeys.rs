//! The journeys: the whole platform on the real runtime, fresh and thrown away after.

use std::{fs, path::PathBuf};

use anyhow::{Context, bail};

use super::steps::Outcome;
use crate::{
    build,
    house::House,
    platform::{Site, port, welcome, wrangler},
    run::Run,
    say,
    setup::{Kit, browser, python},
};

/// Starts an empty platform on a free port and runs `tests/{conformance,journeys}/*.test.mjs` against it: those that `extra` names
/// (`keys.test.mjs`), or all; what else is in `extra` is for node.
pub(crate) fn run(house: &House, kit: &Kit, extra: &[String]) -> anyhow::Result<Outcome> {
    let (named, extra): (Vec<String>, Vec<String>) = extra
        .iter()
        .cloned()
        .partition(|word| word.ends_with(".test.mjs"));
    let mut files = journeys(house)?;
    files.retain(|file| named.is_empty() || named.iter().any(|name| file.ends_with(name)));
    if files.is_empty() {
        bail!("there is no journey `{}`", named.join("`, `"));
    }
    let chromium = browser::ensure(house)?;
    let packages = python::ensure(house)?;
    // A whole test has built what is shipped; journeys alone take what is quicker.
    build::all(house, kit, build::Care::Quick)?;
    let state = house
        .scratch()
        .join(format!("journeys-{}", std::process::id()));
    let platform = wrangler::start(house, Site::local(port::free()?, state.clone()))?;
    let administrator =
        welcome(&platform)?.context("a fresh platform had an administrator already")?;
    say::step("journeys", &format!("against {}", platform.site.origin));
    let test = Run::new(house, "journeys", house.node())
        .args(["--test", "--test-concurrency=1", "--test-reporter=spec"])
        .args(extra)
        .args(&files)
        .env("NO_COLOR", "1")
        .env("POSTERN_URL", &platform.site.origin)
        .env("POSTERN_ADMIN_USER", &administrator.username)
        .env("POSTERN_ADMIN_PASSWORD", &administrator.password)
        .env("POSTERN_SETUP_TOKEN", &platform.secrets.setup_token)
        .env("POSTERN_CHROMIUM", chromium)
        .env("POSTERN_PYTHONPATH", packages);
    let outcome = Outcome::of(test)?;
    drop(platform);
    if outcome.is_good() {
        fs::remove_dir_all(&state)?;
    }
    Ok(outcome)
}

fn journeys(house: &House) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for folder in FOLDERS.map(|folder| house.path(folder)) {
        let entries = fs::read_dir(&folder)
            .with_context(|| format!("`{}` cannot be read", folder.display()))?;
        files.extend(entries.flatten().map(|entry| entry.path()));
    }
    files.retain(|file| file.to_string_lossy().ends_with(".test.mjs"));
    files.sort();
    if files.is_empty() {
        bail!("no file of {FOLDERS:?} ends with .test.mjs");
    }
    Ok(files)
}

/// Walks of people through the platform, and clients that others wrote against its standards.
const FOLDERS: [&str; 2] = ["tests/conformance", "tests/journeys"];
