//! `cargo xtask simulate`: limits in a world at its worst, seed after seed, on all cores.
//!
//! The simulator is a program of its own (`crates/simulation`), because it is built to be fast and this tool is not.

use std::process::{Command, ExitCode};

use anyhow::Context;

use crate::{house::House, run::Run};

/// Hands the arguments on; what the simulator says is what the user sees. `--write-docs` names the document here.
pub(crate) fn run(house: &House, arguments: &[String]) -> anyhow::Result<ExitCode> {
    let mut command = Command::new("cargo");
    command.current_dir(&house.root).args(RUN);
    for argument in arguments {
        command.arg(argument);
        if argument == "--write-docs" {
            command.arg(DOCUMENT);
        }
    }
    let status = command.status().context("cargo does not start")?;
    Ok(if status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// The stories that every test run tells.
pub(crate) fn stories(house: &House) -> Run {
    Run::new(house, "simulate", "cargo")
        .args(RUN)
        .args(["--seeds", SEEDS])
        .env("CARGO_TERM_COLOR", "never")
}

const RUN: [&str; 9] = [
    "run",
    "--quiet",
    "--profile",
    "simulation",
    "-p",
    "simulation",
    "--bin",
    "simulate",
    "--",
];
const SEEDS: &str = "10000";
const DOCUMENT: &str = "docs/throttling.md";
