//! `cargo xtask serve`: the same builds on stock workerd. Node builds the pages, then plays no part.

use std::path::{Path, PathBuf};

use crate::{
    build, cli,
    house::House,
    platform::{Site, port, welcome, workerd},
    sample, say, setup,
};

/// Runs until Ctrl-C.
pub(crate) fn run(house: &House, options: &cli::Serve) -> anyhow::Result<()> {
    port::must_be_free(options.address, options.port)?;
    let kit = setup::ready(house)?;
    build::all(house, &kit, build::Care::Shipped)?;
    let mut site = Site::local(options.port, absolute(house, &options.state));
    if let Some(origin) = &options.origin {
        site.origin.clone_from(origin);
    }
    say::step(
        "platform",
        &format!("starting on {}:{}", options.address, options.port),
    );
    let mut platform = workerd::start(house, site, options.address)?;
    let administrator = welcome(&platform)?;
    say::done("platform", "serving", say::began());
    println!("\n  {}/", platform.site.origin);
    if let Some(administrator) = &administrator {
        println!(
            "\n  Sign in as `{}` with the password `{}`. It is shown this once.",
            administrator.username, administrator.password
        );
        if options.sample {
            println!(
                "\n  A first call of the sample API:\n    {}",
                sample::load(&platform.site, administrator)?
            );
        }
    }
    println!(
        "\n  State: {}. Ctrl-C ends it.\n",
        platform.site.state.display()
    );
    platform.wait()
}

fn absolute(house: &House, state: &Path) -> PathBuf {
    house.root.join(state)
}
