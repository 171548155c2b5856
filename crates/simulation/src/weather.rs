//! How bad a world is, what happens in it, and what its calls cost.

use model::{FailureMode, Limit};
use throttle::{Charge, ObjectName, Stage};

use crate::Ledger;

/// How bad the world is; percentages are per message.
#[derive(Clone, Copy, Debug)]
pub struct Weather {
    /// Places that decide calls.
    pub isolates: u64,
    /// How far clocks are off, at most, to either side.
    pub skew_ms: i64,
    /// The least and the most that a message takes.
    pub delay_ms: (i64, i64),
    /// Messages that do not arrive.
    pub lost: u64,
    /// Messages that arrive twice.
    pub repeated: u64,
    /// Of requests processed: the owner dies before the reply leaves, and restarts from its rows.
    pub owner_dies: u64,
    /// Of calls: the isolate dies with all that it holds.
    pub isolate_dies: u64,
    /// Holders from which on an owner has relays, where that is to be another number than the usual one.
    pub relayed_from: Option<u32>,
}

/// A good day.
pub const CALM: Weather = Weather {
    isolates: 4,
    skew_ms: 2_000,
    delay_ms: (2, 30),
    lost: 0,
    repeated: 0,
    owner_dies: 0,
    isolate_dies: 0,
    relayed_from: None,
};

/// What happened, as far as callers can see it.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Calls that arrived.
    pub offered: u64,
    /// Calls that passed.
    pub admitted: u64,
    /// Calls that were refused.
    pub denied: u64,
    /// Messages to owners and relays.
    pub messages: u64,
    /// Those that went to relays.
    pub relayed: u64,
    /// The most messages that one owner or relay had in one second.
    pub busiest: u64,
    /// How long each call waited for owners, by milliseconds; those that waited longest are in the last place.
    pub waits: Vec<u64>,
    /// Every unit that was admitted.
    pub ledger: Ledger,
    /// A digest of all replies, in their order.
    pub trace: u64,
}

/// A charge against `key` of `object`, one unit, refused when its owner is out of reach.
#[must_use]
pub fn charge(object: &ObjectName, key: &str, limit: Limit) -> Charge {
    Charge {
        stage: Stage::Subscription,
        object: object.clone(),
        key: key.to_owned().into(),
        policy: "Plan".into(),
        limit,
        cost: 1,
        enforced: true,
        on_failure: FailureMode::Closed,
        resets: 0,
    }
}
