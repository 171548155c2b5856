//! Alerts: when somebody is to be told, what, and how they can trust what they are told.
//!
//! ```text
//! Condition   what a rule looks for; says what is wrong with itself
//! judge       a Condition and what was Observed of one subject -> a Finding, or none
//! settle      Findings and the alerts that are open -> alerts to open, to keep, to resolve: one for each cause
//! Schedule    when something is sent by the clock
//! Signed      a message with the signature that its receiver checks (Standard Webhooks)
//! ```

#![warn(missing_docs)]

mod baseline;
mod condition;
mod judge;
mod schedule;
mod settle;
mod webhook;

pub use baseline::Usual;
pub use condition::{Condition, Fault, Unseen};
pub use judge::{Finding, Observed, Subject};
pub use schedule::Schedule;
pub use settle::{Changes, Open, settle};
pub use webhook::{Signed, is_secret, next_attempt_ms, secret};
