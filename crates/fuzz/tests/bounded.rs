//! A bounded run of every target, the same one each time; longer ones are made by hand (docs/testing.md).

use fuzz::{TARGETS, run};

#[test]
fn no_parser_breaks_on_bad_bytes() {
    for target in TARGETS {
        for seed in [1, 2] {
            if let Err(finding) = run(target, seed, |count| count >= INPUTS) {
                let input = String::from_utf8_lossy(&finding.input);
                panic!(
                    "{}: {} on {input:?} {:?}",
                    finding.target, finding.reason, finding.input
                );
            }
        }
    }
}

/// For each target and seed; a few seconds without optimization.
const INPUTS: u64 = 1_500;
