//! The two cargo-installed tools of a Wasm build, in a cache that all clones share.

use std::{fs, path::PathBuf, thread, time::Instant};

use anyhow::Context;

use super::joined;
use crate::{house::House, run::Run, say};

/// Where the tools are.
#[derive(Debug)]
pub(crate) struct Tools {
    pub(crate) wasm_bindgen: PathBuf,
    pub(crate) worker_build: PathBuf,
}

/// Installs what the cache lacks; minutes the first time, nothing after.
pub(crate) fn ensure(house: &House) -> anyhow::Result<Tools> {
    thread::scope(|scope| {
        let bindgen = scope.spawn(|| install(house, &WASM_BINDGEN));
        let build = install(house, &WORKER_BUILD);
        Ok(Tools {
            wasm_bindgen: joined(bindgen)?,
            worker_build: build?,
        })
    })
}

struct Tool {
    /// The crate on the registry.
    krate: &'static str,
    /// The program that it installs.
    program: &'static str,
    version: &'static str,
}

/// Must be the version of the crate `wasm-bindgen` in Cargo.lock.
const WASM_BINDGEN: Tool = Tool {
    krate: "wasm-bindgen-cli",
    program: "wasm-bindgen",
    version: "0.2.129",
};

/// Must be the version of the crate `worker`.
const WORKER_BUILD: Tool = Tool {
    krate: "worker-build",
    program: "worker-build",
    version: "0.8.7",
};

fn install(house: &House, tool: &Tool) -> anyhow::Result<PathBuf> {
    let folder = house
        .tools
        .join(format!("{}-{}", tool.program, tool.version));
    let program = folder.join("bin").join(tool.program);
    if program.is_file() {
        return Ok(program);
    }
    let since = Instant::now();
    say::step(
        tool.program,
        &format!(
            "building version {} once for all clones, 2 to 4 minutes",
            tool.version
        ),
    );
    let partial = house.tools.join(format!(
        "{}-{}.{}",
        tool.program,
        tool.version,
        std::process::id()
    ));
    Run::new(house, tool.program, "cargo")
        .args(["install", "--locked", "--version", tool.version, "--root"])
        .args([&partial])
        .args([tool.krate])
        .env("CARGO_TARGET_DIR", partial.join("target"))
        .finish()?;
    fs::remove_dir_all(partial.join("target"))
        .context("the tool's build folder cannot be removed")?;
    // Another run may have won the race; its result is as good as ours.
    if fs::rename(&partial, &folder).is_err() && !program.is_file() {
        fs::remove_dir_all(&folder)?;
        fs::rename(&partial, &folder)?;
    }
    say::done(tool.program, "installed", since);
    Ok(program)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pinned_tools_match_the_locked_crates() {
        let lock = include_str!("../../../Cargo.lock");
        for (krate, tool) in [("wasm-bindgen", &WASM_BINDGEN), ("worker", &WORKER_BUILD)] {
            let entry = format!("name = \"{krate}\"\nversion = \"{}\"", tool.version);
            assert!(
                lock.contains(&entry),
                "Cargo.lock has another `{krate}` than {}",
                tool.version
            );
        }
    }
}
