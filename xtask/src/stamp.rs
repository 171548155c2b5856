//! Remembering what was built from what, so that a step whose inputs did not change is skipped.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::Context;
use sha2::{Digest, Sha256};

use crate::house::House;

/// The state of a step's inputs.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    file: PathBuf,
    hash: String,
}

impl Stamp {
    /// Reads all files at or below `inputs` (relative to the root); `salt` is whatever else decides the result.
    pub(crate) fn of(
        house: &House,
        name: &str,
        inputs: &[&str],
        salt: &str,
    ) -> anyhow::Result<Self> {
        let mut digest = Sha256::new();
        digest.update(salt);
        for input in inputs {
            add(&mut digest, house, &house.path(input))
                .with_context(|| format!("`{input}` cannot be read"))?;
        }
        let hash = digest
            .finalize()
            .into_iter()
            .map(|byte| format!("{byte:02x}"));
        Ok(Self {
            file: house.scratch().join("stamps").join(name),
            hash: hash.collect(),
        })
    }

    /// Did the step succeed with these very inputs?
    pub(crate) fn is_fresh(&self) -> bool {
        fs::read_to_string(&self.file).is_ok_and(|stored| stored == self.hash)
    }

    /// The step succeeded.
    pub(crate) fn store(&self) -> anyhow::Result<()> {
        if let Some(folder) = self.file.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&self.file, &self.hash)?;
        Ok(())
    }
}

/// All files at or below `path`, in a fixed order, without what builds leave behind.
pub(crate) fn files(path: &Path) -> io::Result<Vec<PathBuf>> {
    if !path.is_dir() {
        return Ok(path
            .is_file()
            .then(|| path.to_path_buf())
            .into_iter()
            .collect());
    }
    let mut entries: Vec<PathBuf> = fs::read_dir(path)?
        .map(|entry| entry.map(|found| found.path()))
        .collect::<Result<_, _>>()?;
    entries.retain(|entry| !is_output(entry));
    entries.sort();
    let mut found = Vec::new();
    for entry in entries {
        found.extend(files(&entry)?);
    }
    Ok(found)
}

fn add(digest: &mut Sha256, house: &House, path: &Path) -> io::Result<()> {
    for file in files(path)? {
        let bytes = fs::read(&file)?;
        // Not where the clone lies: builds may be carried from one to another.
        let name = file.strip_prefix(&house.root).unwrap_or(&file);
        digest.update(name.as_os_str().as_encoded_bytes());
        digest.update(bytes.len().to_le_bytes());
        digest.update(bytes);
    }
    Ok(())
}

/// A package's output folders; a folder of sources may well be called `build` too.
fn is_output(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default();
    let in_package = || {
        MANIFESTS
            .iter()
            .any(|manifest| path.with_file_name(manifest).is_file())
    };
    ALWAYS.iter().any(|output| name == *output)
        || (OF_PACKAGES.iter().any(|output| name == *output) && in_package())
}

const ALWAYS: &[&str] = &["node_modules", "target", ".git", ".dev.vars", ".wrangler"];
const OF_PACKAGES: &[&str] = &["build", "dist"];
const MANIFESTS: &[&str] = &["Cargo.toml", "package.json"];
