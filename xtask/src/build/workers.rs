//! The Workers: one cargo build for all of them, then `worker-build` for each, which binds, shrinks and bundles.

use std::{fs, thread, time::Instant};

use anyhow::Context;

use super::{bundle, inputs};
use crate::{
    house::{House, WORKERS},
    run::Run,
    say,
    setup::{Kit, joined, npm, wasm},
    stamp::Stamp,
};

/// Builds the Workers whose inputs changed; tells whether there were any.
pub(crate) fn build(house: &House, kit: &Kit) -> anyhow::Result<bool> {
    let stale = stale(house, kit)?;
    if stale.is_empty() {
        return Ok(false);
    }
    let since = Instant::now();
    let names: Vec<&str> = stale.iter().map(|(worker, _)| *worker).collect();
    say::step("workers", &format!("compiling {}", names.join(", ")));
    compile(house, kit)?;
    say::done("workers", "compiled", since);
    thread::scope(|scope| {
        let steps: Vec<_> = stale
            .iter()
            .map(|(worker, stamp)| scope.spawn(|| finish(house, kit, worker, stamp)))
            .collect();
        steps.into_iter().try_for_each(joined)
    })?;
    say::done("workers", "built", since);
    Ok(true)
}

/// Are all Workers built from what the sources are now?
fn stale<'a>(house: &House, kit: &Kit) -> anyhow::Result<Vec<(&'a str, Stamp)>> {
    let mut found = Vec::new();
    for worker in WORKERS {
        let inputs = inputs::of(house, worker)?;
        let inputs: Vec<&str> = inputs.iter().map(String::as_str).collect();
        let salt = format!("{:?}{:?}", kit.wasm.envs.first(), kit.tools);
        let stamp = Stamp::of(house, worker, &inputs, &salt)?;
        if !stamp.is_fresh() || !house.built(worker).join(WASM).is_file() {
            found.push((*worker, stamp));
        }
    }
    Ok(found)
}

/// All in one, so that cargo fills both the cores and the gaps that each Worker's link leaves.
fn compile(house: &House, kit: &Kit) -> anyhow::Result<()> {
    Run::new(house, "workers", "cargo")
        .args(["build", "--lib", "--release", "--target", wasm::TARGET])
        .args(packages())
        .envs(&kit.wasm.envs)
        // worker-build sets it, and cargo would compile everything again if we did not.
        .env("WASM_BINDGEN_USE_JS_SYS", "1")
        .finish()
}

/// All of them, each time: named together they share their dependencies' features, so that a Worker is the same whether
/// it is built alone or with the others, and nothing is compiled twice.
fn packages() -> impl Iterator<Item = &'static str> {
    WORKERS.iter().flat_map(|worker| ["-p", *worker])
}

fn finish(house: &House, kit: &Kit, worker: &str, stamp: &Stamp) -> anyhow::Result<()> {
    let built = if bundle::has_entry(house, worker) {
        bundle::finish(house, kit, worker)
    } else {
        by_worker_build(house, kit, worker)
    };
    built.with_context(|| format!("the Worker `{worker}` cannot be built"))?;
    fs::metadata(house.built(worker).join(WASM))
        .with_context(|| format!("`{worker}` has no {WASM}"))?;
    stamp.store()
}

fn by_worker_build(house: &House, kit: &Kit, worker: &str) -> anyhow::Result<()> {
    Run::new(house, worker, &kit.tools.worker_build)
        .args(["--release"])
        .args([house.path("workers").join(worker)])
        .args(["--"])
        .args(packages())
        .envs(&kit.wasm.envs)
        .env("WASM_BINDGEN_BIN", &kit.tools.wasm_bindgen)
        .env("WASM_OPT_BIN", npm::program(house, "wasm-opt"))
        .env("ESBUILD_BIN", npm::program(house, "esbuild"))
        // Without it, a client that goes away leaves its request's memory behind for ever.
        .env("RUN_TO_COMPLETION", "1")
        .finish()
}

/// What worker-build calls the module.
pub(crate) const WASM: &str = "index_bg.wasm";
