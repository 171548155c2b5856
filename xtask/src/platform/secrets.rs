//! The secrets of a local platform: made on its first run, kept in its git-ignored folder, readable by this user only.

use std::{
    fs::{self, OpenOptions},
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use anyhow::{Context, anyhow};
use base64::{Engine, engine::general_purpose::STANDARD};

use super::private_folder;

/// What the Key Manager must know and nobody else may.
#[derive(Clone)]
pub(crate) struct Secrets {
    /// Encrypts the signing keys: 32 bytes, base64.
    pub(crate) key_encryption_key: String,
    /// The one before it, while what it sealed is sealed anew.
    pub(crate) previous_key: Option<String>,
    /// Lets us call `/setup`.
    pub(crate) setup_token: String,
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Secrets(…)")
    }
}

impl Secrets {
    /// Fresh ones.
    pub(crate) fn draw() -> anyhow::Result<Self> {
        Ok(Self {
            key_encryption_key: random()?,
            previous_key: None,
            setup_token: random()?,
        })
    }

    /// The file's, or fresh ones that are then the file's.
    pub(crate) fn of(state: &Path) -> anyhow::Result<Self> {
        private_folder(state)?;
        let file = state.join("secrets.env");
        if let Ok(text) = fs::read_to_string(&file) {
            return read(&text).with_context(|| {
                format!(
                    "`{}` is damaged; restore it, or delete the folder to start over",
                    file.display()
                )
            });
        }
        let secrets = Self::draw()?;
        write_private(&file, &secrets.lines())?;
        Ok(secrets)
    }

    /// As `NAME=value` lines, the form that wrangler reads as `.dev.vars`.
    pub(crate) fn lines(&self) -> String {
        let pairs = self.pairs().into_iter();
        pairs
            .map(|(name, value)| format!("{name}={value}\n"))
            .collect()
    }

    /// As an environment.
    pub(crate) fn pairs(&self) -> Vec<(&'static str, &str)> {
        let always = [
            (KEK, self.key_encryption_key.as_str()),
            (TOKEN, &self.setup_token),
        ];
        let previous = self.previous_key.as_deref();
        always
            .into_iter()
            .chain(previous.map(|key| (PREVIOUS_KEK, key)))
            .collect()
    }
}

/// Writes a file that only this user can read.
pub(crate) fn write_private(file: &Path, text: &str) -> anyhow::Result<()> {
    let opened = OpenOptions::new()
        .create(true)
        .truncate(true)
        .write(true)
        .mode(0o600)
        .open(file);
    let mut opened = opened.with_context(|| format!("`{}` cannot be written", file.display()))?;
    opened.write_all(text.as_bytes())?;
    Ok(opened.sync_all()?)
}

fn read(text: &str) -> anyhow::Result<Secrets> {
    let value = |name: &str| {
        let mut found = text.lines().filter_map(|line| line.split_once('='));
        let value = found
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value.to_owned());
        value.with_context(|| format!("`{name}` is missing"))
    };
    Ok(Secrets {
        key_encryption_key: value(KEK)?,
        previous_key: value(PREVIOUS_KEK).ok().filter(|key| !key.is_empty()),
        setup_token: value(TOKEN)?,
    })
}

fn random() -> anyhow::Result<String> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes)
        .map_err(|error| anyhow!("this machine gives no randomness: {error}"))?;
    Ok(STANDARD.encode(bytes))
}

const KEK: &str = "POSTERN_KEK";
const PREVIOUS_KEK: &str = "POSTERN_KEK_PREVIOUS";
const TOKEN: &str = "POSTERN_SETUP_TOKEN";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_survive_being_written_and_read() -> anyhow::Result<()> {
        let mut drawn = Secrets::draw()?;
        for previous in [None, Some("old=".to_owned())] {
            drawn.previous_key = previous;
            assert_eq!(read(&drawn.lines())?.pairs(), drawn.pairs());
        }
        assert_ne!(drawn.key_encryption_key, drawn.setup_token);
        Ok(())
    }
}
