//! The one tool: `cargo xtask dev | test | build | serve | deploy | bench | simulate | fuzz`.
//!
//! Each command is one file; what they share is below: [`setup`] brings what is missing, [`build`] makes the Workers
//! and the pages, [`platform`] runs them. Every step says what it does and is skipped when it was already done.
#![allow(
    clippy::disallowed_methods,
    reason = "the ban on clocks is for Wasm; this is a native tool"
)]

mod bench;
mod build;
mod child;
mod cli;
mod deploy;
mod dev;
mod fuzz;
mod house;
mod platform;
mod run;
mod sample;
mod say;
mod serve;
mod setup;
mod simulate;
mod stamp;
mod test;
mod watch;

use std::process::ExitCode;

use cli::Task;
use house::House;

fn main() -> ExitCode {
    match act() {
        Ok(code) => code,
        Err(error) => {
            say::failed(&format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn act() -> anyhow::Result<ExitCode> {
    let task = cli::parse()?;
    let house = House::find()?;
    child::die_with_us()?;
    match task {
        Task::Usage => println!("{}", cli::USAGE),
        Task::Build => build::run(&house)?,
        Task::Dev(options) => dev::run(&house, &options)?,
        Task::Serve(options) => serve::run(&house, &options)?,
        Task::Deploy(options) => deploy::run(&house, &options)?,
        Task::Test(options) => return test::run(&house, &options),
        Task::Bench(arguments) => bench::run(&house, &arguments)?,
        Task::Simulate(arguments) => return simulate::run(&house, &arguments),
        Task::Fuzz(options) => return fuzz::run(&house, &options),
    }
    Ok(ExitCode::SUCCESS)
}
