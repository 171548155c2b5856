//! Running a program to its end, with what it says in a log file that is shown when it fails.

use std::{
    ffi::OsStr,
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Command, ExitStatus, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, bail};

use crate::{child::Group, house::House, say};

/// A program about to run in the repository's root.
#[derive(Debug)]
pub(crate) struct Run {
    name: String,
    command: Command,
    log: PathBuf,
    limit: Duration,
}

impl Run {
    /// `name` names the step to the user and the log file.
    pub(crate) fn new(house: &House, name: &str, program: impl AsRef<OsStr>) -> Self {
        let mut command = Command::new(program);
        command.current_dir(&house.root).stdin(Stdio::null());
        Self {
            name: name.to_owned(),
            command,
            log: house.scratch().join("logs").join(format!("{name}.log")),
            limit: Duration::from_secs(45 * 60),
        }
    }

    pub(crate) fn args<I: IntoIterator<Item = S>, S: AsRef<OsStr>>(mut self, args: I) -> Self {
        self.command.args(args);
        self
    }

    pub(crate) fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.command.arg(arg);
        self
    }

    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    pub(crate) fn envs(mut self, pairs: &[(String, String)]) -> Self {
        self.command
            .envs(pairs.iter().map(|(name, value)| (name, value)));
        self
    }

    pub(crate) fn folder(mut self, folder: impl AsRef<Path>) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// One of several of its step: a log of its own, in the step's folder.
    pub(crate) fn part(mut self, part: &str) -> Self {
        self.log = self.log.with_extension("").join(format!("{part}.log"));
        self
    }

    pub(crate) fn at_most(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Runs it; a bad end shows the end of its log.
    pub(crate) fn finish(self) -> anyhow::Result<()> {
        let log = self.log.clone();
        let name = self.name.clone();
        match self.status()? {
            Some(status) if status.success() => Ok(()),
            Some(status) => bail!(
                "{name} failed ({status}); its last words:\n{}\nall of them: {}",
                tail(&log),
                log.display()
            ),
            None => bail!(
                "{name} took too long and was ended; its last words:\n{}\nall of them: {}",
                tail(&log),
                log.display()
            ),
        }
    }

    /// Runs it and tells how it ended; `None` when it took longer than its limit.
    pub(crate) fn status(mut self) -> anyhow::Result<Option<ExitStatus>> {
        let file = self.open_log()?;
        self.command.stderr(file.try_clone()?).stdout(file);
        let mut group = Group::start(&self.name, &mut self.command)?;
        let deadline = Instant::now() + self.limit;
        loop {
            let step =
                Duration::from_secs(20).min(deadline.saturating_duration_since(Instant::now()));
            if step.is_zero() {
                return Ok(None);
            }
            if let Some(status) = group.wait_at_most(step)? {
                return Ok(Some(status));
            }
            if let Some(last) = last_line(&self.log) {
                say::step(&self.name, &format!("… {last}"));
            }
        }
    }

    pub(crate) fn log(&self) -> &Path {
        &self.log
    }

    fn open_log(&self) -> anyhow::Result<File> {
        if let Some(folder) = self.log.parent() {
            fs::create_dir_all(folder)?;
        }
        File::create(&self.log)
            .with_context(|| format!("`{}` cannot be written", self.log.display()))
    }
}

/// The last lines of a log.
pub(crate) fn tail(log: &Path) -> String {
    let text = fs::read(log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let text = text.unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    let from = lines.len().saturating_sub(TAIL_LINES);
    lines.get(from..).unwrap_or_default().join("\n")
}

fn last_line(log: &Path) -> Option<String> {
    let text = tail(log);
    let last = text.lines().rev().find(|line| !line.trim().is_empty())?;
    let last = last.trim().trim_start_matches("[INFO]: ");
    // Waiting for another cargo is no progress.
    (!last.starts_with("Blocking")).then(|| last.chars().take(100).collect())
}

const TAIL_LINES: usize = 60;
