//! `cargo xtask simulate`: stories on both cores, tables for docs/throttling.md, and who a policy would have throttled.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a native tool: it measures itself and prints"
)]

mod days;

use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Instant;
use std::{env, fs, thread};

use model::Limit;
use simulation::{Mix, judge, storm};

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
        let tables = format!("{stories}\n\n{}", days::tables()?);
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

const BEGIN: &str = "<!-- written by `cargo xtask simulate --write-docs` -->";
const END: &str = "<!-- end -->";
