//! The Workers: one cargo build for all of them, then each is bound, shrunk and bundled.

use std::{thread, time::Instant};

use anyhow::Context;

use super::{bundle, inputs};
use crate::{
    house::{House, WORKERS},
    run::Run,
    say,
    setup::{Kit, joined, wasm},
    stamp::Stamp,
};

/// How a Worker is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Care {
    /// As it is deployed: optimized as a whole, and shrunk.
    Shipped,
    /// In half the time, for whoever wants to see it run. What is there as it is shipped will do as well.
    Quick,
}

impl Care {
    /// The profile in Cargo.toml, which is also the name of cargo's folder.
    pub(super) fn profile(self) -> &'static str {
        match self {
            Self::Shipped => "release",
            Self::Quick => "local",
        }
    }
}

/// Builds the Workers whose inputs changed; tells whether there were any.
pub(crate) fn build(house: &House, kit: &Kit, care: Care) -> anyhow::Result<bool> {
    let stale = stale(house, kit, care)?;
    if stale.is_empty() {
        return Ok(false);
    }
    let since = Instant::now();
    let names: Vec<&str> = stale.iter().map(|(worker, _)| *worker).collect();
    say::step("workers", &format!("compiling {}", names.join(", ")));
    compile(house, kit, care)?;
    say::done("workers", "compiled", since);
    thread::scope(|scope| {
        let steps: Vec<_> = stale
            .iter()
            .map(|(worker, stamp)| scope.spawn(|| finish(house, kit, worker, care, stamp)))
            .collect();
        steps.into_iter().try_for_each(joined)
    })?;
    say::done("workers", "built", since);
    Ok(true)
}

/// The Workers that are not built from what the sources are now, each with the stamp that it will get.
fn stale<'a>(house: &House, kit: &Kit, care: Care) -> anyhow::Result<Vec<(&'a str, Stamp)>> {
    let mut found = Vec::new();
    for worker in WORKERS {
        let wanted = stamp(house, kit, worker, care)?;
        let will_do = wanted.is_fresh()
            || (care == Care::Quick && stamp(house, kit, worker, Care::Shipped)?.is_fresh());
        if !will_do || !house.built(worker).join(WASM).is_file() {
            found.push((*worker, wanted));
        }
    }
    Ok(found)
}

fn stamp(house: &House, kit: &Kit, worker: &str, care: Care) -> anyhow::Result<Stamp> {
    let inputs = inputs::of(house, worker)?;
    let inputs: Vec<&str> = inputs.iter().map(String::as_str).collect();
    let salt = format!("{:?}{:?}{care:?}", kit.wasm.envs.first(), kit.bind);
    Stamp::of(house, worker, &inputs, &salt)
}

/// All in one, so that cargo fills both the cores and the gaps that each Worker's link leaves.
fn compile(house: &House, kit: &Kit, care: Care) -> anyhow::Result<()> {
    Run::new(house, "workers", "cargo")
        .args(["build", "--lib", "--target", wasm::TARGET])
        .args(["--profile", care.profile()])
        .args(packages())
        .envs(&kit.wasm.envs)
        // Asynchronous exports go through js-sys, as the crate `worker` expects; a check with another value compiles anew.
        .env("WASM_BINDGEN_USE_JS_SYS", "1")
        .finish()
}

/// All of them, each time: named together they share their dependencies' features, so that a Worker is the same whether
/// it is built alone or with the others, and nothing is compiled twice.
fn packages() -> impl Iterator<Item = &'static str> {
    WORKERS.iter().flat_map(|worker| ["-p", *worker])
}

fn finish(house: &House, kit: &Kit, worker: &str, care: Care, stamp: &Stamp) -> anyhow::Result<()> {
    bundle::finish(house, kit, worker, care)
        .with_context(|| format!("the Worker `{worker}` cannot be built"))?;
    stamp.store()
}

/// What the module is called.
pub(crate) const WASM: &str = "index_bg.wasm";
