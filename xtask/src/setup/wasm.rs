//! A compiler that knows `wasm32-unknown-unknown`: this machine's by rustup, else Debian's beside it.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::bail;

use super::apt;
use crate::{house::House, run::Run, say};

/// The environment in which cargo builds Wasm.
#[derive(Debug)]
pub(crate) struct Toolchain {
    pub(crate) envs: Vec<(String, String)>,
}

pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// Finds or brings a compiler. `POSTERN_WASM_TOOLCHAIN=debian` chooses Debian's where both would do.
pub(crate) fn ensure(house: &House) -> anyhow::Result<Toolchain> {
    let debian = env::var_os("POSTERN_WASM_TOOLCHAIN").is_some_and(|wish| wish == "debian");
    if !debian && (has_target("rustc") || add_by_rustup(house)) {
        return Ok(Toolchain { envs: Vec::new() });
    }
    bring_debian(house)?;
    Ok(Toolchain {
        envs: debian_envs(),
    })
}

fn add_by_rustup(house: &House) -> bool {
    if !answers("rustup") {
        return false;
    }
    let since = Instant::now();
    say::step("wasm target", &format!("adding {TARGET} by rustup"));
    let added = Run::new(house, "wasm-target", "rustup")
        .args(["target", "add", TARGET])
        .at_most(Duration::from_secs(120))
        .finish();
    match added {
        Ok(()) if has_target("rustc") => {
            say::done("wasm target", "added", since);
            true
        }
        _ => {
            say::step(
                "wasm target",
                "rustup cannot download it here; Debian's compiler will do instead",
            );
            false
        }
    }
}

/// Debian's newest compiler and the source of its standard library, which cargo builds for Wasm itself.
fn bring_debian(house: &House) -> anyhow::Result<()> {
    let there = [COMPILER, LIBRARY, LINKER]
        .iter()
        .all(|file| Path::new(file).exists());
    if !there {
        apt::install(
            house,
            "wasm-target",
            &["rustc-web", "rust-web-src", "lld-22"],
        )?;
    }
    if !Path::new(COMPILER).exists() {
        bail!(
            "`{COMPILER}` is missing although its package is installed; try `sudo apt-get install --reinstall rustc-web`"
        );
    }
    Ok(())
}

fn debian_envs() -> Vec<(String, String)> {
    let pairs = [
        ("RUSTC", COMPILER),
        // The standard library is built from source, which a stable compiler calls unstable.
        ("RUSTC_BOOTSTRAP", "1"),
        ("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort"),
        ("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", "wasm-ld-22"),
    ];
    pairs
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec()
}

fn has_target(compiler: &str) -> bool {
    let output = Command::new(compiler)
        .args(["--target", TARGET, "--print", "target-libdir"])
        .stdin(Stdio::null())
        .output();
    output.is_ok_and(|output| {
        let folder = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
        output.status.success() && has_library(&folder)
    })
}

fn has_library(folder: &Path) -> bool {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .filter_map(|entry| entry.file_name().into_string().ok())
        .any(|name| name.starts_with("libcore-") && name.ends_with(".rlib"))
}

fn answers(program: &str) -> bool {
    let status = Command::new(program)
        .arg("--version")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    status.is_ok_and(|status| status.success())
}

const COMPILER: &str = "/usr/bin/rustc";
const LIBRARY: &str = "/usr/lib/rustlib/src/rust/library/std";
const LINKER: &str = "/usr/bin/wasm-ld-22";
