//! What an isolate holds of one counter.

use std::collections::VecDeque;

use model::{FailureMode, Limit, Timestamp};

use crate::counter::EXACT_UP_TO;
use crate::{Ask, Charge, GiveBack, Outcome, Refusal, Window, amount};

/// Blocks, the last denial and the pace of one counter, all under one limit.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    limit: Limit,
    /// Oldest first.
    blocks: VecDeque<Block>,
    denial: Option<Denial>,
    /// Units held after the last grant.
    filled: u64,
    /// What the owner had left when it last spoke, and when that window ends.
    left: Option<(u64, Timestamp)>,
    share: LocalShare,
    pace: Pace,
    /// A refill is on its way; after this moment it counts as lost.
    refill_until: Timestamp,
    spent_at: Timestamp,
}

/// Units granted by one request and not yet spent.
#[derive(Clone, Copy, Debug)]
struct Block {
    number: u64,
    units: u64,
    ends_at: Timestamp,
}

/// The owner could not give more than `left` units before `until`.
#[derive(Clone, Copy, Debug)]
struct Denial {
    until: Timestamp,
    left: u64,
}

/// Units admitted in `window_end`'s window (by the local clock) without the owner.
#[derive(Clone, Copy, Debug, Default)]
struct LocalShare {
    window_end: Timestamp,
    spent: u64,
}

/// How fast units go, to size the next block.
#[derive(Clone, Copy, Debug)]
struct Pace {
    since: Timestamp,
    spent: u64,
    want: u64,
}

/// Where a charge stands before anything is spent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// Enough units are held.
    Held,
    /// The policy admits although the owner cannot be reached.
    Degraded,
    /// Refused until the moment.
    Denied(Refusal, Timestamp),
    /// The owner has to be asked.
    Lacking,
}

impl Entry {
    pub(super) fn new(limit: Limit, now: Timestamp) -> Self {
        Self {
            limit,
            blocks: VecDeque::new(),
            denial: None,
            filled: 0,
            left: None,
            share: LocalShare::default(),
            pace: Pace {
                since: now,
                spent: 0,
                want: FIRST_BLOCK,
            },
            refill_until: Timestamp(i64::MIN),
            spent_at: now,
        }
    }

    pub(super) fn is_under(&self, limit: &Limit) -> bool {
        self.limit == *limit
    }

    /// Decides `charge`; `down_until` is set while the owner is known to be out of reach.
    pub(super) fn look(
        &mut self,
        charge: &Charge,
        down_until: Option<Timestamp>,
        now: Timestamp,
    ) -> Look {
        self.blocks.retain(|block| block.ends_at > now);
        if self.held() >= charge.cost {
            return Look::Held;
        }
        if let Some(denial) = self.denial
            && denial.until > now
            && self.held().saturating_add(denial.left) < charge.cost
        {
            return Look::Denied(Refusal::Exhausted, denial.until);
        }
        let Some(down_until) = down_until else {
            return Look::Lacking;
        };
        match charge.on_failure {
            FailureMode::Open => Look::Degraded,
            FailureMode::Closed => Look::Denied(Refusal::Unreachable, down_until),
            FailureMode::Local => self.look_locally(charge, now),
        }
    }

    /// Spends `cost` units, the oldest first.
    pub(super) fn spend(&mut self, cost: u64, now: Timestamp) {
        let mut owed = cost;
        while owed > 0 {
            let Some(block) = self.blocks.front_mut() else {
                break;
            };
            let units = owed.min(block.units);
            block.units -= units;
            owed -= units;
            if block.units == 0 {
                self.blocks.pop_front();
            }
        }
        self.pace.spent = self.pace.spent.saturating_add(cost);
        self.spent_at = now;
    }

    /// Spends `cost` units that no owner granted.
    pub(super) fn spend_locally(&mut self, cost: u64, now: Timestamp) {
        self.open_share(now);
        self.share.spent = self.share.spent.saturating_add(cost);
        self.spent_at = now;
    }

    /// Units left as far as known, and when the window ends: what is held plus what the owner had left.
    pub(super) fn standing(&self, now: Timestamp) -> (u64, Timestamp) {
        match self.left {
            Some((left, ends_at)) if ends_at > now => (self.held().saturating_add(left), ends_at),
            _ => (self.held(), Window::about(&self.limit, now).end),
        }
    }

    /// What to ask the owner for so that a call of `cost` units can be admitted.
    pub(super) fn ask(&mut self, charge: &Charge, now: Timestamp) -> Ask {
        let want = self.next_want(now).max(charge.cost);
        let cost = charge.cost.saturating_sub(self.held());
        Ask {
            key: charge.key.clone(),
            limit: self.limit,
            cost,
            want,
        }
    }

    /// What to ask for although no call waits: the next block. Asked for when a message goes to the owner anyway, so half
    /// a block left is reason enough; [`Self::is_low`] says when a message is worth it by itself.
    pub(super) fn refill(&mut self, charge: &Charge, now: Timestamp) -> Option<Ask> {
        if !self.can_refill(now) || self.held() > self.filled / 2 {
            return None;
        }
        self.refill_until = now.plus_ms(REFILL_LOST_AFTER_MS);
        Some(Ask {
            cost: 0,
            ..self.ask(charge, now)
        })
    }

    /// Whether the next block should be asked for now: it would be spent before the answer is here if nobody asked.
    pub(super) fn is_low(&self, now: Timestamp) -> bool {
        self.can_refill(now) && self.held() <= self.filled / 4
    }

    /// Whether another block could come, would be of use, and is not on its way.
    fn can_refill(&self, now: Timestamp) -> bool {
        let is_denied = self.denial.is_some_and(|denial| denial.until > now);
        let is_ending = self
            .left
            .is_none_or(|(left, ends_at)| left == 0 || ends_at.ms_since(now) < REFILL_WORTH_MS);
        amount(&self.limit) > EXACT_UP_TO
            && !is_denied
            && !is_ending
            && self.refill_until <= now
            && self.pace.spent > 0
    }

    /// Takes the owner's word; `asked_at` is when the request was sent.
    pub(super) fn receive(
        &mut self,
        number: u64,
        outcome: Outcome,
        asked_at: Timestamp,
        now: Timestamp,
    ) {
        let ends_at = asked_at.plus_ms(outcome.ends_in_ms);
        self.refill_until = Timestamp(i64::MIN);
        if ends_at <= now {
            return;
        }
        self.left = Some((outcome.remaining, ends_at));
        self.denial = outcome.denied.then_some(Denial {
            until: ends_at,
            left: outcome.remaining,
        });
        if outcome.units > 0 {
            self.blocks.push_back(Block {
                number,
                units: outcome.units,
                ends_at,
            });
            self.filled = self.held();
        }
    }

    /// Gives up every unit that can still be returned.
    pub(super) fn surrender(&mut self, charge_key: &crate::CounterKey) -> Vec<GiveBack> {
        let given = |block: Block| GiveBack {
            key: charge_key.clone(),
            number: block.number,
            units: block.units,
        };
        self.blocks.drain(..).map(given).collect()
    }

    /// Whether units are held that nobody has spent from for a while.
    pub(super) fn is_idle(&self, now: Timestamp) -> bool {
        !self.blocks.is_empty() && now.ms_since(self.spent_at) >= IDLE_AFTER_MS
    }

    fn held(&self) -> u64 {
        self.blocks
            .iter()
            .fold(0, |sum: u64, block| sum.saturating_add(block.units))
    }

    fn look_locally(&mut self, charge: &Charge, now: Timestamp) -> Look {
        self.open_share(now);
        let known = self
            .left
            .filter(|(_, ends_at)| *ends_at > now)
            .map(|(left, _)| left);
        let share = (amount(&self.limit) / LOCAL_SHARES)
            .max(1)
            .min(known.unwrap_or(u64::MAX));
        if self.share.spent.saturating_add(charge.cost) <= share {
            Look::Degraded
        } else {
            Look::Denied(Refusal::Unreachable, self.share.window_end)
        }
    }

    fn open_share(&mut self, now: Timestamp) {
        if self.share.window_end <= now {
            let window_end = Window::about(&self.limit, now).end;
            self.share = LocalShare {
                window_end,
                spent: 0,
            };
        }
    }

    /// The units of the next [`AHEAD_MS`] at the pace since the last ask, at most four times the last want.
    fn next_want(&mut self, now: Timestamp) -> u64 {
        let elapsed = u64::try_from(now.ms_since(self.pace.since)).unwrap_or_default();
        if self.pace.spent > 0 {
            let expected = self.pace.spent.saturating_mul(AHEAD_MS) / elapsed.max(PACE_AT_LEAST_MS);
            let most = self.pace.want.saturating_mul(4);
            self.pace = Pace {
                since: now,
                spent: 0,
                want: expected.clamp(FIRST_BLOCK, most),
            };
        }
        self.pace.want
    }
}

/// A block is wanted to last this long at the pace seen; the owner gives less where much is used.
const AHEAD_MS: u64 = 30_000;
/// Two calls in one millisecond are not two thousand a second.
const PACE_AT_LEAST_MS: u64 = 100;
/// What a counter not seen before is asked for.
const FIRST_BLOCK: u64 = 16;
/// Held units that were not touched for this long go back with the next message to their owner.
const IDLE_AFTER_MS: i64 = 10_000;
/// A refill without an answer after this long is asked for again.
const REFILL_LOST_AFTER_MS: i64 = 2_000;
/// A window that ends sooner than this is not worth another block.
const REFILL_WORTH_MS: i64 = 200;
/// Without its owner a limit admits one part in this many per isolate and window, at least 1 unit.
const LOCAL_SHARES: u64 = 10;
