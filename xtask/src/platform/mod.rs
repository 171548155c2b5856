//! A running platform: on wrangler's local runtime, or on stock workerd.

pub(crate) mod config;
pub(crate) mod http;
pub(crate) mod port;
pub(crate) mod secrets;
mod welcome;
pub(crate) mod workerd;
pub(crate) mod wrangler;

use std::{
    fs::{self, File},
    io::{BufRead, BufReader, Read, Write},
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, bail};

use crate::{child::Group, run};
pub(crate) use welcome::{Administrator, welcome};

/// Where a platform runs, and where it keeps what it knows.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    pub(crate) port: u16,
    /// State, secrets, configuration and log.
    pub(crate) state: PathBuf,
    /// What its clients call it by, without a slash at the end.
    pub(crate) origin: String,
}

impl Site {
    /// A platform for this machine only.
    pub(crate) fn local(port: u16, state: PathBuf) -> Self {
        Self {
            port,
            state,
            origin: format!("http://localhost:{port}"),
        }
    }

    pub(crate) fn log(&self) -> PathBuf {
        self.state.join("platform.log")
    }
}

/// A platform that answers; it ends when this is dropped.
#[derive(Debug)]
pub(crate) struct Platform {
    pub(crate) site: Site,
    pub(crate) secrets: secrets::Secrets,
    group: Group,
}

impl Platform {
    /// The runtime's process id.
    pub(crate) fn id(&self) -> u32 {
        self.group.id()
    }

    /// Fails when the runtime ended by itself.
    pub(crate) fn check(&mut self) -> anyhow::Result<()> {
        match self.group.ended()? {
            Some(status) => bail!(
                "the platform ended ({status}); its last words:\n{}",
                run::tail(&self.site.log())
            ),
            None => Ok(()),
        }
    }

    /// Runs until the runtime ends, which it does not do by itself.
    pub(crate) fn wait(&mut self) -> anyhow::Result<()> {
        let status = self.group.wait()?;
        bail!(
            "the platform ended ({status}); its last words:\n{}",
            run::tail(&self.site.log())
        )
    }

    /// Waits until the port answers HTTP.
    fn wait_until_it_answers(&mut self) -> anyhow::Result<()> {
        let deadline = Instant::now() + Duration::from_secs(60);
        let probe = format!("http://127.0.0.1:{}/robots.txt", self.site.port);
        while http::status(&probe).is_none() {
            self.check()?;
            if Instant::now() > deadline {
                bail!(
                    "the platform does not answer after 60 s; its last words:\n{}",
                    run::tail(&self.site.log())
                );
            }
            thread::sleep(Duration::from_millis(100));
        }
        Ok(())
    }
}

/// Copies what the runtime says into the log; errors are shown, too.
fn follow(group: &mut Group, log: &Path) -> anyhow::Result<()> {
    let file = File::options().create(true).append(true).open(log);
    let file = file.with_context(|| format!("`{}` cannot be written", log.display()))?;
    if let Some((out, errors)) = group.output() {
        let copy = file.try_clone()?;
        thread::spawn(move || copy_lines(out, file));
        thread::spawn(move || copy_lines(errors, copy));
    }
    Ok(())
}

fn copy_lines(from: impl Read, mut to: File) {
    for line in BufReader::new(from).split(b'\n').map_while(Result::ok) {
        let text = String::from_utf8_lossy(&line);
        // A full disk must not end the platform; the lines are lost, the user still sees the errors.
        let _full = writeln!(to, "{text}");
        if text.contains("[ERROR]") {
            crate::say::step("platform", text.trim());
        }
    }
}

/// Makes a folder that only this user can read.
fn private_folder(folder: &Path) -> anyhow::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    let made = fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder);
    made.with_context(|| format!("`{}` cannot be made", folder.display()))
}
