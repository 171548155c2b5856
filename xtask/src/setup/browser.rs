//! The browser that walks the portals in tests.

use std::path::{Path, PathBuf};

use anyhow::Context;

use super::apt;
use crate::house::House;

/// A Chromium on this machine, installed when there is none.
pub(crate) fn ensure(house: &House) -> anyhow::Result<PathBuf> {
    if let Some(found) = find() {
        return Ok(found);
    }
    apt::install(house, "browser", &["chromium"])?;
    find().context("`chromium` was installed, but is not where it was expected")
}

fn find() -> Option<PathBuf> {
    let named = std::env::var_os("POSTERN_CHROMIUM").map(PathBuf::from);
    let known = PLACES.iter().map(PathBuf::from);
    named
        .into_iter()
        .chain(known)
        .find(|place| Path::is_file(place))
}

const PLACES: &[&str] = &[
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
    "/usr/bin/google-chrome-stable",
];
