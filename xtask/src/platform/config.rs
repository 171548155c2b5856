//! The committed wrangler configurations, fitted to one run: absolute paths, the run's origin, its secrets beside them.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context;
use toml::{Table, Value};

use super::{
    Site, private_folder,
    secrets::{Secrets, write_private},
};
use crate::house::House;

/// Writes the configuration of `worker` for a run at `site`.
pub(crate) fn write(
    house: &House,
    site: &Site,
    worker: &str,
    secrets: &Secrets,
) -> anyhow::Result<PathBuf> {
    let folder = site.state.join("config").join(worker);
    private_folder(&folder)?;
    let mut config = read(&house.config(worker))?;
    config.remove("env");
    point_at(&mut config, &copy_of(house, site, worker)?);
    set_origin(&mut config, &site.origin);
    let file = folder.join("wrangler.toml");
    fs::write(&file, toml::to_string(&config)?)?;
    if worker == "keys" {
        write_private(&folder.join(".dev.vars"), &secrets.lines())?;
    }
    Ok(file)
}

/// One of the committed configurations.
pub(crate) fn read(file: &Path) -> anyhow::Result<Table> {
    let text =
        fs::read_to_string(file).with_context(|| format!("`{}` cannot be read", file.display()))?;
    text.parse()
        .with_context(|| format!("`{}` is not TOML", file.display()))
}

/// What a Worker is served from: the folder of its module, and the folder of the pages.
#[derive(Debug)]
pub(crate) struct Output {
    pub(crate) module: PathBuf,
    pub(crate) pages: PathBuf,
}

impl Output {
    /// Where the builds leave it.
    pub(crate) fn of(house: &House, worker: &str) -> Self {
        Self {
            module: house.built(worker),
            pages: house.path("pages/dist"),
        }
    }
}

/// Makes a configuration's paths absolute, so that it may lie anywhere.
pub(crate) fn point_at(config: &mut Table, output: &Output) {
    let main = output.module.join("index.js");
    config.insert("main".to_owned(), text(&main));
    if let Some(assets) = config.get_mut("assets").and_then(Value::as_table_mut) {
        assets.insert("directory".to_owned(), text(&output.pages));
    }
}

/// A platform runs from a copy: wrangler looks at its files all the time, and must not see a build that is half done.
fn copy_of(house: &House, site: &Site, worker: &str) -> anyhow::Result<Output> {
    let built = Output::of(house, worker);
    let copy = Output {
        module: site.state.join("config").join(worker).join("module"),
        pages: site.state.join("pages"),
    };
    copy_folder(&built.module, &copy.module)?;
    if worker == "front" {
        copy_folder(&built.pages, &copy.pages)?;
    }
    Ok(copy)
}

/// Makes `to` the same as `from`.
fn copy_folder(from: &Path, to: &Path) -> anyhow::Result<()> {
    if to.exists() {
        fs::remove_dir_all(to)?;
    }
    fs::create_dir_all(to)?;
    let entries = fs::read_dir(from).with_context(|| format!("`{}` is missing", from.display()))?;
    for entry in entries {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

fn set_origin(config: &mut Table, origin: &str) {
    let Some(variables) = config.get_mut("vars").and_then(Value::as_table_mut) else {
        return;
    };
    for (name, value) in [
        ("ORIGIN", origin.to_owned()),
        ("ISSUER", format!("{origin}/oauth2/token")),
    ] {
        if variables.contains_key(name) {
            variables.insert(name.to_owned(), Value::String(value));
        }
    }
}

fn text(path: &Path) -> Value {
    Value::String(path.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests;
