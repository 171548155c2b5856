//! What an isolate admits by itself while an owner is out of reach.

use model::{Limit, Timestamp};

use crate::{Window, amount};

/// Units admitted in `window_end`'s window (by the local clock) without the owner.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct LocalShare {
    window_end: Timestamp,
    spent: u64,
}

impl LocalShare {
    pub(super) fn spend(&mut self, cost: u64, limit: &Limit, now: Timestamp) {
        self.open(limit, now);
        self.spent = self.spent.saturating_add(cost);
    }

    /// Until when `cost` is refused, if it is: a part of the limit may be used, and no more than the `known` rest of it.
    pub(super) fn refused_until(
        &mut self,
        cost: u64,
        limit: &Limit,
        known: Option<u64>,
        now: Timestamp,
    ) -> Option<Timestamp> {
        self.open(limit, now);
        let share = (amount(limit) / LOCAL_SHARES)
            .max(1)
            .min(known.unwrap_or(u64::MAX));
        (self.spent.saturating_add(cost) > share).then_some(self.window_end)
    }

    fn open(&mut self, limit: &Limit, now: Timestamp) {
        if self.window_end <= now {
            *self = Self {
                window_end: Window::about(limit, now).end,
                spent: 0,
            };
        }
    }
}

/// Without its owner a limit admits one part in this many per isolate and window, at least 1 unit.
const LOCAL_SHARES: u64 = 10;
