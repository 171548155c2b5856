//! How fast units go, to size the next block.

use model::{Algorithm, Limit, Timestamp};

use crate::amount;
use crate::counter::{life_ms, span_ms};

#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    since: Timestamp,
    spent: u64,
    want: u64,
}

impl Pace {
    pub(super) fn new(limit: &Limit, now: Timestamp) -> Self {
        Self {
            since: now,
            spent: 0,
            want: first_block(limit),
        }
    }

    pub(super) const fn spend(&mut self, units: u64) {
        self.spent = self.spent.saturating_add(units);
    }

    /// A call used so much: a block should not be smaller than that.
    pub(super) fn spend_at_once(&mut self, units: u64) {
        self.spend(units);
        self.want = self.want.max(units);
    }

    /// Whether anything was spent since the last ask.
    pub(super) const fn has_spent(&self) -> bool {
        self.spent > 0
    }

    /// The units of the time ahead at the pace since the last ask, at most four times the last want. A fixed window that is
    /// known to end at `ends_at` has no time ahead beyond that.
    pub(super) fn next_want(
        &mut self,
        limit: &Limit,
        ends_at: Option<Timestamp>,
        now: Timestamp,
    ) -> u64 {
        let elapsed = u64::try_from(now.ms_since(self.since)).unwrap_or_default();
        if self.spent > 0 {
            let rest = ends_at.and_then(|end| u64::try_from(end.ms_since(now)).ok());
            let ahead = block_life_ms(limit).unsigned_abs().min(AHEAD_MS);
            let ahead = ahead.min(rest.unwrap_or(ahead));
            let expected = self.spent.saturating_mul(ahead) / elapsed.max(PACE_AT_LEAST_MS);
            // Calls come by chance: twice the spread more, so that the end of a window does not cost another message.
            let expected = expected.saturating_add(expected.isqrt().saturating_mul(2));
            let most = self.want.saturating_mul(4);
            *self = Self {
                since: now,
                spent: 0,
                want: expected.clamp(first_block(limit), most.max(first_block(limit))),
            };
        }
        self.want
    }
}

/// What a counter not seen before is asked for: of a large limit a small part, which costs nobody else anything.
fn first_block(limit: &Limit) -> u64 {
    (amount(limit) / FIRST_SHARES).clamp(FIRST_AT_LEAST, FIRST_AT_MOST)
}

/// How long a block lives at least.
pub(super) fn block_life_ms(limit: &Limit) -> i64 {
    match limit.algorithm {
        Algorithm::Fixed => i64::MAX,
        Algorithm::Sliding => span_ms(limit),
        Algorithm::Gcra { burst } => life_ms(limit, burst),
    }
}

/// A block is wanted to last this long at the pace seen; the owner gives less where much is used.
const AHEAD_MS: u64 = 60_000;
/// Two calls in one millisecond are not two thousand a second.
const PACE_AT_LEAST_MS: u64 = 100;
/// One part of a limit in this many, 1.6 %, is taken before anything is known of the pace.
const FIRST_SHARES: u64 = 64;
const FIRST_AT_LEAST: u64 = 16;
const FIRST_AT_MOST: u64 = 512;
