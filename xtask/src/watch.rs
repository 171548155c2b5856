//! Noticing that sources changed, by asking the file system twice a second: no daemon, no limits of watchers.

use std::{path::PathBuf, time::SystemTime};

use crate::{house::House, stamp};

/// What the sources looked like when last asked.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Snapshot(Vec<(PathBuf, Option<SystemTime>)>);

impl Snapshot {
    /// Files that cannot be read are seen as changed when they can be.
    pub(crate) fn take(house: &House) -> Self {
        let files = SOURCES
            .iter()
            .flat_map(|source| stamp::files(&house.path(source)).unwrap_or_default());
        let seen = files.map(|file| {
            let changed = file.metadata().and_then(|found| found.modified()).ok();
            (file, changed)
        });
        Self(seen.collect())
    }
}

const SOURCES: &[&str] = &["workers", "crates", "api", "docs", "pages", "Cargo.toml"];
