//! `wrangler dev` over all Workers: one process, state on disk, no network needed.

use std::{path::PathBuf, process::Command};

use super::{Platform, Site, config, follow, http, secrets::Secrets};
use crate::{
    child::Group,
    house::{House, WORKERS},
    say,
};

/// Starts the platform and waits until it answers.
pub(crate) fn start(house: &House, site: Site) -> anyhow::Result<Platform> {
    let secrets = Secrets::of(&site.state)?;
    // The first configuration is the one that is served.
    let configs: Vec<PathBuf> = WORKERS
        .iter()
        .rev()
        .map(|worker| config::write(house, &site, worker, &secrets))
        .collect::<anyhow::Result<_>>()?;
    let mut group = Group::start_guarded("wrangler", &command(house, &site, &configs))?;
    follow(&mut group, &site.log())?;
    let mut platform = Platform {
        site,
        secrets,
        group,
    };
    platform.wait_until_it_answers()?;
    Ok(platform)
}

/// Ends the platform and starts it from what was built since, with the state that it had.
pub(crate) fn restart(house: &House, platform: Platform) -> anyhow::Result<Platform> {
    let site = platform.site.clone();
    drop(platform);
    start(house, site)
}

fn command(house: &House, site: &Site, configs: &[PathBuf]) -> Command {
    let mut command = Command::new(house.node());
    command
        .current_dir(&house.root)
        .arg(house.path("node_modules/wrangler/bin/wrangler.js"))
        .args([
            "dev",
            "--local",
            "--no-infer-origin-from-routes",
            "--ip",
            "127.0.0.1",
        ])
        .args(["--port", &site.port.to_string(), "--inspector-port", "0"])
        .arg("--persist-to")
        .arg(site.state.join("state"));
    for config in configs {
        command.arg("-c").arg(config);
    }
    command
        .envs(OFFLINE.iter().copied())
        // Platforms on one machine would otherwise find each other's Workers, which have the same names.
        .env("WRANGLER_REGISTRY_PATH", site.state.join("registry"));
    command
}

/// Fires the schedules, which wrangler does not do by itself.
pub(crate) fn tick(site: &Site) {
    for worker in ["postern-keys", "postern-portal-api"] {
        let url = format!(
            "http://127.0.0.1:{}/cdn-cgi/local/explorer/api/local/scheduled?worker={worker}",
            site.port
        );
        let json = ("content-type", "application/json");
        if let Err(error) = http::call("POST", &url, &[json], r#"{"cron":"* * * * *"}"#) {
            say::step("platform", &format!("a schedule did not fire: {error:#}"));
        }
    }
}

/// Everything that wrangler would ask the network for, off.
pub(crate) const OFFLINE: &[(&str, &str)] = &[
    ("CI", "1"),
    ("NO_COLOR", "1"),
    ("WRANGLER_HIDE_BANNER", "true"),
    ("WRANGLER_SEND_METRICS", "false"),
    ("WRANGLER_NO_SKILLS_UPDATE_PROMPTS", "true"),
    ("CLOUDFLARE_CF_FETCH_ENABLED", "false"),
    ("X_LOCAL_OBSERVABILITY", "false"),
];
