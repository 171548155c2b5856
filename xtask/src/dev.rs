//! `cargo xtask dev`: everything from a fresh clone to a served platform, then rebuilding on change.

use std::{
    net::{IpAddr, Ipv4Addr},
    thread,
    time::{Duration, Instant},
};

use crate::{
    build, cli,
    house::House,
    platform::{self, Platform, Site, port, welcome, wrangler},
    sample, say,
    setup::{self, Kit},
    watch::Snapshot,
};

/// Runs until Ctrl-C.
pub(crate) fn run(house: &House, options: &cli::Dev) -> anyhow::Result<()> {
    let since = say::began();
    port::must_be_free(IpAddr::V4(Ipv4Addr::LOCALHOST), options.port)?;
    let kit = setup::ready(house)?;
    let sources = Snapshot::take(house);
    build::all(house, &kit, build::Care::Quick)?;
    say::step("platform", "starting");
    let platform = wrangler::start(house, Site::local(options.port, house.state()))?;
    let administrator = welcome(&platform)?;
    let first_call = match &administrator {
        Some(administrator) if !options.empty => Some(sample::load(&platform.site, administrator)?),
        _ => None,
    };
    say::done("platform", "serving", since);
    greet(&platform, administrator.as_ref(), first_call.as_deref());
    rebuild_on_change(house, &kit, platform, sources)
}

fn greet(
    platform: &Platform,
    administrator: Option<&platform::Administrator>,
    first_call: Option<&str>,
) {
    let origin = &platform.site.origin;
    println!("\n  {origin}/");
    println!("    Publisher         {origin}/publisher/");
    println!("    Developer Portal  {origin}/devportal/");
    println!("    Admin             {origin}/admin/");
    match administrator {
        Some(administrator) => println!(
            "\n  Sign in as `{}` with the password `{}`. It is shown this once; lost, delete .postern/ to start over.",
            administrator.username, administrator.password
        ),
        None => println!(
            "\n  Sign in with the password that the first run showed; lost, delete .postern/ to start over."
        ),
    }
    if let Some(call) = first_call {
        println!("\n  A first call of the sample API:\n    {call}");
    }
    println!(
        "\n  Log: {}. Ctrl-C ends it.\n",
        platform.site.log().display()
    );
}

/// A bad build is told, and the last good one keeps running.
fn rebuild_on_change(
    house: &House,
    kit: &Kit,
    mut platform: Platform,
    mut seen: Snapshot,
) -> anyhow::Result<()> {
    let mut ticked = Instant::now();
    loop {
        thread::sleep(Duration::from_millis(500));
        platform.check()?;
        if ticked.elapsed() > Duration::from_secs(60) {
            ticked = Instant::now();
            wrangler::tick(&platform.site);
        }
        let now = Snapshot::take(house);
        if now == seen {
            continue;
        }
        seen = now;
        let since = Instant::now();
        match build::all(house, kit, build::Care::Quick) {
            Ok(false) => {}
            Ok(true) => {
                platform = wrangler::restart(house, platform)?;
                welcome(&platform)?;
                say::done("dev", "up to date", since);
            }
            Err(error) => say::failed(&format!("{error:#}")),
        }
    }
}
