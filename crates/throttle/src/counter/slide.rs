//! Use in any period of one length.
//!
//! # Why never over
//! A block granted at g is to be spent by e(g), and counts until e(g) + W, where W is the window's length. Take any period
//! (s, s + W], and the last block that was granted no later than s + W and of which something is spent in the period. Every
//! other block that is spent in it was granted before that one, and has e > s, since it is spent after s: so e + W > s + W,
//! and it still counted when the last one was granted. That grant kept the sum within the amount.

use model::Timestamp;
use serde::{Deserialize, Serialize};

/// Units by the moment until which they may be spent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Slide {
    #[serde(rename = "l")]
    pub(super) length_ms: i64,
    /// When counting began; earlier use was carried over.
    #[serde(rename = "s")]
    pub(super) since: Timestamp,
    /// When the last block was granted under a limit that counts like this.
    #[serde(rename = "o")]
    pub(super) own_at: Timestamp,
    #[serde(rename = "u")]
    spans: Vec<(Timestamp, u64)>,
}

impl Slide {
    pub(super) fn opened(length_ms: i64, carried: u64, now: Timestamp) -> Self {
        let spans = if carried > 0 {
            vec![(now, carried)]
        } else {
            Vec::new()
        };
        Self {
            length_ms,
            since: now,
            own_at: now,
            spans,
        }
    }

    /// Forgets what no longer counts.
    pub(super) fn settle(&mut self, now: Timestamp) {
        let length_ms = self.length_ms;
        self.spans
            .retain(|(spent_by, _)| spent_by.plus_ms(length_ms) > now);
    }

    pub(super) fn is_running(&self, now: Timestamp) -> bool {
        self.counting(now).next().is_some()
    }

    pub(super) fn used(&self, now: Timestamp) -> u64 {
        self.counting(now)
            .fold(0, |sum, (_, units)| sum.saturating_add(*units))
    }

    /// Counts units that may be spent until `spent_by`.
    pub(super) fn debit(&mut self, units: u64, spent_by: Timestamp) {
        if units == 0 {
            return;
        }
        if let Some((_, used)) = self.spans.iter_mut().find(|(end, _)| *end == spent_by) {
            *used = used.saturating_add(units);
        } else {
            self.spans.push((spent_by, units));
        }
    }

    /// Takes back units that were counted and not spent.
    pub(super) fn credit(&mut self, units: u64, spent_by: Timestamp) {
        if let Some((_, used)) = self.spans.iter_mut().find(|(end, _)| *end == spent_by) {
            *used = used.saturating_sub(units);
        }
    }

    /// When `cost` of `amount` units will be left, if nobody uses any until then.
    pub(super) fn free_at(&self, amount: u64, cost: u64, now: Timestamp) -> Timestamp {
        let mut spans: Vec<_> = self.counting(now).copied().collect();
        spans.sort_unstable();
        let mut used = self.used(now);
        let mut at = now;
        for (spent_by, units) in spans {
            if amount.saturating_sub(used) >= cost {
                break;
            }
            used = used.saturating_sub(units);
            at = spent_by.plus_ms(self.length_ms);
        }
        at
    }

    fn counting(&self, now: Timestamp) -> impl Iterator<Item = &(Timestamp, u64)> {
        self.spans
            .iter()
            .filter(move |(spent_by, _)| spent_by.plus_ms(self.length_ms) > now)
    }
}
