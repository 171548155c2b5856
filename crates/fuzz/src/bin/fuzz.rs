//! `cargo run --profile simulation -p fuzz -- [--seconds N] [--seed S] [target ...]`
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a native tool: it measures itself and prints"
)]

use std::process::ExitCode;
use std::time::{Duration, Instant};

use fuzz::{TARGETS, run};

fn main() -> ExitCode {
    let (mut seconds, mut seed, mut wanted) = (5, 1, Vec::new());
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut number = || arguments.next().and_then(|it| it.parse().ok());
        match argument.as_str() {
            "--seconds" => seconds = number().unwrap_or(seconds),
            "--seed" => seed = number().unwrap_or(seed),
            _ => wanted.push(argument),
        }
    }
    let mut code = ExitCode::SUCCESS;
    for target in TARGETS {
        if !wanted.is_empty() && !wanted.iter().any(|it| it == target.name) {
            continue;
        }
        let start = Instant::now();
        let limit = Duration::from_secs(seconds);
        match run(target, seed, |count| {
            count % 64 == 0 && start.elapsed() >= limit
        }) {
            Ok(count) => {
                let rate = count as f64 / start.elapsed().as_secs_f64();
                println!(
                    "{:12} {count:>10} inputs  {rate:>9.0} a second  no finding",
                    target.name
                );
            }
            Err(finding) => {
                println!("{:12} {}", finding.target, finding.reason);
                println!("  input: {:?}", String::from_utf8_lossy(&finding.input));
                println!("  bytes: {:?}", finding.input);
                code = ExitCode::FAILURE;
            }
        }
    }
    code
}
