//! `cargo xtask bench`: what a call costs, beside a bare Worker, a hand-written one, nginx and HAProxy.
//!
//! Every candidate runs on this machine, on loopback, before the same upstream. Rounds are short, interleaved and taken in
//! turns forwards and backwards, and candidates are compared round by round, so that what else the machine does meets all
//! alike; the figure that counts is CPU time of the candidate's process per request, which does not depend on how many
//! cores there are.

mod account;
mod between;
mod candidate;
mod keys;
mod load;
mod origin;
mod platform;
mod report;

use std::fs;

use anyhow::{Context, ensure};

use crate::{build, house::House, say, setup};
use candidate::Candidate;
use load::Load;
use report::Figures;

/// Measures and prints; the JSON is also written to `target/xtask/bench.json`.
pub(crate) fn run(house: &House, arguments: &[String]) -> anyhow::Result<()> {
    let quick = arguments.iter().any(|argument| argument == "--quick");
    let (rounds, requests) = if quick {
        (3, REQUESTS)
    } else {
        (ROUNDS, REQUESTS)
    };
    if !arguments.iter().any(|argument| argument == "--as-built") {
        let kit = setup::ready(house)?;
        build::all(house, &kit, build::Care::Shipped)?;
    }
    let upstream = format!("http://{}", origin::start()?);
    say::step("bench", "starting the candidates");
    let candidates = candidate::all(house, &upstream)?;
    let mut all: Vec<Figures> = Vec::new();
    for candidate in &candidates {
        all.push(Figures::new(candidate.name));
        let outcome = load_of(candidate, WARM_UP).run().context(candidate.name)?;
        ensure!(
            !outcome.latencies_us.is_empty(),
            "`{}` answered no call with 200; run it by hand",
            candidate.name
        );
    }
    if arguments.iter().any(|argument| argument == "--hold") {
        return hold(&candidates);
    }
    for round in 1..=rounds {
        say::step("bench", &format!("round {round} of {rounds}"));
        let mut turns: Vec<_> = candidates.iter().zip(&mut all).collect();
        if round % 2 == 0 {
            turns.reverse();
        }
        for (candidate, figures) in turns {
            let before = account::cpu_us(candidate.pid);
            let outcome = load_of(candidate, requests).run().context(candidate.name)?;
            figures.add(&outcome, account::cpu_us(candidate.pid) - before);
            figures.resident_kib = account::resident_kib(candidate.pid);
        }
    }
    platform::remark(house, &candidates, &mut all)?;
    let asked = keys::rows(house, quick)?;
    println!("\n{}{}", report::table(&all), keys::table(&asked));
    let mut figures = report::json(&all);
    if let Some(members) = figures.as_object_mut() {
        members.insert("keyManager".to_owned(), asked.into());
    }
    let json = serde_json::to_string_pretty(&figures)?;
    fs::write(house.scratch().join("bench.json"), &json)?;
    println!("{json}");
    Ok(())
}

/// Tells how to call each candidate and keeps them up, for a profiler or a load of one's own.
fn hold(candidates: &[Candidate]) -> anyhow::Result<()> {
    for candidate in candidates {
        println!("\n{} (process {})", candidate.name, candidate.pid);
        print!("http://{}\n{}", candidate.address, candidate.request);
    }
    println!("\nCtrl-C ends them.");
    loop {
        std::thread::park();
    }
}

fn load_of(candidate: &Candidate, requests: usize) -> Load {
    Load {
        target: candidate.address,
        request: candidate.request.clone(),
        connections: CONNECTIONS,
        requests,
    }
}

/// Odd, so that there is one in the middle.
const ROUNDS: usize = 25;
/// About a second each: the operating system counts CPU time in steps of 10 ms.
const REQUESTS: usize = 4_000;
/// Enough to keep one event loop busy, few enough that latency is not queueing.
const CONNECTIONS: usize = 8;
/// Lets V8 compile what is hot, and the gateway fetch its configuration and first leases.
const WARM_UP: usize = 4_000;
