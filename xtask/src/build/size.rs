//! The size budget: what a Worker weighs as it is uploaded.

use std::{fs, io::Write};

use anyhow::{Context, bail};
use flate2::{Compression, write::GzEncoder};

use super::workers::WASM;
use crate::{
    house::{House, WORKERS},
    say,
};

/// Prints each Worker's size and refuses one above its budget.
pub(crate) fn check(house: &House) -> anyhow::Result<()> {
    let mut heavy = Vec::new();
    for worker in WORKERS {
        let (size, budget) = (gzip_kib(house, worker)?, budget_kib(worker));
        say::step(
            "size",
            &format!("{worker:<11} {size:>5} KiB gzip of {budget} KiB"),
        );
        if size > budget {
            heavy.push(*worker);
        }
    }
    if !heavy.is_empty() {
        bail!(
            "above the size budget: `{}`; look for a new dependency with `cargo tree`",
            heavy.join("`, `")
        );
    }
    Ok(())
}

/// What a Worker's Wasm weighs as it is uploaded, in KiB.
pub(crate) fn gzip_kib(house: &House, worker: &str) -> anyhow::Result<usize> {
    let file = house.built(worker).join(WASM);
    let bytes = fs::read(&file).with_context(|| format!("`{}` cannot be read", file.display()))?;
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(&bytes)?;
    Ok(encoder.finish()?.len().div_ceil(1024))
}

/// The gateway starts in every place of the world, so it is held tighter; the rest stays within the smallest plan.
fn budget_kib(worker: &str) -> usize {
    if worker == "gateway" { 700 } else { 3 * 1024 }
}
