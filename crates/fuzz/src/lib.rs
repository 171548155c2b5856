//! Fuzzing on stable Rust: inputs are made by changing good ones, from a seed, and given to the parsers of what comes from
//! outside. A finding is a panic, or a claim that does not hold; it is told with its input, and made again by its seed.
//!
//! There is no coverage to steer by: each target comes with inputs that reach its corners, and with the words of its
//! grammar, which mutations put together anew.

#![warn(missing_docs)]

mod change;
mod target;

use std::panic::{AssertUnwindSafe, catch_unwind};

use change::Changes;
pub use target::{TARGETS, Target};

/// One input that should not have done what it did.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Name of the target.
    pub target: &'static str,
    /// The input.
    pub input: Vec<u8>,
    /// What happened.
    pub reason: String,
}

/// Runs one target, input after input, until `is_enough` says so after so many; how many were run, and the first finding.
///
/// # Errors
/// The finding.
pub fn run(
    target: &Target,
    seed: u64,
    is_enough: impl Fn(u64) -> bool,
) -> Result<u64, Box<Finding>> {
    let mut changes = Changes::new(target.seeds, target.words, seed);
    let mut count = 0;
    while !is_enough(count) {
        let input = changes.next_input();
        let outcome = catch_unwind(AssertUnwindSafe(|| (target.run)(&input)));
        let reason = match outcome {
            Ok(Ok(is_accepted)) => {
                changes.learn(&input, is_accepted);
                None
            }
            Ok(Err(reason)) => Some(reason),
            Err(_) => Some("it panics".to_owned()),
        };
        if let Some(reason) = reason {
            return Err(Box::new(Finding {
                target: target.name,
                input,
                reason,
            }));
        }
        count += 1;
    }
    Ok(count)
}
