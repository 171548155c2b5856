//! The npm packages: the tools at the root (wrangler, workerd, Node 22, esbuild, binaryen), and what the pages need.

use std::{
    env,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

use anyhow::{Context, bail};
use serde_json::{Map, Value};

use crate::{house::House, run::Run, say};

/// Installs both sets when their lock files changed; the pages' with the Node of the first.
pub(crate) fn ensure(house: &House) -> anyhow::Result<()> {
    install(house, "npm", "")?;
    if !house.node().is_file() {
        // npm may be told not to run install scripts; this package's script is what unpacks Node.
        Run::new(house, "npm-node", "node")
            .args(["node_modules/node/installArchSpecificPackage.js"])
            .folder(house.path("node_modules/node"))
            .finish()?;
    }
    if house.path("pages/package-lock.json").is_file() {
        install(house, "npm-pages", "pages/")?;
    }
    Ok(())
}

/// A program of the root's packages, for example `wrangler`.
pub(crate) fn program(house: &House, name: &str) -> PathBuf {
    house.path("node_modules/.bin").join(name)
}

/// The stock runtime itself, not the script around it: nothing of Node is left when it runs.
pub(crate) fn workerd(house: &House) -> anyhow::Result<PathBuf> {
    let system = if cfg!(target_os = "macos") {
        "darwin"
    } else {
        "linux"
    };
    let machine = if cfg!(target_arch = "aarch64") {
        "arm64"
    } else {
        "64"
    };
    let binary = format!("node_modules/@cloudflare/workerd-{system}-{machine}/bin/workerd");
    let path = house.path(&binary);
    if !path.is_file() {
        bail!("`{binary}` is missing; delete `node_modules` and try again");
    }
    Ok(path)
}

/// `PATH` with our Node first, so that npm scripts run on it.
pub(crate) fn path_with_node(house: &House) -> anyhow::Result<OsString> {
    let old = env::var_os("PATH").unwrap_or_default();
    let ours = house.path("node_modules/node/bin");
    let all = std::iter::once(ours).chain(env::split_paths(&old));
    env::join_paths(all).context("`PATH` has a folder with a colon in its name")
}

fn install(house: &House, step: &str, folder: &str) -> anyhow::Result<()> {
    let lock = format!("{folder}package-lock.json");
    let here = house.path(folder);
    if is_installed(&here)? {
        return Ok(());
    }
    let since = Instant::now();
    say::step(step, &format!("installing the packages of {lock}"));
    let mut run = Run::new(house, step, "npm")
        .args(["ci", "--no-audit", "--no-fund", "--prefer-offline"])
        .env("npm_config_update_notifier", "false")
        .folder(house.path(if folder.is_empty() { "." } else { folder }));
    if house.node().is_file() && !folder.is_empty() {
        run = run.env("PATH", path_with_node(house)?);
    }
    run.finish()?;
    say::done(
        step,
        &format!(
            "installed, {} MB",
            megabytes(&house.path(folder).join("node_modules"))
        ),
        since,
    );
    Ok(())
}

/// npm leaves a copy of the lock in `node_modules`: is every package there in the version that the lock names? Optional
/// ones are for other machines.
fn is_installed(folder: &Path) -> anyhow::Result<bool> {
    let wanted = packages(&folder.join("package-lock.json"))?;
    let Ok(found) = packages(&folder.join("node_modules/.package-lock.json")) else {
        return Ok(false);
    };
    let version = |package: &Value| package.get("version").cloned();
    Ok(wanted
        .iter()
        .filter(|(path, package)| !path.is_empty() && package.get("optional").is_none())
        .all(|(path, package)| found.get(path).and_then(version) == version(package)))
}

fn packages(lock: &Path) -> anyhow::Result<Map<String, Value>> {
    let text =
        fs::read_to_string(lock).with_context(|| format!("`{}` cannot be read", lock.display()))?;
    let lock: Value = serde_json::from_str(&text)?;
    let packages = lock.get("packages").and_then(Value::as_object);
    packages.cloned().context("the lock file has no `packages`")
}

/// What a folder takes on disk.
fn megabytes(folder: &Path) -> u64 {
    fn bytes(folder: &Path) -> u64 {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        entries
            .map(|entry| match entry.file_type() {
                Ok(kind) if kind.is_dir() => bytes(&entry.path()),
                Ok(kind) if kind.is_file() => entry.metadata().map_or(0, |found| found.len()),
                _ => 0,
            })
            .sum()
    }
    bytes(folder) / 1_000_000
}
