//! The Workers as Wasm and the pages as static files.

mod bundle;
mod inputs;
mod pages;
pub(crate) mod size;
mod workers;

use std::{thread, time::Instant};

use crate::{
    house::House,
    say,
    setup::{self, Kit, joined},
};

pub(crate) use workers::Care;

/// `cargo xtask build`.
pub(crate) fn run(house: &House) -> anyhow::Result<()> {
    let since = Instant::now();
    let kit = setup::ready(house)?;
    all(house, &kit, Care::Shipped)?;
    size::check(house)?;
    say::done("build", "Workers and pages are built", since);
    Ok(())
}

/// Builds what is not fresh, pages beside Workers; tells whether there was anything.
pub(crate) fn all(house: &House, kit: &Kit, care: Care) -> anyhow::Result<bool> {
    thread::scope(|scope| {
        let pages = scope.spawn(|| pages::build(house));
        let workers = workers::build(house, kit, care);
        let pages = joined(pages)?;
        Ok(workers? || pages)
    })
}

/// Builds the Workers and holds them to their size.
pub(crate) fn wasm(house: &House, kit: &Kit) -> anyhow::Result<()> {
    workers::build(house, kit, Care::Shipped)?;
    size::check(house)
}
