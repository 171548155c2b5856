//! Where everything is.

use std::{
    env,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};

/// The repository on this machine, and this user's cache.
#[derive(Debug)]
pub(crate) struct House {
    pub(crate) root: PathBuf,
    /// Tools that cost minutes to build, keyed by version, shared by all clones.
    pub(crate) tools: PathBuf,
}

/// The Workers, those that others depend on first: the order of `deploy`.
pub(crate) const WORKERS: &[&str] = &[
    "traffic",
    "analytics",
    "keys",
    "portal-api",
    "shaper",
    "gateway",
    "front",
];

impl House {
    /// The repository is the one that this tool was built from, or the one around the current folder.
    pub(crate) fn find() -> anyhow::Result<Self> {
        let manifest = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
        let root = match manifest.as_deref().and_then(Path::parent) {
            Some(root) => root.to_path_buf(),
            None => around(&env::current_dir()?)?,
        };
        Ok(Self {
            root,
            tools: cache()?.join("postern/tools"),
        })
    }

    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    /// Logs, stamps and throw-away platforms.
    pub(crate) fn scratch(&self) -> PathBuf {
        self.path("target/xtask")
    }

    /// State and secrets of the local platform; git-ignored.
    pub(crate) fn state(&self) -> PathBuf {
        self.path(".postern")
    }

    /// The Node that wrangler needs, whatever Node this machine has.
    pub(crate) fn node(&self) -> PathBuf {
        self.path("node_modules/node/bin/node")
    }

    /// The configuration of a Worker: the front's is at the root, because it is the one to start from.
    pub(crate) fn config(&self, worker: &str) -> PathBuf {
        match worker {
            "front" => self.path("wrangler.toml"),
            other => self.path("workers").join(other).join("wrangler.toml"),
        }
    }

    /// What a Worker is built into.
    pub(crate) fn built(&self, worker: &str) -> PathBuf {
        self.path("workers").join(worker).join("build")
    }
}

fn around(start: &Path) -> anyhow::Result<PathBuf> {
    let found = start
        .ancestors()
        .find(|folder| folder.join("xtask/Cargo.toml").is_file());
    match found {
        Some(root) => Ok(root.to_path_buf()),
        None => bail!("`{}` is not in a clone of the repository", start.display()),
    }
}

fn cache() -> anyhow::Result<PathBuf> {
    if let Some(folder) = env::var_os("XDG_CACHE_HOME").filter(|folder| !folder.is_empty()) {
        return Ok(PathBuf::from(folder));
    }
    let home = env::var_os("HOME").context("`HOME` is not set; set it, or set `XDG_CACHE_HOME`")?;
    Ok(PathBuf::from(home).join(".cache"))
}
