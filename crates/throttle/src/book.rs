//! The gateway's side: what one isolate holds of the limits it counts against.

mod blocks;
mod entry;
mod outbox;
mod pace;
mod relay;
mod routes;
mod share;
mod shelves;

use std::rc::Rc;

use model::{FailureMode, Timestamp};

use self::entry::{Entry, Look};
use self::outbox::Outbox;
pub use self::relay::{Relay, Relayed};
use self::shelves::Shelves;
use crate::{
    Admitted, Ask, Charge, Denied, Holder, LeaseCall, LeaseReply, LeaseRequest, ObjectName,
    Refusal, Standing, Turn, Verdict,
};

/// Blocks and denials of one isolate, in bounded memory.
///
/// ```text
/// loop {
///     match book.admit(&charges, now) {
///         Admitted(proof) => forward;              // then, off the request's way: send book.refill_due(now)
///         Denied(why)     => answer 429;
///         Missing(calls)  => for each call, in parallel: send it, then book.receive(..)
///                            or, when it failed or took too long, book.unreachable(..)
///         Awaited(turn)   => wait a few milliseconds at a time while book.is_awaited(&turn)
///     }
/// }
/// ```
///
/// Calls that interleave may spend each other's blocks, so a call can be missing again: after three rounds tell the book
/// that the objects of the last round are unreachable, and the policy decides.
/// A request may be sent again as it is (same number): the owner counts it once.
///
/// The clock may be the platform's, which stands still between I/O: a step back of up to 5 s is read as no time passed.
/// After a longer one every block is given up, because how long it still lasts is not known.
#[derive(Clone, Debug)]
pub struct LeaseBook {
    entries: Shelves,
    outbox: Outbox,
    clock: Timestamp,
}

impl LeaseBook {
    /// A book of at most `capacity` counters (about 400 bytes each) for an isolate that calls itself `holder`.
    #[must_use]
    pub fn new(holder: Holder, capacity: usize) -> Self {
        Self {
            entries: Shelves::new(capacity),
            outbox: Outbox::new(holder),
            clock: Timestamp(i64::MIN),
        }
    }

    /// Decides a call: spends all its charges or none. `charges` are in the order of evaluation; the first that refuses
    /// names the refusal.
    pub fn admit(&mut self, charges: &[Charge], now: Timestamp) -> Verdict {
        let now = self.advance(now);
        let looks: Vec<Look> = charges
            .iter()
            .map(|charge| self.look(charge, now))
            .collect();
        let judged = || charges.iter().zip(&looks);
        let refused = judged().find_map(|(charge, look)| match *look {
            Look::Denied(refusal, until) if charge.enforced => Some((charge, refusal, until)),
            Look::Denied(..) | Look::Held | Look::Degraded | Look::Lacking | Look::Awaited => None,
        });
        if let Some((charge, refusal, until)) = refused {
            return Verdict::Denied(self.denied(charge, refusal, until, now));
        }
        if looks.contains(&Look::Lacking) {
            return Verdict::Missing(self.ask(charges, &looks, now));
        }
        if let Some((charge, _)) = judged().find(|(_, look)| **look == Look::Awaited) {
            return Verdict::Awaited(Turn {
                object: charge.object.clone(),
                key: charge.key.clone(),
            });
        }
        Verdict::Admitted(self.spend(charges, &looks, now))
    }

    /// Takes the reply to a request that [`Self::admit`] or [`Self::refill_due`] made. `sent_at` is the local time just
    /// before it was sent (the last time, if it was sent again). A reply to a request that was answered before is ignored.
    pub fn receive(
        &mut self,
        call: &LeaseCall,
        reply: &LeaseReply,
        sent_at: Timestamp,
        now: Timestamp,
    ) {
        let LeaseCall {
            object, request, ..
        } = call;
        if reply.outcomes.len() != request.asks.len() {
            return self.unreachable(call, now);
        }
        let now = self.advance(now);
        if !self.outbox.answered(call, reply.relays, now) {
            return;
        }
        for (ask, outcome) in request.asks.iter().zip(&reply.outcomes) {
            let make = || Entry::new(ask.limit, now);
            let Some(entry) = self.entries.get_or_insert(object, &ask.key, make) else {
                continue;
            };
            if entry.is_under(&ask.limit) {
                entry.receive(request.number, *outcome, sent_at, now);
            } else if outcome.units > 0 {
                self.outbox
                    .give_back(object, ask, request.number, outcome.units);
            }
        }
    }

    /// Says that a request failed: for the next second the object's limits are decided by their failure mode.
    /// What the request returned or was granted is lost: counted, and not spent.
    pub fn unreachable(&mut self, call: &LeaseCall, now: Timestamp) {
        let now = self.advance(now);
        self.outbox.failed(call, now.plus_ms(DOWN_FOR_MS), now);
        for ask in &call.request.asks {
            if let Some(entry) = self.entries.get(&call.object, &ask.key) {
                entry.owe_again(ask.owed);
                entry.give_up_waiting();
            }
        }
    }

    /// Says that a request was not sent and never will be: everything is as it was before it was made.
    pub fn unsent(&mut self, call: &LeaseCall) {
        self.outbox.unsent(call);
        for ask in &call.request.asks {
            if let Some(entry) = self.entries.get(&call.object, &ask.key) {
                entry.owe_again(ask.owed);
                entry.give_up_asking();
            }
        }
    }

    /// Whether the answer that a call waits for is still under way.
    #[must_use]
    pub fn is_awaited(&mut self, turn: &Turn, now: Timestamp) -> bool {
        let now = self.advance(now);
        let entry = self.entries.get(&turn.object, &turn.key);
        entry.is_some_and(|entry| entry.is_awaited(now))
    }

    /// Spends `units` more of a limit after the fact: what a call that was admitted used beyond its charge's cost, such as
    /// the bytes of its response. They are taken from what is held; the rest is debited at the owner with the next
    /// message, which [`Self::refill_due`] brings: call that afterwards, off the request's way.
    ///
    /// Never refused: a count may pass its limit by what the calls under way use. After that everything is refused until
    /// there is something left again. A message that is lost is sent again with another number, so that units may be
    /// debited twice and are never forgotten while the isolate lives.
    pub fn settle(&mut self, charge: &Charge, units: u64, now: Timestamp) {
        if units == 0 {
            return;
        }
        let now = self.advance(now);
        let make = || Entry::new(charge.limit, now);
        let entry = self
            .entries
            .get_or_insert(&charge.object, &charge.key, make);
        let Some(entry) = entry else { return };
        if !entry.settle(units, now) || self.outbox.down_until(&charge.object, now).is_some() {
            return;
        }
        let ask = entry.ask_owing(charge, now);
        let unsaid = self.outbox.due(&charge.object, ask);
        if let Some(entry) = self.entries.get_young(&charge.object, &charge.key) {
            entry.owe_again(unsaid);
        }
    }

    /// Requests for the next blocks of counters that will soon be spent, to be sent while no call waits.
    pub fn refill_due(&mut self, now: Timestamp) -> Vec<LeaseCall> {
        let now = self.advance(now);
        let due = self.outbox.take_due();
        due.into_iter()
            .map(|(object, asks)| self.request(object, asks, now))
            .collect()
    }

    /// How many calls to owners this isolate has made since the last time this was asked: what throttling costs.
    pub fn take_calls(&mut self) -> u32 {
        self.outbox.take_made()
    }

    fn look(&mut self, charge: &Charge, now: Timestamp) -> Look {
        let down_until = self.outbox.down_until(&charge.object, now);
        let make = || Entry::new(charge.limit, now);
        let Some(entry) = self
            .entries
            .get_or_insert(&charge.object, &charge.key, make)
        else {
            return Look::Lacking;
        };
        if !entry.is_under(&charge.limit) {
            // Another policy is in force: its count begins with what is debited at the owner, not with our blocks.
            let returns = entry.surrender(&charge.key);
            let owed = entry.take_owed();
            *entry = Entry::new(charge.limit, now);
            entry.owe_again(owed);
            self.outbox.return_all(&charge.object, returns);
        }
        let lapsed = entry.surrender_lapsed(&charge.key, now);
        let look = entry.look(charge, down_until, now);
        if let Look::Denied(Refusal::Exhausted, _) = look
            && down_until.is_none()
            && let Some(ask) = entry.doubt(charge, now)
        {
            self.outbox.due(&charge.object, ask);
        }
        self.outbox.return_all(&charge.object, lapsed);
        look
    }

    fn denied(
        &mut self,
        charge: &Charge,
        refusal: Refusal,
        retry_at: Timestamp,
        now: Timestamp,
    ) -> Denied {
        let entry = self.entries.get(&charge.object, &charge.key);
        let known = entry.map_or((0, retry_at), |entry| entry.standing(now));
        Denied {
            standing: standing(charge, known),
            retry_at,
            refusal,
        }
    }

    fn spend(&mut self, charges: &[Charge], looks: &[Look], now: Timestamp) -> Admitted {
        let mut standings: Vec<Standing> = Vec::with_capacity(charges.len());
        let mut over_usage: Option<Rc<str>> = None;
        let mut is_low = false;
        for (charge, look) in charges.iter().zip(looks) {
            let Some(entry) = self.entries.get_young(&charge.object, &charge.key) else {
                continue;
            };
            match look {
                Look::Held => entry.spend(charge.cost, now),
                Look::Degraded => entry.spend_locally(charge.cost, now),
                Look::Denied(..) | Look::Lacking | Look::Awaited => {
                    over_usage.get_or_insert_with(|| Rc::clone(&charge.policy));
                }
            }
            is_low |= entry.is_low(now);
            standings.push(standing(charge, entry.standing(now)));
        }
        if is_low {
            self.refill(charges, now);
        }
        Admitted {
            standings,
            over_usage,
            degraded: looks.contains(&Look::Degraded),
        }
    }

    /// Notes the charges whose next block should be asked for.
    fn refill(&mut self, charges: &[Charge], now: Timestamp) {
        for charge in charges {
            if self.outbox.down_until(&charge.object, now).is_some() {
                continue;
            }
            let entry = self.entries.get(&charge.object, &charge.key);
            if let Some(ask) = entry.and_then(|entry| entry.refill(charge, now)) {
                let unsaid = self.outbox.due(&charge.object, ask);
                if let Some(entry) = self.entries.get_young(&charge.object, &charge.key) {
                    entry.owe_again(unsaid);
                }
            }
        }
    }

    fn ask(&mut self, charges: &[Charge], looks: &[Look], now: Timestamp) -> Vec<LeaseCall> {
        let mut calls: Vec<(ObjectName, Vec<Ask>)> = Vec::new();
        for (charge, _) in charges
            .iter()
            .zip(looks)
            .filter(|(_, look)| **look == Look::Lacking)
        {
            let entry = self.entries.get(&charge.object, &charge.key);
            let Some(ask) = entry.map(|entry| entry.ask_waiting(charge, now)) else {
                continue;
            };
            match calls
                .iter_mut()
                .rfind(|(object, _)| *object == charge.object)
            {
                // Hundreds of custom rules may meet in one object: none is left out.
                Some((_, asks)) if asks.len() < LeaseRequest::MAX_ASKS => asks.push(ask),
                Some(_) | None => calls.push((charge.object.clone(), vec![ask])),
            }
        }
        // A call that goes there anyway brings the next block of the call's other limits along.
        for (charge, _) in charges
            .iter()
            .zip(looks)
            .filter(|(_, look)| **look == Look::Held)
        {
            let Some((_, asks)) = calls.iter_mut().find(|(object, asks)| {
                *object == charge.object && asks.len() < LeaseRequest::MAX_ASKS
            }) else {
                continue;
            };
            let entry = self.entries.get(&charge.object, &charge.key);
            asks.extend(entry.and_then(|entry| entry.refill(charge, now)));
        }
        let vital = |object: &ObjectName| {
            charges
                .iter()
                .any(|it| it.object == *object && it.on_failure == FailureMode::Closed)
        };
        calls
            .into_iter()
            .map(|(object, asks)| LeaseCall {
                is_vital: vital(&object),
                ..self.request(object, asks, now)
            })
            .collect()
    }

    /// Numbers a request, and adds what its object should get back.
    fn request(&mut self, object: ObjectName, asks: Vec<Ask>, now: Timestamp) -> LeaseCall {
        let asked = |key: &crate::CounterKey| asks.iter().any(|ask| ask.key == *key);
        let held = self.entries.of_object(&object).take(SCANNED_FOR_IDLE);
        for (key, entry) in held.filter(|(key, entry)| entry.is_idle(now) && !asked(key)) {
            let returns = entry.surrender(key);
            self.outbox.return_all(&object, returns);
        }
        self.outbox.call(object, asks, now)
    }

    fn advance(&mut self, now: Timestamp) -> Timestamp {
        if self.clock.ms_since(now) > STEP_BACK_MS && self.clock.0 != i64::MIN {
            self.entries.clear();
            self.clock = now;
        }
        self.clock = self.clock.max(now);
        self.clock
    }
}

fn standing(charge: &Charge, (remaining, resets_at): (u64, Timestamp)) -> Standing {
    let Charge {
        stage,
        policy,
        limit,
        ..
    } = charge;
    Standing {
        stage: *stage,
        policy: Rc::clone(policy),
        limit: *limit,
        remaining,
        resets_at,
    }
}

/// How long an object that failed is left alone: at most one call a second waits for it.
const DOWN_FOR_MS: i64 = 1_000;
/// Requests of one isolate have their own frozen clocks; further apart than this they are not.
const STEP_BACK_MS: i64 = 5_000;
/// Entries of one object that a request looks through for idle blocks.
const SCANNED_FOR_IDLE: usize = 64;

#[cfg(test)]
mod resets;
#[cfg(test)]
mod settling;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod waiting;
