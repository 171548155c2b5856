//! The portals: `npm run build` in `pages/`.

use std::{fs, time::Instant};

use crate::{house::House, run::Run, say, setup::npm, stamp::Stamp};

/// Builds `pages/dist` unless it is fresh.
pub(crate) fn build(house: &House) -> anyhow::Result<()> {
    let dist = house.path("pages/dist");
    if !house.path("pages/package.json").is_file() {
        // wrangler refuses to start without the folder.
        fs::create_dir_all(dist)?;
        return Ok(());
    }
    let stamp = Stamp::of(house, "pages", INPUTS, "")?;
    if stamp.is_fresh() && dist.join("index.html").is_file() {
        return Ok(());
    }
    let since = Instant::now();
    say::step("pages", "building the portals");
    Run::new(house, "pages", "npm")
        .args(["run", "build"])
        .folder(house.path("pages"))
        .env("PATH", npm::path_with_node(house)?)
        .finish()?;
    stamp.store()?;
    say::done("pages", "built", since);
    Ok(())
}

/// The API documents give the client its types; the documentation is served beside the portals.
const INPUTS: &[&str] = &["pages", "api", "docs"];
