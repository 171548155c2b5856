//! `cargo xtask simulate`: stories on both cores, tables for docs/throttling.md, and who a policy would have throttled.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a native tool: it measures itself and prints"
)]

use std::fmt::Write as _;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Instant;
use std::{env, fs, thread};

use model::{Algorithm, Limit};
use simulation::{Day, Figures, Mix, calm_day, judge, storm};

fn main() -> ExitCode {
    match act() {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("{reason}");
            ExitCode::FAILURE
        }
    }
}

#[derive(Default)]
struct Options {
    seeds: Option<u64>,
    seed: Option<u64>,
    policy: Option<String>,
    mix: Option<String>,
    write_docs: Option<String>,
}

fn act() -> Result<(), String> {
    let options = Options::read()?;
    if let (Some(policy), Some(mix)) = (&options.policy, &options.mix) {
        return what_if(policy, mix);
    }
    let stories = match options.seed {
        Some(seed) => stories(seed..seed + 1)?,
        None => stories(0..options.seeds.unwrap_or(1_000))?,
    };
    println!("{stories}");
    if let Some(path) = options.write_docs {
        let tables = format!("{stories}\n\n{}", days()?);
        return write_docs(&path, &tables);
    }
    Ok(())
}

impl Options {
    fn read() -> Result<Self, String> {
        let mut options = Self::default();
        let mut words = env::args().skip(1);
        while let Some(word) = words.next() {
            let mut value = || {
                words
                    .next()
                    .ok_or_else(|| format!("`{word}` lacks its value"))
            };
            let number = |text: String| text.parse().map_err(|_| format!("`{text}` is no number"));
            match word.as_str() {
                "--seeds" => options.seeds = Some(number(value()?)?),
                "--seed" => options.seed = Some(number(value()?)?),
                "--policy" => options.policy = Some(value()?),
                "--mix" => options.mix = Some(value()?),
                "--write-docs" => options.write_docs = Some(value()?),
                _ => {
                    return Err(format!(
                        "`{word}` is not known: --seeds N, --seed S, --write-docs, --policy F --mix F"
                    ));
                }
            }
        }
        if options.policy.is_some() != options.mix.is_some() {
            return Err("`--policy` and `--mix` go together".to_owned());
        }
        Ok(options)
    }
}

/// Tells every story, on all cores; the first that breaks a promise ends it.
fn stories(seeds: std::ops::Range<u64>) -> Result<String, String> {
    let began = Instant::now();
    let count = seeds.end - seeds.start;
    let next = AtomicU64::new(seeds.start);
    let is_broken = AtomicBool::new(false);
    let cores = thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let tell = || {
        let (mut calls, mut admitted) = (0, 0);
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= seeds.end || is_broken.load(Ordering::Relaxed) {
                return Ok((calls, admitted));
            }
            let tally = storm(seed).map_err(|broken| {
                is_broken.store(true, Ordering::Relaxed);
                format!("seed {seed} fails: {broken}\ncargo xtask simulate --seed {seed}")
            })?;
            calls += tally.offered;
            admitted += tally.admitted;
        }
    };
    let told: Vec<Result<(u64, u64), String>> = thread::scope(|scope| {
        let threads: Vec<_> = (0..cores).map(|_| scope.spawn(tell)).collect();
        let joined = threads.into_iter().map(|thread| {
            thread
                .join()
                .unwrap_or_else(|_| Err("a story panicked".to_owned()))
        });
        joined.collect()
    });
    let (mut calls, mut admitted) = (0, 0);
    for result in told {
        let (more_calls, more_admitted) = result?;
        calls += more_calls;
        admitted += more_admitted;
    }
    let seconds = began.elapsed().as_secs();
    Ok(format!(
        "{count} stories in bad weather: {calls} calls, {admitted} admitted, 0 over any limit ({seconds} s)."
    ))
}

/// The table of what calm days cost.
fn days() -> Result<String, String> {
    let mut table = HEAD.to_owned();
    for (name, day) in rows() {
        let figures = calm_day(&day, 11)?;
        row(&mut table, name, &figures);
    }
    Ok(table)
}

fn rows() -> Vec<(&'static str, Day)> {
    let mixed = Day {
        keys: 10_000,
        calls_per_second: 20_000.0,
        seconds: 220,
        isolates: 4,
        plans: vec![1_000, 5_000, 20_000, 50_000],
        algorithm: Algorithm::Fixed,
        three_limits: false,
    };
    let few = Day {
        keys: 200,
        calls_per_second: 625.0,
        seconds: 180,
        plans: vec![2_000, 5_000, 10_000, 50_000],
        three_limits: true,
        ..mixed.clone()
    };
    let steady = Day {
        keys: 20,
        calls_per_second: 2_000.0,
        plans: vec![50_000],
        ..mixed.clone()
    };
    let mut rows = vec![
        (
            "10,000 applications, 20,000 calls/s, plans of 1,000 to 50,000 a minute",
            mixed,
        ),
        (
            "200 applications, 625 calls/s, three limits for each call",
            few,
        ),
        ("20 applications below their plans, 2,000 calls/s", steady),
    ];
    rows.extend(hammered());
    rows
}

/// One application that calls ten times as much as it may.
fn hammered() -> Vec<(&'static str, Day)> {
    let one = |amount: u64, algorithm| Day {
        keys: 1,
        calls_per_second: amount as f64 / 6.0,
        seconds: 160,
        isolates: 4,
        plans: vec![amount],
        algorithm,
        three_limits: false,
    };
    let burst = Algorithm::Gcra { burst: 200 };
    vec![
        (
            "one application at 10 times 1,000 a minute, for 160 s",
            one(1_000, Algorithm::Fixed),
        ),
        (
            "one application at 10 times 2,000 a minute, for 160 s",
            one(2_000, Algorithm::Fixed),
        ),
        ("the same, sliding window", one(2_000, Algorithm::Sliding)),
        ("the same, rate with bursts of 200", one(2_000, burst)),
        (
            "one application at 10 times 10 a minute, for 160 s",
            one(10, Algorithm::Fixed),
        ),
    ]
}

fn row(table: &mut String, name: &str, figures: &Figures) {
    let unused = match figures.exhausted {
        0 => String::new(),
        windows => format!("{:.2} % of {windows} windows", figures.undershoot),
    };
    let Figures {
        requests,
        admitted,
        messages_per_thousand,
        waited,
        wait_p99_ms,
        ..
    } = figures;
    let written = writeln!(
        table,
        "| {name} | {requests} | {admitted} | {messages_per_thousand:.1} | {unused} | {waited:.2} % | {wait_p99_ms} ms |"
    );
    debug_assert!(written.is_ok(), "a String takes all");
}

fn write_docs(path: &str, tables: &str) -> Result<(), String> {
    let text = fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))?;
    let (before, rest) = text
        .split_once(BEGIN)
        .ok_or_else(|| format!("{path} has no `{BEGIN}`"))?;
    let (_, after) = rest
        .split_once(END)
        .ok_or_else(|| format!("{path} has no `{END}`"))?;
    let text = format!("{before}{BEGIN}\n{}\n{END}{after}", tables.trim_end());
    fs::write(path, text).map_err(|error| format!("{path}: {error}"))
}

/// Who would have been throttled under the limits of one file, over the mix of another.
fn what_if(policy: &str, mix: &str) -> Result<(), String> {
    let limits: Vec<Limit> = read(policy)?;
    let mix: Mix = read(mix)?;
    let judgement = judge(&limits, &mix).map_err(|error| error.to_string())?;
    let text = serde_json::to_string_pretty(&judgement).map_err(|error| error.to_string())?;
    println!("{text}");
    Ok(())
}

fn read<T: serde::de::DeserializeOwned>(path: &str) -> Result<T, String> {
    let text = fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))?;
    serde_json::from_str(&text).map_err(|error| format!("{path}: {error}"))
}

const HEAD: &str = "\
| A calm day | Calls | Admitted | Messages per 1,000 calls | Left unused where demand was higher | Calls that waited | Wait, p99 |
|---|---|---|---|---|---|---|
";
const BEGIN: &str = "<!-- written by `cargo xtask simulate --write-docs` -->";
const END: &str = "<!-- end -->";
