//! The question of administrators as a command: its examples answer, and what it cannot answer it says.

#![allow(clippy::panic, reason = "tests")]

use std::process::{Command, Output};

use serde_json::Value;

fn ask(policy: &str, mix: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_simulate"))
        .args(["--policy", &example(policy), "--mix", &example(mix)])
        .output()
        .unwrap_or_else(|error| panic!("{error}"))
}

fn example(name: &str) -> String {
    format!(
        "{}/../../docs/examples/throttling/{name}",
        env!("CARGO_MANIFEST_DIR")
    )
}

fn answer(policy: &str, mix: &str) -> Value {
    let output = ask(policy, mix);
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}");
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn the_busy_few_would_have_been_throttled() {
    let judgement = answer("limits.json", "mix.json");
    assert_eq!(judgement["keys"], 50);
    let refused = |name: &str| judgement[name].as_u64().unwrap_or_default();
    assert!(
        refused("keysRefused") > 0 && refused("keysRefused") < 25,
        "{judgement}"
    );
    assert!(
        refused("refused") > 0 && refused("refused") < refused("calls"),
        "{judgement}"
    );
    assert_eq!(judgement["mostRefused"][0]["key"], "1", "who calls most");
    assert_eq!(
        judgement,
        answer("limits.json", "mix.json"),
        "the same again"
    );
}

#[test]
fn recorded_calls_are_judged_one_by_one() {
    let judgement = answer("limits.json", "recorded.json");
    assert_eq!(judgement["calls"], 5);
    // One, one and three are the five of a second: the last call of ann is the sixth.
    assert_eq!(judgement["refused"], 1);
    assert_eq!(judgement["refusedBy"], serde_json::json!([0, 1]));
    assert_eq!(
        judgement["mostRefused"][0]["lastRefusedAt"],
        1_763_949_960_400_i64
    );
}

#[test]
fn what_cannot_be_read_is_named() {
    for (policy, mix, words) in [
        ("nothing.json", "mix.json", "nothing.json"),
        ("mix.json", "mix.json", "mix.json: invalid type"),
        ("limits.json", "limits.json", "limits.json"),
    ] {
        let output = ask(policy, mix);
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && told.contains(words), "{told}");
    }
}
