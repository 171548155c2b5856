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
    make_absolute(house, worker, &mut config);
    set_origin(&mut config, &site.origin);
    let file = folder.join("wrangler.toml");
    write_when_new(&file, &toml::to_string(&config)?)?;
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

/// Paths in a configuration are relative to it; the copy lies elsewhere.
pub(crate) fn make_absolute(house: &House, worker: &str, config: &mut Table) {
    let main = house.built(worker).join("index.js");
    config.insert("main".to_owned(), text(&main));
    if let Some(assets) = config.get_mut("assets").and_then(Value::as_table_mut) {
        assets.insert("directory".to_owned(), text(&house.path("pages/dist")));
    }
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

/// A file that is written anew makes wrangler start over.
fn write_when_new(file: &Path, text: &str) -> anyhow::Result<()> {
    if fs::read_to_string(file).is_ok_and(|old| old == text) {
        return Ok(());
    }
    Ok(fs::write(file, text)?)
}

#[cfg(test)]
mod tests;
