//! What header policies cost a call that is decided on what is held:
//! `cargo run --profile simulation -p pipeline --example policy_cost`

#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::expect_used,
    missing_docs,
    reason = "a native tool: it measures and prints"
)]

#[path = "../tests/world/mod.rs"]
mod world;

use std::{hint::black_box, time::Instant};

use model::{Action, Flows, Step};
use world::{World, claims, get, token};

fn main() {
    let header = |name: &str, condition: Option<&str>| Step {
        action: Action::SetHeader {
            name: name.into(),
            value: "gold".into(),
        },
        condition: condition.map(str::to_owned),
    };
    let of = |steps: Vec<Step>| Flows {
        request: steps,
        ..Flows::default()
    };
    let met = Some("request.headers['accept'] == '*/*'");
    let back = Flows {
        response: vec![header("x-tier", None)],
        ..Flows::default()
    };
    let cases = [
        ("none", Flows::default()),
        ("one on the way there", of(vec![header("x-tier", None)])),
        ("one on the way back", back),
        ("one with a condition", of(vec![header("x-tier", met)])),
        (
            "five",
            of(["x-a", "x-b", "x-c", "x-d", "x-e"]
                .map(|it| header(it, None))
                .into()),
        ),
    ];
    let mut worlds = cases.map(|(name, flows)| {
        let mut world = World::new();
        let count = world.deployment.operations.len();
        if !flows.is_empty() {
            world.deployment.steps = vec![flows; count];
        }
        if let Some(gold) = world.policies.subscription.get_mut("Gold") {
            gold.limit = None;
            gold.burst = None;
        }
        world.publish();
        (name, world, u128::MAX)
    });
    let mut ask = get("/pets/1.0.0/pet/7").bearer(&token(&claims()));
    for name in NAMES.iter().cycle().take(12) {
        ask = ask.with(name, "*/*");
    }
    // By turns, and the best of many: whatever else the machine does is in none of them.
    for _ in 0..ROUNDS {
        for (_, world, best) in &mut worlds {
            world.forwarded(&ask);
            let start = Instant::now();
            for _ in 0..CALLS {
                black_box(world.forwarded(&ask));
            }
            *best = (*best).min(start.elapsed().as_nanos() / CALLS);
        }
    }
    let none = worlds.first().map_or(0, |(_, _, best)| *best);
    for (name, _, best) in &worlds {
        println!(
            "{name:22} {best:>6} ns  {:>+6} ns",
            *best as i128 - none as i128
        );
    }
}

const NAMES: [&str; 3] = ["accept", "x-other", "user-agent"];
const ROUNDS: u32 = 60;
const CALLS: u128 = 400;
