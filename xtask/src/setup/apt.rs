//! Debian packages, for the few things that neither cargo nor npm can bring.

use std::{path::Path, time::Duration};

use anyhow::{Context, bail};

use crate::{house::House, run::Run, say};

/// Installs packages, with a fresh package list when the old one does not do.
pub(crate) fn install(house: &House, step: &str, packages: &[&str]) -> anyhow::Result<()> {
    let by_hand = format!("`sudo apt-get install -y {}`", packages.join(" "));
    if !Path::new("/usr/bin/apt-get").exists() {
        bail!(
            "`{}` is missing and there is no apt-get here; install it yourself, on Debian by {by_hand}",
            packages.join(" ")
        );
    }
    say::step(
        step,
        &format!("installing {} by apt-get", packages.join(" ")),
    );
    let first = apt(house, step, &["install"], packages);
    if first.is_ok() {
        return Ok(());
    }
    apt(house, step, &["update"], &[])
        .and_then(|()| apt(house, step, &["install"], packages))
        .with_context(|| format!("apt-get could not; try {by_hand}"))
}

fn apt(house: &House, step: &str, verb: &[&str], packages: &[&str]) -> anyhow::Result<()> {
    let quiet = ["-qq", "-y", "--no-install-recommends"];
    let run = if rustix::process::geteuid().is_root() {
        Run::new(house, step, "apt-get")
    } else {
        Run::new(house, step, "sudo").args(["-n", "apt-get"])
    };
    run.args(verb)
        .args(if packages.is_empty() {
            &quiet[..1]
        } else {
            &quiet
        })
        .args(packages)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .at_most(Duration::from_secs(15 * 60))
        .finish()
}
