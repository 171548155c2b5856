//! What a Worker is made of: its own folder, and those of our crates that it depends on, directly or not.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use toml::Value;

use crate::{house::House, platform::config};

/// The folders and files, relative to the root, whose change means that `worker` must be built again.
pub(super) fn of(house: &House, worker: &str) -> anyhow::Result<BTreeSet<String>> {
    let mut found = BTreeSet::from(SHARED.map(str::to_owned));
    add(house, &format!("workers/{worker}"), &mut found)?;
    Ok(found)
}

fn add(house: &House, folder: &str, found: &mut BTreeSet<String>) -> anyhow::Result<()> {
    if !found.insert(folder.to_owned()) {
        return Ok(());
    }
    let manifest = config::read(&house.path(folder).join("Cargo.toml"))?;
    let dependencies = manifest.get("dependencies").and_then(Value::as_table);
    for name in dependencies.into_iter().flat_map(toml::Table::keys) {
        if let Some(ours) = ours(house, name) {
            add(house, &ours, found)?;
        }
    }
    Ok(())
}

/// The folder of a crate, when it is one of ours.
fn ours(house: &House, name: &str) -> Option<String> {
    let folders = ["crates", "workers"].map(|parent| PathBuf::from(parent).join(name));
    let mut ours = folders
        .iter()
        .filter(|folder| is_crate(&house.root.join(folder)));
    ours.next()
        .map(|folder| folder.to_string_lossy().into_owned())
}

fn is_crate(folder: &Path) -> bool {
    folder.join("Cargo.toml").is_file()
}

/// What every Worker depends on.
const SHARED: [&str; 3] = ["Cargo.lock", "Cargo.toml", "api/migrations"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_worker_is_made_of_its_crates_crates() -> anyhow::Result<()> {
        let inputs = of(&House::find()?, "gateway")?;
        for expected in [
            "workers/gateway",
            "workers/runtime",
            "crates/pipeline",
            "crates/matching",
        ] {
            assert!(inputs.contains(expected), "{expected} in {inputs:?}");
        }
        assert!(!inputs.contains("crates/openapi"), "{inputs:?}");
        Ok(())
    }
}
