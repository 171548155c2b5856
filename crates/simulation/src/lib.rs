//! What limits do to calls, without a platform: two answers from the same state machines that gateways and owners run.
//!
//! - [`judge`] says who would have been throttled under some limits, over a recorded or a synthetic [`Mix`]: pure, in
//!   bounded work, also in a Worker.
//! - [`World`] is a small world in memory: isolates with skewed clocks, owners that keep only what was persisted, and a
//!   network that delays, loses, repeats and reorders. Everything comes from one seed. It checks after each step that no
//!   limit is exceeded ([`Ledger`]), that a request counts once, and that what remains of a fixed window never rises.
//!   [`storm`] tells one story in bad weather; [`calm_day`] measures what a skewed mix costs.
//!
//! `cargo xtask simulate` runs both.

#![warn(missing_docs)]

mod chance;
mod day;
mod judge;
mod ledger;
mod mix;
mod owner;
mod parts;
mod storm;
mod weather;
mod world;

pub use chance::Chance;
pub use day::{Day, Figures, calm_day};
pub use judge::{Judgement, KeyJudgement, Limits, TooMuch, judge};
pub use ledger::Ledger;
pub use mix::{Call, Mix, Synthetic};
pub use storm::storm;
pub use weather::{CALM, Tally, Weather, charge};
pub use world::World;
