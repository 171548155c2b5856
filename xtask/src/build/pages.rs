//! The portals: `npm run build` in `pages/`.

use std::time::Instant;

use crate::{house::House, run::Run, say, setup::npm, stamp::Stamp};

/// Builds `pages/dist` unless it is fresh; tells whether it did.
pub(crate) fn build(house: &House) -> anyhow::Result<bool> {
    let dist = house.path("pages/dist");
    let stamp = Stamp::of(house, "pages", INPUTS, "")?;
    if stamp.is_fresh() && dist.join("index.html").is_file() {
        return Ok(false);
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
    Ok(true)
}

/// The API documents give the client its types; the documentation is served beside the portals.
const INPUTS: &[&str] = &["pages", "api", "docs"];
