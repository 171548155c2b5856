//! The steps, each one or two programs.

use std::{fs, path::PathBuf, time::Instant};

use crate::{
    build, fuzz,
    house::{House, WORKERS},
    run::{Run, tail},
    say,
    setup::{Kit, npm, wasm as target},
    simulate,
    test::summary::Tally,
};

/// How a step ended.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// Logs of programs that ended well.
    good: Vec<PathBuf>,
    /// Logs of programs that did not.
    bad: Vec<PathBuf>,
}

impl Outcome {
    /// A step that has nothing to count.
    pub(crate) fn good() -> Self {
        Self::default()
    }

    /// Runs a program to its end.
    pub(crate) fn of(run: Run) -> anyhow::Result<Self> {
        let log = run.log().to_path_buf();
        let status = run.status()?;
        let mut outcome = Self::default();
        if status.is_some_and(|status| status.success()) {
            outcome.good.push(log);
        } else {
            outcome.bad.push(log);
        }
        Ok(outcome)
    }

    pub(crate) fn is_good(&self) -> bool {
        self.bad.is_empty()
    }

    pub(crate) fn and(mut self, next: Self) -> Self {
        self.good.extend(next.good);
        self.bad.extend(next.bad);
        self
    }

    /// How it ended, in a few words.
    pub(crate) fn spoken(&self) -> String {
        let tally = self.count();
        if self.is_good() {
            spoken(&tally)
        } else {
            format!("{} passed, {} FAILED", tally.passed, tally.failed.max(1))
        }
    }

    fn count(&self) -> Tally {
        let mut tally = Tally::default();
        for log in self.good.iter().chain(&self.bad) {
            tally.add(&Tally::of(&fs::read_to_string(log).unwrap_or_default()));
        }
        tally
    }

    /// Shows the logs of a bad end, and counts. A step that failed without a failed test counts as one.
    pub(crate) fn tally(&self, name: &str, since: Instant) -> Tally {
        let mut tally = self.count();
        if self.is_good() {
            say::done(name, &spoken(&tally), since);
            return tally;
        }
        for log in &self.bad {
            println!("{}\nall of it: {}", tail(log), log.display());
        }
        say::failed(&format!("{name} failed"));
        tally.failed = tally.failed.max(1);
        tally
    }
}

fn spoken(tally: &Tally) -> String {
    match tally.passed {
        0 => "good".to_owned(),
        passed => format!("{passed} passed"),
    }
}

/// Every Rust file is as rustfmt writes it.
pub(crate) fn format(house: &House, _: &Kit, _: &[String]) -> anyhow::Result<Outcome> {
    Outcome::of(cargo(house, "format").args(["fmt", "--all", "--check"]))
}

/// Who imports whom, banned names, one page for each error code.
pub(crate) fn tidy(house: &House, _: &Kit, extra: &[String]) -> anyhow::Result<Outcome> {
    Outcome::of(
        cargo(house, "tidy")
            .args(["test", "--quiet", "-p", "tests"])
            .args(extra),
    )
}

/// Clippy over the native half and over the Workers as Wasm; a warning is an error.
pub(crate) fn lint(house: &House, kit: &Kit, _: &[String]) -> anyhow::Result<Outcome> {
    let native = cargo(house, "lint")
        .args(["clippy", "--quiet", "--all-targets", "-p", "tests"])
        .args(default_packages(house)?)
        .args(DENY);
    if !kit.wasm.envs.is_empty() {
        // Debian's second compiler comes without clippy; the Workers are linted where rustup brought the target.
        return Outcome::of(native);
    }
    let workers = WORKERS.iter().flat_map(|worker| ["-p", worker]);
    let wasm = cargo(house, "lint-wasm")
        .args([
            "clippy",
            "--quiet",
            "--lib",
            "--target",
            target::TARGET,
            "-p",
            "runtime",
        ])
        .args(workers)
        .args(DENY);
    Ok(Outcome::of(native)?.and(Outcome::of(wasm)?))
}

/// The tests of the crates, of this tool, and of what the Workers decide by themselves; and first the real API definitions
/// that `crates/openapi` is held to, which npm packages bring.
pub(crate) fn native(house: &House, _: &Kit, extra: &[String]) -> anyhow::Result<Outcome> {
    Run::new(house, "corpus", house.node())
        .args(["crates/openapi/tests/corpus/extract.mjs"])
        .env("PATH", npm::path_with_node(house)?)
        .finish()?;
    let test = cargo(house, "native")
        .args(["test", "--no-fail-fast"])
        .args(default_packages(house)?)
        .args(WORKERS.iter().flat_map(|worker| ["-p", worker]))
        .args(extra);
    Outcome::of(test)
}

/// Bad bytes for the parsers of what comes from outside, a minute each.
pub(crate) fn fuzz(house: &House, _: &Kit, _: &[String]) -> anyhow::Result<Outcome> {
    Outcome::of(fuzz::short(house))
}

/// Limits in ten thousand stories of bad weather.
pub(crate) fn simulate(house: &House, _: &Kit, _: &[String]) -> anyhow::Result<Outcome> {
    Outcome::of(simulate::stories(house))
}

/// The Workers build, and keep to their size.
pub(crate) fn wasm(house: &House, kit: &Kit, _: &[String]) -> anyhow::Result<Outcome> {
    build::wasm(house, kit)?;
    Ok(Outcome::good())
}

/// Lints, types and tests of the portals.
pub(crate) fn pages(house: &House, _: &Kit, extra: &[String]) -> anyhow::Result<Outcome> {
    let test = Run::new(house, "pages-test", "npm")
        .args(["test"])
        .args(extra)
        .folder(house.path("pages"))
        .env("PATH", npm::path_with_node(house)?)
        .env("NO_COLOR", "1")
        .env("CI", "1");
    Outcome::of(test)
}

fn cargo(house: &House, name: &str) -> Run {
    Run::new(house, name, "cargo").env("CARGO_TERM_COLOR", "never")
}

/// Everything in `crates/`, and this tool: `-p` for each, because naming others leaves the default members out.
fn default_packages(house: &House) -> anyhow::Result<Vec<String>> {
    let mut names = vec!["-p".to_owned(), "xtask".to_owned()];
    for entry in fs::read_dir(house.path("crates"))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        names.extend(["-p".to_owned(), name]);
    }
    Ok(names)
}

const DENY: &[&str] = &["--", "-D", "warnings"];
