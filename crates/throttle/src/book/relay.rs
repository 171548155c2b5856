//! Between an owner and its crowd: takes blocks from the owner as a gateway does, and lends them on to gateways.
//!
//! A relay keeps nothing on disk. What it holds was debited by the owner before, so that a relay that dies makes a window
//! admit fewer calls, never more. What it says of windows, denials and the way of counting is the owner's word, shortened
//! by the time that has passed since it asked.

use std::collections::BTreeMap;

use model::{FailureMode, Timestamp};

use self::lent::{Lent, Loans};
use super::entry::{Entry, Look};
use super::outbox::Outbox;
use crate::counter::{Part, loan_units};
use crate::crowd::Crowd;
use crate::{
    Ask, Charge, CounterKey, Holder, LeaseCall, LeaseReply, LeaseRequest, ObjectName, Outcome,
    Refusal, Stage, policy_version,
};

mod lent;

/// One relay of an object.
///
/// ```text
/// loop {
///     match relay.answer(&request, now) {
///         Reply(reply)  => answer with it; then, off the request's way: send relay.refill_due(now) to the owner
///         Missing(call) => send it to the owner, then relay.receive(..) or relay.unreachable(..)
///         Awaited       => wait a few milliseconds
///         Lost          => answer that the owner cannot be reached
///     }
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Relay {
    root: ObjectName,
    /// By counter and version of the policy: while a change of policy goes round, holders ask under both.
    entries: BTreeMap<(CounterKey, u32), Entry>,
    outbox: Outbox,
    loans: Loans,
    crowd: Crowd,
    /// How many relays the owner last said there are.
    relays: u32,
    clock: Timestamp,
}

/// What a relay makes of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Relayed {
    /// For the holder.
    Reply(LeaseReply),
    /// The owner has to be asked first.
    Missing(LeaseCall),
    /// The owner was asked, for another holder, and its answer may do for this one too.
    Awaited,
    /// The owner did not answer a moment ago.
    Lost,
}

impl Relay {
    /// A relay of `root` that calls itself `holder`.
    #[must_use]
    pub fn new(root: ObjectName, holder: Holder) -> Self {
        Self {
            root,
            entries: BTreeMap::new(),
            outbox: Outbox::new(holder),
            loans: Loans::default(),
            crowd: Crowd::default(),
            relays: 0,
            clock: Timestamp(i64::MIN),
        }
    }

    /// Answers a holder's request as the owner would, from what is held here; all of a waiting call's limits or none.
    pub fn answer(&mut self, request: &LeaseRequest, now: Timestamp) -> Relayed {
        let now = self.advance(now);
        self.crowd.note(&request.holder, request.holders, now);
        if let Some(outcomes) = self.loans.again(request, now) {
            return Relayed::Reply(self.reply(outcomes));
        }
        self.take_back(request, now);
        let looks: Vec<Look> = request.asks.iter().map(|ask| self.look(ask, now)).collect();
        let judged = || request.asks.iter().zip(&looks);
        let is_lost = |look: &Look| matches!(look, Look::Denied(Refusal::Unreachable, _));
        if looks.iter().any(is_lost) {
            return Relayed::Lost;
        }
        let is_refused =
            judged().any(|(ask, look)| ask.cost > 0 && matches!(look, Look::Denied(..)));
        if !is_refused && looks.contains(&Look::Lacking) {
            return Relayed::Missing(self.ask_root(request, &looks, now));
        }
        if !is_refused && looks.contains(&Look::Awaited) {
            return Relayed::Awaited;
        }
        let mut lent = Vec::with_capacity(looks.len());
        for (ask, look) in judged() {
            let is_left = is_refused && ask.cost > 0;
            lent.push(match *look {
                Look::Denied(_, until) => (self.denied(ask, until, now), None),
                Look::Held if !is_left => self.lend(ask, now),
                Look::Held | Look::Degraded | Look::Lacking | Look::Awaited => {
                    (self.nothing(ask, now), None)
                }
            });
        }
        self.refill(request, now);
        let outcomes = self.loans.keep(request, lent, now);
        Relayed::Reply(self.reply(outcomes))
    }

    /// Takes the owner's reply; `sent_at` is the local time just before the request was sent.
    pub fn receive(
        &mut self,
        call: &LeaseCall,
        reply: &LeaseReply,
        sent_at: Timestamp,
        now: Timestamp,
    ) {
        if reply.outcomes.len() != call.request.asks.len() {
            return self.unreachable(call, now);
        }
        let now = self.advance(now);
        if !self.outbox.answered(call, 0, now) {
            return;
        }
        self.relays = reply.relays;
        for (ask, outcome) in call.request.asks.iter().zip(&reply.outcomes) {
            self.entry(ask, now)
                .receive(call.request.number, *outcome, sent_at, now);
        }
    }

    /// Says that the owner did not answer: for the next second nobody is answered from here.
    pub fn unreachable(&mut self, call: &LeaseCall, now: Timestamp) {
        let now = self.advance(now);
        self.outbox
            .failed(call, now.plus_ms(super::DOWN_FOR_MS), now);
        for ask in &call.request.asks {
            self.entry(ask, now).give_up_waiting();
        }
    }

    /// Whether a request of this relay's still waits for its answer.
    #[must_use]
    pub fn is_open(&self, call: &LeaseCall) -> bool {
        self.outbox.is_open(call.request.number)
    }

    /// Requests for the next blocks, to be sent to the owner while no holder waits.
    pub fn refill_due(&mut self, now: Timestamp) -> Vec<LeaseCall> {
        let now = self.advance(now);
        self.outbox.stand_for(self.crowd.size());
        let due = self.outbox.take_due().into_iter();
        due.map(|(root, asks)| self.outbox.call(root, asks, now))
            .collect()
    }

    fn reply(&self, outcomes: Vec<Outcome>) -> LeaseReply {
        LeaseReply {
            outcomes,
            relays: self.relays,
        }
    }

    fn look(&mut self, ask: &Ask, now: Timestamp) -> Look {
        let down_until = self.outbox.down_until(&self.root, now);
        let charge = self.charge(ask);
        let entry = self.entry(ask, now);
        let lapsed = entry.surrender_lapsed(&ask.key, now);
        let look = entry.look(&charge, down_until, now);
        // A holder that was denied does not ask again, unless it has heard of a reset or doubts: then an old word is not
        // good enough.
        let is_old =
            matches!(look, Look::Denied(Refusal::Exhausted, _)) && entry.doubts_after(OLD_MS, now);
        let root = self.root.clone();
        self.outbox.return_all(&root, lapsed);
        if is_old { Look::Lacking } else { look }
    }

    fn ask_root(&mut self, request: &LeaseRequest, looks: &[Look], now: Timestamp) -> LeaseCall {
        let mut asks = Vec::with_capacity(looks.len());
        for (ask, look) in request.asks.iter().zip(looks) {
            let charge = self.charge(ask);
            let entry = self.entry(ask, now);
            if *look == Look::Lacking {
                let asked = entry.ask_waiting(&charge, now);
                // Nobody waits for a refill; the owner must not refuse a call for the want of one.
                let cost = if ask.cost == 0 { 0 } else { asked.cost };
                asks.push(Ask { cost, ..asked });
            } else if *look == Look::Held {
                asks.extend(entry.refill(&charge, now));
            }
        }
        self.return_idle(request, now);
        self.outbox.stand_for(self.crowd.size());
        self.outbox.call(self.root.clone(), asks, now)
    }

    /// Gives the owner back what nobody has borrowed from for a while.
    fn return_idle(&mut self, request: &LeaseRequest, now: Timestamp) {
        let is_asked = |key: &CounterKey| request.asks.iter().any(|ask| ask.key == *key);
        let entries = self.entries.iter_mut();
        let idle = entries.filter(|((key, _), entry)| entry.is_idle(now) && !is_asked(key));
        for ((key, _), entry) in idle.take(super::SCANNED_FOR_IDLE) {
            self.outbox.return_all(&self.root, entry.surrender(key));
        }
    }

    fn lend(&mut self, ask: &Ask, now: Timestamp) -> (Outcome, Option<Lent>) {
        let part = Part {
            holders: 1,
            of: self.crowd.size(),
        };
        let entry = self.entry(ask, now);
        let wanted = loan_units(ask, entry.held(), part);
        let Some((units, block)) = entry.lend(wanted, ask.cost.max(1), now) else {
            return (self.nothing(ask, now), None);
        };
        let left = entry.denied_until(now);
        let drained = left.filter(|_| entry.held() == 0);
        let ends_at = drained.map_or(block.ends_at, |until| until.min(block.ends_at));
        let outcome = Outcome {
            units,
            remaining: entry.standing(now).0,
            ends_in_ms: ends_at.ms_since(now),
            denied: drained.is_some(),
        };
        let lent = Lent {
            key: ask.key.clone(),
            version: policy_version(&ask.limit),
            block,
        };
        (outcome, Some(lent))
    }

    fn denied(&mut self, ask: &Ask, until: Timestamp, now: Timestamp) -> Outcome {
        let entry = self.entry(ask, now);
        Outcome {
            units: 0,
            remaining: entry.held().saturating_add(entry.denied_left()),
            ends_in_ms: until.ms_since(now),
            denied: true,
        }
    }

    /// Neither granted nor denied: another limit of the same call refuses.
    fn nothing(&mut self, ask: &Ask, now: Timestamp) -> Outcome {
        let (remaining, ends_at) = self.entry(ask, now).standing(now);
        Outcome {
            units: 0,
            remaining,
            ends_in_ms: ends_at.ms_since(now),
            denied: false,
        }
    }

    fn refill(&mut self, request: &LeaseRequest, now: Timestamp) {
        for ask in &request.asks {
            let charge = self.charge(ask);
            let entry = self.entry(ask, now);
            if entry.is_low(now)
                && let Some(next) = entry.refill(&charge, now)
            {
                let root = self.root.clone();
                self.outbox.due(&root, next);
            }
        }
    }

    /// What a holder no longer needs is there for others. What has lapsed and still counts goes back to the owner.
    fn take_back(&mut self, request: &LeaseRequest, now: Timestamp) {
        for given in &request.returns {
            let Some(lent) = self.loans.take_back(&request.holder, given) else {
                continue;
            };
            let place = (lent.key.clone(), lent.version);
            match self.entries.get_mut(&place) {
                Some(entry) if lent.block.ends_at > now => entry.take_back(lent.block),
                Some(_) | None => {
                    let returns = vec![lent.block.given(&lent.key)];
                    self.outbox.return_all(&self.root, returns);
                }
            }
        }
    }

    fn entry(&mut self, ask: &Ask, now: Timestamp) -> &mut Entry {
        if self.entries.len() >= ENTRIES_AT_MOST {
            self.entries.retain(|_, entry| !entry.is_at_rest(now));
        }
        let place = (ask.key.clone(), policy_version(&ask.limit));
        let entry = self.entries.entry(place);
        entry.or_insert_with(|| Entry::new(ask.limit, now))
    }

    fn charge(&self, ask: &Ask) -> Charge {
        Charge {
            stage: Stage::Subscription,
            object: self.root.clone(),
            key: ask.key.clone(),
            policy: "".into(),
            limit: ask.limit,
            cost: ask.cost,
            enforced: true,
            on_failure: FailureMode::Closed,
            resets: 0,
        }
    }

    /// As a gateway's book: after a long step back nobody knows how long blocks last.
    fn advance(&mut self, now: Timestamp) -> Timestamp {
        if self.clock.ms_since(now) > super::STEP_BACK_MS && self.clock.0 != i64::MIN {
            self.entries.clear();
            self.clock = now;
        }
        self.clock = self.clock.max(now);
        self.clock
    }
}

/// How old a denial is when the owner is asked whether it still holds.
const OLD_MS: i64 = 1_000;
/// About 8 MB.
const ENTRIES_AT_MOST: usize = 20_000;

#[cfg(test)]
mod tests;
