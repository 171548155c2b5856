//! Brings what is missing on this machine, side by side where the parts allow it.

pub(crate) mod apt;
pub(crate) mod browser;
pub(crate) mod npm;
mod prerequisites;
pub(crate) mod python;
pub(crate) mod tools;
pub(crate) mod wasm;

use std::{path::PathBuf, thread};

use anyhow::anyhow;

use crate::house::House;

/// Everything that a build needs.
#[derive(Debug)]
pub(crate) struct Kit {
    pub(crate) wasm: wasm::Toolchain,
    /// The program that writes a Worker's JavaScript side.
    pub(crate) bind: PathBuf,
}

/// Makes this machine able to build and to run the platform.
pub(crate) fn ready(house: &House) -> anyhow::Result<Kit> {
    prerequisites::check(house)?;
    thread::scope(|scope| {
        let packages = scope.spawn(|| npm::ensure(house));
        let target = scope.spawn(|| wasm::ensure(house));
        let bind = tools::ensure(house);
        joined(packages)?;
        Ok(Kit {
            wasm: joined(target)?,
            bind: bind?,
        })
    })
}

/// The result of a step that ran beside others.
pub(crate) fn joined<T>(
    step: thread::ScopedJoinHandle<'_, anyhow::Result<T>>,
) -> anyhow::Result<T> {
    step.join().unwrap_or_else(|_| {
        Err(anyhow!(
            "a step of xtask crashed; the lines above say where"
        ))
    })
}
