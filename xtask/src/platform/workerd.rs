//! Stock workerd with `deploy/postern.capnp`: one process, no Node, state on local disk. Or with `deploy/shared.capnp`, for
//! gateways that run in processes of their own beside it.

use std::{
    env, fs,
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
    process::Command,
};

use rustix::process::{Resource, getrlimit};

use super::{Platform, Site, follow, private_folder, secrets::Secrets};
use crate::{child::Group, house::House, setup::npm};

/// A run that differs from the committed configuration.
#[derive(Debug)]
struct Variation {
    /// The configuration in its place; in a folder directly below the repository's root.
    config: PathBuf,
    /// More arguments for workerd.
    arguments: Vec<String>,
}

/// Starts the platform and waits until it answers.
pub(crate) fn start(house: &House, site: Site, address: IpAddr) -> anyhow::Result<Platform> {
    let config = house.path("deploy/postern.capnp");
    let arguments = Vec::new();
    start_as(house, site, address, &Variation { config, arguments })
}

/// As [`start`], with a variation.
fn start_as(
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

/// Starts the platform so that gateways of [`start_gateway`] can run beside it.
pub(crate) fn start_shared(house: &House, site: Site, address: IpAddr) -> anyhow::Result<Platform> {
    let folder = site.state.join(SOCKETS);
    private_folder(&folder)?;
    let mut arguments = Vec::new();
    for name in SHARED {
        let socket = folder.join(name);
        // What a killed platform left; workerd binds only where there is nothing.
        if socket.exists() {
            fs::remove_file(&socket)?;
        }
        arguments.push(format!("--socket-addr={name}=unix:{}", socket.display()));
    }
    let config = house.path("deploy/shared.capnp");
    start_as(house, site, address, &Variation { config, arguments })
}

/// One more gateway in a process of its own, before a platform of [`start_shared`]. It believes the header
/// `cf-connecting-ip`, as it does behind Cloudflare's edge or behind `front`. `lent`: where it finds each of [`SHARED`].
pub(crate) fn start_gateway(
    house: &House,
    platform: &Platform,
    address: SocketAddr,
    lent: impl Iterator<Item = (&'static str, SocketAddr)>,
) -> anyhow::Result<Group> {
    let mut command = Command::new(npm::workerd(house)?);
    command
        .current_dir(house.path("deploy"))
        .args(["serve", "--experimental"])
        .arg(house.path("deploy/gateway.capnp"))
        .arg(format!("--socket-addr=http={address}"))
        .env("POSTERN_CLIENT_ADDRESS_HEADER", "cf-connecting-ip");
    for (name, address) in lent {
        command.arg(format!("--external-addr={name}={address}"));
    }
    let mut group = Group::start_guarded("gateway", &command)?;
    follow(&mut group, &platform.site.log())?;
    Ok(group)
}

/// Where a platform of [`start_shared`] lends something.
pub(crate) fn lent(platform: &Platform, name: &str) -> PathBuf {
    platform.site.state.join(SOCKETS).join(name)
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
            SocketAddr::new(address, site.port)
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
    if env::var_os(CALLS_AT_ONCE).is_none()
        && let Some(handles) = getrlimit(Resource::Nofile).maximum
    {
        command.env(CALLS_AT_ONCE, (handles / HANDLES_FOR_A_CALL).to_string());
    }
    Ok(command)
}

/// How many calls may wait for upstreams at once; the gateway bounds it too.
const CALLS_AT_ONCE: &str = "POSTERN_CALLS_AT_ONCE";
/// Four of its own, and some for clients that are only connected.
const HANDLES_FOR_A_CALL: u64 = 6;
/// Where the platform's sockets for its gateways are, below the state folder.
const SOCKETS: &str = "sockets";
/// What `deploy/shared.capnp` lends to gateways.
pub(crate) const SHARED: [&str; 5] = ["kv", "traffic", "analytics", "keys", "shaper"];
/// The disks of `deploy/postern.capnp`, and their folders below the state folder.
const DISKS: &[(&str, &str)] = &[
    ("objects-disk", "objects"),
    ("system-disk", "system"),
    ("blobs-disk", "blobs"),
];
