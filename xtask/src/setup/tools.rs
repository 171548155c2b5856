//! The program that binds Wasm to JavaScript (`xtask/bind`), in a cache that all clones share.

use std::{fs, path::PathBuf, time::Instant};

use anyhow::Context;

use crate::{house::House, run::Run, say};

/// Where the program is; built when the cache lacks it, which takes a minute on two cores.
pub(crate) fn ensure(house: &House) -> anyhow::Result<PathBuf> {
    let folder = house.tools.join(format!("bind-{VERSION}"));
    let program = folder.join("bin").join(PROGRAM);
    if program.is_file() {
        return Ok(program);
    }
    let since = Instant::now();
    say::step(
        PROGRAM,
        "building what binds Wasm to JavaScript, once for all clones, about a minute",
    );
    let partial = house
        .tools
        .join(format!("bind-{VERSION}.{}", std::process::id()));
    Run::new(house, PROGRAM, "cargo")
        .args(["install", "--locked", "--path", "xtask/bind", "--root"])
        .args([&partial])
        .env("CARGO_TARGET_DIR", partial.join("target"))
        .finish()?;
    fs::remove_dir_all(partial.join("target"))
        .context("the tool's build folder cannot be removed")?;
    // Another run may have won the race; its result is as good as ours.
    if fs::rename(&partial, &folder).is_err() && !program.is_file() {
        fs::remove_dir_all(&folder)?;
        fs::rename(&partial, &folder)?;
    }
    say::done(PROGRAM, "built", since);
    Ok(program)
}

const PROGRAM: &str = "bind";
/// Of the crate `wasm-bindgen`: what a build names and what binds it must be of one version.
const VERSION: &str = "0.2.129";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_binds_has_the_version_of_what_is_bound() {
        let ours = include_str!("../../../Cargo.lock");
        let binds = include_str!("../../bind/Cargo.lock");
        for (lock, krate) in [
            (ours, "wasm-bindgen"),
            (binds, "wasm-bindgen-cli-support"),
            (binds, "bind"),
        ] {
            let entry = format!("name = \"{krate}\"\nversion = \"{VERSION}\"");
            assert!(lock.contains(&entry), "`{krate}` is not {VERSION}");
        }
    }
}
