//! `cargo xtask test`: every test, the cheapest first, independent ones side by side, and one summary at the end.

mod journeys;
mod steps;
mod summary;

use std::{process::ExitCode, sync::Mutex, thread, time::Instant};

use anyhow::bail;

use crate::{
    cli,
    house::House,
    say,
    setup::{self, Kit},
};
use steps::Outcome;
use summary::Tally;

/// Runs all steps, or the one that was named. A step that fails does not keep the others from running.
pub(crate) fn run(house: &House, options: &cli::Test) -> anyhow::Result<ExitCode> {
    let kit = setup::ready(house)?;
    let suite = Suite {
        house,
        kit: &kit,
        extra: &options.extra,
        tally: Mutex::default(),
    };
    match options.step.as_deref() {
        None => suite.all(),
        Some(name) => match STEPS.iter().find(|(step, _)| *step == name) {
            Some((step, act)) => suite.step(step, *act),
            None => bail!(
                "there is no test step `{name}`; there are: {}",
                names().join(", ")
            ),
        },
    }
    let tally = suite.tally.into_inner().unwrap_or_default();
    say::done("test", "finished", say::began());
    println!("{} passed, {} failed", tally.passed, tally.failed);
    Ok(if tally.failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

struct Suite<'a> {
    house: &'a House,
    kit: &'a Kit,
    extra: &'a [String],
    tally: Mutex<Tally>,
}

type Act = fn(&House, &Kit, &[String]) -> anyhow::Result<Outcome>;

/// In the order of their cost.
const STEPS: &[(&str, Act)] = &[
    ("format", steps::format),
    ("tidy", steps::tidy),
    ("lint", steps::lint),
    ("native", steps::native),
    ("simulate", steps::simulate),
    ("fuzz", steps::fuzz),
    ("pages", steps::pages),
    ("wasm", steps::wasm),
    ("journeys", journeys::run),
];

/// Runs beside the rest: npm needs no cargo, and builds for Wasm share neither folder nor lock with native ones.
const BESIDE: [&str; 2] = ["pages", "wasm"];
/// Needs what was built, and the machine to itself: it has deadlines.
const LAST: &str = "journeys";
/// Takes what [`LAST`] leaves of the machine while it waits for one thing and another.
const BEHIND: &str = "fuzz";

impl Suite<'_> {
    fn all(&self) {
        thread::scope(|scope| {
            scope.spawn(|| self.those(|name| BESIDE.contains(&name)));
            self.those(|name| !BESIDE.contains(&name) && name != LAST && name != BEHIND);
        });
        thread::scope(|scope| {
            scope.spawn(|| self.those(|name| name == BEHIND));
            self.those(|name| name == LAST);
        });
    }

    fn those(&self, wanted: impl Fn(&str) -> bool) {
        for (name, act) in STEPS.iter().filter(|(name, _)| wanted(name)) {
            self.step(name, *act);
        }
    }

    fn step(&self, name: &str, act: Act) {
        let since = Instant::now();
        say::step(name, "running");
        let tally = match act(self.house, self.kit, self.extra) {
            Ok(outcome) => outcome.tally(name, since),
            Err(error) => {
                say::failed(&format!("{name}: {error:#}"));
                Tally {
                    passed: 0,
                    failed: 1,
                }
            }
        };
        if let Ok(mut sum) = self.tally.lock() {
            sum.add(&tally);
        }
    }
}

fn names() -> Vec<&'static str> {
    STEPS.iter().map(|(name, _)| *name).collect()
}
