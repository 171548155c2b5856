//! What the tidy checks need to see of the house: its root, its files, its packages.
//!
//! The checks themselves are in `tests/`; each guards one sentence of ARCHITECTURE.md or CONTRIBUTING.md.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

/// The root of the repository.
#[must_use]
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// A file of the repository as text; empty when it is not there, so that the check that wants it fails by its own words.
#[must_use]
pub fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_default()
}

/// Every file that git tracks or would track, below `folder`, with one of the endings; paths from the root.
#[must_use]
pub fn files(folder: &str, endings: &[&str]) -> Vec<String> {
    let listed = Command::new("git")
        .args([
            "ls-files",
            "--cached",
            "--others",
            "--exclude-standard",
            folder,
        ])
        .current_dir(root())
        .output();
    let Ok(listed) = listed else {
        return Vec::new();
    };
    String::from_utf8_lossy(&listed.stdout)
        .lines()
        .filter(|path| endings.iter().any(|ending| path.ends_with(ending)))
        .filter(|path| root().join(path).is_file())
        .map(str::to_owned)
        .collect()
}

/// A workspace package: where it lies and what it depends on outside its tests.
#[derive(Debug)]
pub struct Package {
    /// `gateway`, `model`, ...
    pub name: String,
    /// `workers/gateway`, `crates/model`, ...
    pub folder: String,
    /// Names of its normal dependencies, ours and others'.
    pub dependencies: Vec<String>,
}

/// The workspace's packages, as cargo sees them.
///
/// # Errors
/// When cargo cannot be run or says nothing that can be read.
pub fn packages() -> Result<Vec<Package>, String> {
    let output = Command::new(option_env!("CARGO").unwrap_or("cargo"))
        .args([
            "metadata",
            "--no-deps",
            "--offline",
            "--format-version",
            "1",
        ])
        .current_dir(root())
        .output()
        .map_err(|error| error.to_string())?;
    let metadata: Value =
        serde_json::from_slice(&output.stdout).map_err(|error| error.to_string())?;
    let home = root().canonicalize().map_err(|error| error.to_string())?;
    let list = metadata
        .get("packages")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    Ok(list
        .iter()
        .map(|package| package_of(package, &home))
        .collect())
}

fn package_of(package: &Value, home: &Path) -> Package {
    let text = |key: &str| {
        package
            .get(key)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let manifest = PathBuf::from(text("manifest_path"));
    let folder = manifest
        .parent()
        .and_then(|folder| folder.strip_prefix(home).ok())
        .map(|folder| folder.to_string_lossy().into_owned())
        .unwrap_or_default();
    let dependencies = package
        .get("dependencies")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter(|dependency| dependency.get("kind").is_none_or(Value::is_null))
        .filter_map(|dependency| dependency.get("name").and_then(Value::as_str))
        .map(str::to_owned)
        .collect();
    Package {
        name: text("name"),
        folder,
        dependencies,
    }
}

/// The lines of a fenced block of a Markdown document: everything between a line that is a fence followed by `label` and
/// the closing fence.
#[must_use]
pub fn block(markdown: &str, label: &str) -> Vec<String> {
    markdown
        .lines()
        .skip_while(|line| line.trim() != format!("```{label}"))
        .skip(1)
        .take_while(|line| !line.trim().starts_with("```"))
        .map(|line| line.trim().to_owned())
        .filter(|line| !line.is_empty())
        .collect()
}
