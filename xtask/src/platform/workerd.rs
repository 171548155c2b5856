//! Stock workerd with `deploy/postern.capnp`: one process, no Node, state on local disk.

use std::{
    net::IpAddr,
    path::{Path, PathBuf},
    process::Command,
};

use super::{Platform, Site, follow, private_folder, secrets::Secrets};
use crate::{child::Group, house::House, setup::npm};

/// A run that differs from the committed configuration.
#[derive(Debug)]
pub(crate) struct Variation {
    /// The configuration in its place; in a folder directly below the repository's root.
    pub(crate) config: PathBuf,
    /// More arguments for workerd.
    pub(crate) arguments: Vec<String>,
}

/// Starts the platform and waits until it answers.
pub(crate) fn start(house: &House, site: Site, address: IpAddr) -> anyhow::Result<Platform> {
    let config = house.path("deploy/postern.capnp");
    let arguments = Vec::new();
    start_as(house, site, address, &Variation { config, arguments })
}

/// As [`start`], with a variation.
pub(crate) fn start_as(
    house: &House,
    site: Site,
    address: IpAddr,
    variation: &Variation,
) -> anyhow::Result<Platform> {
    let secrets = Secrets::of(&site.state)?;
    for (_, folder) in DISKS {
        private_folder(&site.state.join(folder))?;
    }
    let mut group = {
        let mut command = command(house, &site, address, &secrets, &variation.config)?;
        command.args(&variation.arguments);
        Group::start_guarded("workerd", &command)?
    };
    follow(&mut group, &site.log())?;
    let mut platform = Platform {
        site,
        secrets,
        group,
    };
    platform.wait_until_it_answers()?;
    Ok(platform)
}

fn command(
    house: &House,
    site: &Site,
    address: IpAddr,
    secrets: &Secrets,
    config: &Path,
) -> anyhow::Result<Command> {
    let mut command = Command::new(npm::workerd(house)?);
    command
        // Where the configuration lies: workerd takes the folder of the assets from here.
        .current_dir(house.path("deploy"))
        // Disks, assets and the bundled services are what workerd calls experimental; its version is pinned.
        .args(["serve", "--experimental"])
        .arg(config)
        .arg(format!(
            "--socket-addr=http={}",
            std::net::SocketAddr::new(address, site.port)
        ));
    for (disk, folder) in DISKS {
        command.arg(format!(
            "--directory-path={disk}={}",
            site.state.join(folder).display()
        ));
    }
    command.envs(secrets.pairs()).envs([
        ("POSTERN_ORIGIN", site.origin.clone()),
        ("POSTERN_ISSUER", format!("{}/oauth2/token", site.origin)),
    ]);
    Ok(command)
}

/// The disks of `deploy/postern.capnp`, and their folders below the state folder.
const DISKS: &[(&str, &str)] = &[
    ("objects-disk", "objects"),
    ("system-disk", "system"),
    ("blobs-disk", "blobs"),
];
