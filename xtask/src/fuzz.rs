//! `cargo xtask fuzz`: bad bytes for every parser of what comes from outside, for as long as one likes.
//!
//! The fuzzer is a program of its own (`crates/fuzz`), because it is built to be fast and this tool is not.

use std::process::{Command, ExitCode};

use anyhow::Context;

use crate::{cli::Fuzz, house::House, run::Run};

/// Runs the targets, each for so many minutes; what the fuzzer says is what the user sees.
pub(crate) fn run(house: &House, options: &Fuzz) -> anyhow::Result<ExitCode> {
    let seconds = (options.minutes * 60.0).ceil();
    let status = Command::new("cargo")
        .current_dir(&house.root)
        .args(RUN)
        .args(["--seconds", &format!("{seconds:.0}")])
        .args(["--seed", &options.seed.to_string()])
        .args(&options.targets)
        .status()
        .context("cargo does not start")?;
    Ok(if status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// What every test run does, at the lowest priority: it goes on beside what has deadlines.
pub(crate) fn short(house: &House) -> Run {
    Run::new(house, "fuzz", "nice")
        .args(["-n", "19", "cargo"])
        .args(RUN)
        .args(["--seconds", SECONDS])
        .env("CARGO_TERM_COLOR", "never")
}

const RUN: [&str; 9] = [
    "run",
    "--quiet",
    "--profile",
    "simulation",
    "-p",
    "fuzz",
    "--bin",
    "fuzz",
    "--",
];
/// For each target; together a little less than the journeys take.
const SECONDS: &str = "60";
