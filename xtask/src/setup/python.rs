//! Python packages for the conformance tests: a client in another language than ours.

use std::{fs, path::PathBuf, process::Command, process::Stdio, time::Instant};

use anyhow::Context;
use sha2::{Digest, Sha256};

use super::apt;
use crate::{house::House, run::Run, say};

/// The folder for `PYTHONPATH`, with what `tests/conformance/requirements.txt` names.
pub(crate) fn ensure(house: &House) -> anyhow::Result<PathBuf> {
    let list = house.path("tests/conformance/requirements.txt");
    let text = fs::read(&list).with_context(|| format!("`{}` cannot be read", list.display()))?;
    let name: String = Sha256::digest(text)
        .iter()
        .take(6)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let folder = house.tools.join(format!("python-{name}"));
    let done = folder.join("installed");
    if done.is_file() {
        return Ok(folder);
    }
    if !has_pip() {
        apt::install(house, "python", &["python3", "python3-pip"])?;
    }
    let since = Instant::now();
    say::step("python", "installing the packages of tests/conformance");
    Run::new(house, "python", "python3")
        .args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
        ])
        .args(["--no-deps", "--target"])
        .args([&folder])
        .args(["--requirement"])
        .args([&list])
        .finish()?;
    fs::write(&done, "")?;
    say::done("python", "installed", since);
    Ok(folder)
}

fn has_pip() -> bool {
    Command::new("python3")
        .args(["-m", "pip", "--version"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}
