//! What an isolate holds of one counter.

mod lending;

use model::{Algorithm, FailureMode, Limit, Timestamp};

use super::blocks::{Block, Blocks};
use super::pace::{Pace, block_life_ms};
use super::share::LocalShare;
use crate::counter::EXACT_UP_TO;
use crate::{Ask, Charge, CounterKey, GiveBack, Outcome, Refusal, Window, amount};

/// Blocks, the last denial and the pace of one counter, all under one limit.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    limit: Limit,
    blocks: Blocks,
    denial: Option<Denial>,
    /// As the last charge said.
    resets: u32,
    /// Units held after the last grant.
    filled: u64,
    /// What the owner had left when it last spoke, and when that window ends.
    left: Option<(u64, Timestamp)>,
    share: LocalShare,
    pace: Pace,
    /// A refill is on its way; after this moment it counts as lost.
    refill_until: Timestamp,
    /// A call has asked the owner and waits for the answer until then: calls that come meanwhile wait for the same one.
    asked_until: Timestamp,
    /// The answer to that has come, and those who waited for it may ask for themselves until then.
    served_until: Timestamp,
    spent_at: Timestamp,
    /// Units used beyond what was held, of which the owner does not know yet.
    owed: u64,
}

/// The owner could not give more than `left` units before `until`.
#[derive(Clone, Copy, Debug)]
struct Denial {
    until: Timestamp,
    left: u64,
    /// When the owner was last asked whether it still holds.
    asked_at: Timestamp,
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
    /// The owner was asked, and its answer may do for this call too.
    Awaited,
}

impl Entry {
    pub(super) fn new(limit: Limit, now: Timestamp) -> Self {
        Self {
            limit,
            blocks: Blocks::default(),
            denial: None,
            resets: 0,
            filled: 0,
            left: None,
            share: LocalShare::default(),
            pace: Pace::new(&limit, now),
            refill_until: Timestamp(i64::MIN),
            asked_until: Timestamp(i64::MIN),
            served_until: Timestamp(i64::MIN),
            spent_at: now,
            owed: 0,
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
        self.blocks.settle(now);
        if self.resets != charge.resets {
            self.resets = charge.resets;
            self.denial = None;
        }
        // A call whose cost is known only when it ends needs something to be left all the same.
        let needed = charge.cost.max(1);
        if self.held() >= needed {
            return Look::Held;
        }
        if let Some(denial) = self.denial
            && denial.until > now
            && self.held().saturating_add(denial.left) < needed
        {
            return Look::Denied(Refusal::Exhausted, denial.until);
        }
        let Some(down_until) = down_until else {
            return if self.is_awaited(now) {
                Look::Awaited
            } else {
                Look::Lacking
            };
        };
        match charge.on_failure {
            FailureMode::Open => Look::Degraded,
            FailureMode::Closed => Look::Denied(Refusal::Unreachable, down_until),
            FailureMode::Local => self.look_locally(charge, now),
        }
    }

    /// Whether an answer is under way that may do for a call that comes now. Of small limits each call gets its own unit.
    pub(super) fn is_awaited(&self, now: Timestamp) -> bool {
        self.asked_until > now && self.served_until <= now
    }

    /// As [`Self::ask`], for a call that waits; others may wait with it. Who asks while another call's answer is under way
    /// asks for no more than it needs: the next block is coming.
    pub(super) fn ask_waiting(&mut self, charge: &Charge, now: Timestamp) -> Ask {
        let is_another = self.asked_until > now;
        if amount(&self.limit) > EXACT_UP_TO {
            self.asked_until = now.plus_ms(JOINED_FOR_MS);
        }
        let ask = self.ask(charge, now);
        let want = if is_another {
            charge.cost.max(1)
        } else {
            ask.want
        };
        Ask { want, ..ask }
    }

    /// The answer does not come, and no refill either.
    pub(super) const fn give_up_asking(&mut self) {
        self.give_up_waiting();
        self.refill_until = Timestamp(i64::MIN);
    }

    /// The answer does not come.
    pub(super) const fn give_up_waiting(&mut self) {
        self.asked_until = Timestamp(i64::MIN);
    }

    /// Spends `cost` units, the oldest first.
    pub(super) fn spend(&mut self, cost: u64, now: Timestamp) {
        self.blocks.take(cost);
        self.pace.spend(cost);
        self.spent_at = now;
    }

    /// Spends `units` that were used already: of what is held first, the rest is owed. Returns whether something is.
    pub(super) fn settle(&mut self, units: u64, now: Timestamp) -> bool {
        self.blocks.settle(now);
        self.owe(self.held().min(units), units);
        self.pace.spend_at_once(units);
        self.spent_at = now;
        self.owed > 0
    }

    /// Takes what the owner is to be told of.
    pub(super) const fn take_owed(&mut self) -> u64 {
        std::mem::replace(&mut self.owed, 0)
    }

    /// Owes again what could not be told to the owner.
    pub(super) fn owe_again(&mut self, units: u64) {
        self.owed = self.owed.saturating_add(units);
    }

    /// What to ask the owner for when something is owed: to debit that, and the next block if it is of use.
    pub(super) fn ask_owing(&mut self, charge: &Charge, now: Timestamp) -> Ask {
        if let Some(ask) = self.refill(charge, now) {
            return ask;
        }
        Ask {
            cost: 0,
            want: 0,
            ..self.ask(charge, now)
        }
    }

    fn owe(&mut self, held: u64, units: u64) {
        self.blocks.take(held);
        self.owed = self.owed.saturating_add(units.saturating_sub(held));
    }

    /// Spends `cost` units that no owner granted.
    pub(super) fn spend_locally(&mut self, cost: u64, now: Timestamp) {
        self.share.spend(cost, &self.limit, now);
        self.spent_at = now;
    }

    /// Units left as far as known, and when the window ends: what is held plus what the owner had left.
    pub(super) fn standing(&self, now: Timestamp) -> (u64, Timestamp) {
        match self.limit.algorithm {
            Algorithm::Fixed => {}
            Algorithm::Sliding | Algorithm::Gcra { .. } => return self.standing_anywhere(now),
        }
        match self.left {
            Some((left, ends_at)) if ends_at > now => (self.held().saturating_add(left), ends_at),
            _ => (self.held(), Window::about(&self.limit, now).end),
        }
    }

    /// Where no window ends: all is there again a window later at the latest, or once the burst has come in.
    fn standing_anywhere(&self, now: Timestamp) -> (u64, Timestamp) {
        let left = self.left.map_or(0, |(left, _)| left);
        let known = self.held().saturating_add(left);
        let window_ms = Window::nominal_ms(&self.limit);
        let Algorithm::Gcra { burst } = self.limit.algorithm else {
            return (known, now.plus_ms(window_ms));
        };
        let missing = u128::from(burst.saturating_sub(known));
        let wait =
            missing * u128::from(window_ms.unsigned_abs()) / u128::from(amount(&self.limit).max(1));
        (known, now.plus_ms(i64::try_from(wait).unwrap_or(window_ms)))
    }

    /// What to ask the owner for so that a call of `cost` units can be admitted.
    pub(super) fn ask(&mut self, charge: &Charge, now: Timestamp) -> Ask {
        let ends_at = self.left.map(|(_, ends_at)| ends_at);
        let ends_at = ends_at.filter(|end| self.limit.algorithm.is_default() && *end > now);
        let want = self.pace.next_want(&self.limit, ends_at, now);
        let want = want.max(charge.cost);
        let cost = charge.cost.max(1).saturating_sub(self.held());
        Ask {
            key: charge.key.clone(),
            limit: self.limit,
            cost,
            want,
            owed: self.take_owed(),
        }
    }

    /// What to ask for although no call waits: the next block. Asked for when a message goes to the owner anyway, so half
    /// a block left is reason enough; [`Self::is_low`] says when a message is worth it by itself.
    pub(super) fn refill(&mut self, charge: &Charge, now: Timestamp) -> Option<Ask> {
        if !self.can_refill(now) || (self.held() > self.filled / 2 && !self.lapses_soon(now)) {
            return None;
        }
        self.refill_until = now.plus_ms(REFILL_LOST_AFTER_MS);
        Some(Ask {
            cost: 0,
            ..self.ask(charge, now)
        })
    }

    /// What to ask about a denial that lasts long and was not confirmed for a while: it may have been reset. Asked off the
    /// call's way, which is refused meanwhile.
    pub(super) fn doubt(&mut self, charge: &Charge, now: Timestamp) -> Option<Ask> {
        let denial = self.denial.as_mut()?;
        let is_long = denial.until.ms_since(now) > DOUBTED_FROM_MS;
        if !is_long || now.ms_since(denial.asked_at) < DOUBTED_EVERY_MS {
            return None;
        }
        denial.asked_at = now;
        let want = charge.cost.max(1);
        Some(Ask {
            cost: 0,
            want,
            ..self.ask(charge, now)
        })
    }

    /// Whether the next block should be asked for now: it would be spent before the answer is here if nobody asked.
    pub(super) fn is_low(&self, now: Timestamp) -> bool {
        (self.held() <= self.filled / 4 || self.lapses_soon(now)) && self.can_refill(now)
    }

    /// Whether what is held must be spent within a quarter of a block's life, while the limit goes on.
    fn lapses_soon(&self, now: Timestamp) -> bool {
        !self.limit.algorithm.is_default()
            && self
                .blocks
                .last_until()
                .is_none_or(|ends_at| ends_at.ms_since(now) < block_life_ms(&self.limit) / 4)
    }

    /// Whether another block could come, would be of use, and is not on its way.
    fn can_refill(&self, now: Timestamp) -> bool {
        let is_denied = self.denial.is_some_and(|denial| denial.until > now);
        let is_ending = self
            .left
            .is_none_or(|(left, ends_at)| left == 0 || self.ends_soon(ends_at, now));
        amount(&self.limit) > EXACT_UP_TO
            && !is_denied
            && !is_ending
            && self.refill_until <= now
            && self.pace.has_spent()
    }

    /// Whether the limit itself starts anew soon; only a fixed window does.
    fn ends_soon(&self, ends_at: Timestamp, now: Timestamp) -> bool {
        self.limit.algorithm.is_default() && ends_at.ms_since(now) < REFILL_WORTH_MS
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
        let was_awaited = self.asked_until > now;
        self.asked_until = Timestamp(i64::MIN);
        if ends_at <= now {
            return;
        }
        if was_awaited {
            self.served_until = now.plus_ms(SERVED_FOR_MS);
        }
        self.left = Some((outcome.remaining, ends_at));
        self.denial = outcome.denied.then_some(Denial {
            until: ends_at,
            left: if outcome.units > 0 {
                0
            } else {
                outcome.remaining
            },
            asked_at: now,
        });
        if outcome.units > 0 {
            self.blocks.push(Block {
                number,
                units: outcome.units,
                ends_at,
            });
            self.filled = self.held();
        }
    }

    /// Gives up every unit that can still be returned.
    pub(super) fn surrender(&mut self, key: &CounterKey) -> Vec<GiveBack> {
        self.blocks.surrender(key)
    }

    /// Gives up what lapsed and still counts at the owner: in a fixed window nothing does.
    pub(super) fn surrender_lapsed(&self, key: &CounterKey, now: Timestamp) -> Vec<GiveBack> {
        if self.limit.algorithm == Algorithm::Sliding {
            self.blocks.lapsed(key, now)
        } else {
            Vec::new()
        }
    }

    /// Whether units are held that nobody has spent from for a while.
    pub(super) fn is_idle(&self, now: Timestamp) -> bool {
        !self.blocks.is_empty() && self.is_unused(now)
    }

    pub(super) fn held(&self) -> u64 {
        self.blocks.held()
    }

    fn is_unused(&self, now: Timestamp) -> bool {
        now.ms_since(self.spent_at) >= IDLE_AFTER_MS
    }

    fn look_locally(&mut self, charge: &Charge, now: Timestamp) -> Look {
        let known = self
            .left
            .filter(|(_, ends_at)| *ends_at > now)
            .map(|(left, _)| left);
        match self
            .share
            .refused_until(charge.cost, &self.limit, known, now)
        {
            None => Look::Degraded,
            Some(until) => Look::Denied(Refusal::Unreachable, until),
        }
    }
}

/// Held units that were not touched for this long go back with the next message to their owner.
const IDLE_AFTER_MS: i64 = 10_000;
/// A refill without an answer after this long is asked for again.
const REFILL_LOST_AFTER_MS: i64 = 2_000;
/// How long calls wait for the answer that another call asked for; after that, the first of them asks too.
const JOINED_FOR_MS: i64 = 250;
/// Who waited for an answer that did not do asks alone. By then he has looked: he does so every few milliseconds.
const SERVED_FOR_MS: i64 = 30;
/// A window that ends sooner than this is not worth another block.
const REFILL_WORTH_MS: i64 = 200;
/// A denial that ends sooner is not doubted: an exhausted limit by the minute costs no messages.
const DOUBTED_FROM_MS: i64 = 60_000;
/// How soon a reset of a longer limit is noticed where its denial is remembered.
const DOUBTED_EVERY_MS: i64 = 5_000;
