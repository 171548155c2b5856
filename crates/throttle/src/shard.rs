//! The owner of many limits: the state of one Durable Object, as data.

use std::collections::BTreeMap;

use model::Timestamp;

use crate::counter::{Part, block_units, lapse};
use crate::crowd::Crowd;
use crate::{Ask, Counter, CounterKey, Debited, LeaseReply, LeaseRequest, Outcome, ResetRequest};

/// All counters of one object.
///
/// The shell restores it from its rows, calls [`Self::grant`] for each request, writes what that says to persist, and
/// only then sends the reply: what was granted stays debited, whatever happens next.
#[derive(Clone, Debug, Default)]
pub struct LimitShardState {
    counters: BTreeMap<CounterKey, Counter>,
    clock: Timestamp,
    swept_at: Timestamp,
    crowd: Crowd,
}

/// A decision: first write `persist` (all or nothing), then send `reply`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Granting {
    /// For the holder.
    pub reply: LeaseReply,
    /// For the store.
    pub persist: Vec<Persist>,
}

/// A change of the stored rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Persist {
    /// Insert or replace the row of `key`; the counter is stored as its JSON.
    Save {
        /// Primary key.
        key: CounterKey,
        /// The row.
        counter: Counter,
    },
    /// Delete the row of `key`: its windows have ended.
    Drop {
        /// Primary key.
        key: CounterKey,
    },
    /// Add this to the sum of what `key` was debited in that month; no row of a counter has it any more.
    Debit {
        /// Whose sum.
        key: CounterKey,
        /// How much, and when.
        debited: Debited,
    },
    /// Keep this as the moment before which the clock never goes back.
    Clock(Timestamp),
}

/// A stored row that is not a counter's JSON. The object must refuse to grant then: starting from zero would admit more
/// than the limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadableRow {
    /// The row's key.
    pub key: String,
}

impl std::fmt::Display for UnreadableRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "the stored counter `{}` cannot be read; delete its row to reset it",
            self.key
        )
    }
}

impl std::error::Error for UnreadableRow {}

impl LimitShardState {
    /// Rebuilds the state from (key, JSON) rows and the stored clock.
    ///
    /// # Errors
    /// [`UnreadableRow`] for a row that [`Persist::Save`] did not write.
    pub fn restore(
        rows: impl IntoIterator<Item = (String, String)>,
        clock: Option<Timestamp>,
    ) -> Result<Self, UnreadableRow> {
        let mut state = Self {
            clock: clock.unwrap_or_default(),
            ..Self::default()
        };
        for (key, row) in rows {
            let Ok(counter) = serde_json::from_str::<Counter>(&row) else {
                return Err(UnreadableRow { key });
            };
            state.clock = state.clock.max(counter.last_seen());
            state.counters.insert(CounterKey::from(key), counter);
        }
        Ok(state)
    }

    /// The same, with relays from so many holders on (256 unless told): a simulated world is a small one.
    #[must_use]
    pub fn relayed_from(self, holders: u32) -> Self {
        Self {
            crowd: Crowd::from(holders),
            ..self
        }
    }

    /// Decides a request: takes back what is returned, debits what is owed, then grants what is asked, all of a waiting
    /// call's limits or none.
    pub fn grant(&mut self, request: &LeaseRequest, now: Timestamp) -> Granting {
        let now = self.advance(now);
        let mut persist = self.sweep(now);
        self.crowd.note(&request.holder, request.holders, now);
        let taken = self.take_back(request, now);
        let signed = |units: u64| i64::try_from(units).unwrap_or(i64::MAX);
        for (key, units) in &taken {
            persist.extend(self.note_debit(key, -signed(*units), now));
        }
        let mut touched: Vec<CounterKey> = taken.into_iter().map(|(key, _)| key).collect();
        let owing = self.debit_owed(request, now);
        let outcomes = self.decide(request, now);
        for (ask, outcome) in request.asks.iter().zip(&outcomes) {
            let owes = owing.contains(&&ask.key);
            if !outcome.is_new && !owes {
                continue;
            }
            let counter = self.counters.entry(ask.key.clone()).or_default();
            counter.settle(now);
            let units = if outcome.is_new { outcome.units } else { 0 };
            counter.grant(request, &ask.limit, units, now);
            let owed = if owes { ask.owed } else { 0 };
            persist.extend(self.note_debit(&ask.key, signed(units.saturating_add(owed)), now));
            touched.push(ask.key.clone());
        }
        touched.sort_unstable();
        touched.dedup();
        for key in touched {
            if let Some(counter) = self.counters.get(&key) {
                persist.push(Persist::Save {
                    counter: counter.clone(),
                    key,
                });
            }
        }
        let outcomes = request.asks.iter().zip(outcomes);
        let outcomes = outcomes
            .map(|(ask, decided)| self.outcome(ask, decided, now))
            .collect();
        Granting {
            reply: LeaseReply {
                outcomes,
                relays: if request.holders > 0 {
                    self.crowd.relays()
                } else {
                    0
                },
            },
            persist,
        }
    }

    /// What subscriptions were debited in `month` and no [`Persist::Debit`] has told of.
    pub fn debited_in(&self, month: &str) -> impl Iterator<Item = (&CounterKey, i64)> {
        self.counters.iter().filter_map(move |(key, counter)| {
            let Debited(of, units) = counter.debited()?;
            (of.to_string() == month).then_some((key, units))
        })
    }

    /// Forgets what the counters of a request have counted, for an administrator who gives a caller a fresh start; returns
    /// what to persist before the answer.
    ///
    /// Blocks granted before stay with their holders and are no longer known here: they can neither be given back into
    /// the new count nor be counted in it. So the window admits at most its limit once more.
    pub fn reset(&mut self, request: &ResetRequest, now: Timestamp) -> Vec<Persist> {
        let now = self.advance(now);
        let mut persist = Vec::new();
        for key in &request.keys {
            if let Some(counter) = self.counters.remove(key) {
                persist.extend(leaving(key, &counter));
            }
        }
        if !persist.is_empty() {
            persist.push(Persist::Clock(now));
        }
        persist
    }

    /// Number of counters held.
    #[must_use]
    pub fn len(&self) -> usize {
        self.counters.len()
    }

    /// Whether no counter is held.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.counters.is_empty()
    }

    /// Debits what calls have used beyond their blocks, once for each request; whose counters that were.
    fn debit_owed<'a>(&mut self, request: &'a LeaseRequest, now: Timestamp) -> Vec<&'a CounterKey> {
        let mut owing = Vec::new();
        for ask in request.asks.iter().filter(|ask| ask.owed > 0) {
            let has_room = self.has_room_for(&ask.key);
            let counter = self.counters.get(&ask.key);
            let is_known = counter
                .is_some_and(|found| found.granted_before(request, &ask.limit, now).is_some());
            if has_room && !is_known {
                let counter = self.counters.entry(ask.key.clone()).or_default();
                counter.settle(now);
                counter.debit(&ask.limit, ask.owed, now, now);
                owing.push(&ask.key);
            }
        }
        owing
    }

    /// Bills tell what subscriptions were debited, so that of theirs it is summed up.
    fn note_debit(&mut self, key: &CounterKey, units: i64, now: Timestamp) -> Option<Persist> {
        if units == 0 || !key.is_of_subscription() {
            return None;
        }
        let debited = self.counters.get_mut(key)?.add_debit(units, now)?;
        Some(Persist::Debit {
            key: key.clone(),
            debited,
        })
    }

    fn has_room_for(&self, key: &CounterKey) -> bool {
        self.counters.len() < COUNTERS_AT_MOST || self.counters.contains_key(key)
    }

    fn decide(&self, request: &LeaseRequest, now: Timestamp) -> Vec<Decided> {
        let mut decided: Vec<Decided> = request
            .asks
            .iter()
            .map(|ask| self.decide_one(request, ask, now))
            .collect();
        let waiting = |(ask, decided): (&Ask, &Decided)| ask.cost > 0 && decided.denied;
        if request.asks.iter().zip(&decided).any(waiting) {
            // The call that waits is refused anyway: what it would have got elsewhere is left for others.
            for (ask, decided) in request.asks.iter().zip(&mut decided) {
                if ask.cost > 0 && decided.is_new {
                    *decided = Decided::nothing(decided.ends_at);
                }
            }
        }
        decided
    }

    fn decide_one(&self, request: &LeaseRequest, ask: &Ask, now: Timestamp) -> Decided {
        let lapses_at = lapse(&ask.limit, now);
        let part = Part {
            holders: request.holders,
            of: self.crowd.size(),
        };
        let Some(counter) = self.counters.get(&ask.key) else {
            let has_room = self.counters.len() < COUNTERS_AT_MOST;
            let whole = Counter::default().remaining(&ask.limit, now);
            return Decided::fresh(ask, if has_room { whole } else { 0 }, part, lapses_at);
        };
        match counter.granted_before(request, &ask.limit, now) {
            Some((units, ends_at)) => Decided {
                units,
                ..Decided::nothing(ends_at)
            },
            None => Decided::fresh(ask, counter.remaining(&ask.limit, now), part, lapses_at),
        }
    }

    fn outcome(&self, ask: &Ask, decided: Decided, now: Timestamp) -> Outcome {
        let fresh = Counter::default();
        let counter = self.counters.get(&ask.key).unwrap_or(&fresh);
        // The last of a burst: nothing is worth asking for before more has come in, and this is to be spent until then.
        let is_last = decided.is_new && counter.is_drained(&ask.limit, now);
        let denied = decided.denied || is_last;
        let ends_at = match (denied, is_last) {
            (false, _) => decided.ends_at,
            (true, false) => counter.free_at(&ask.limit, ask.cost.max(1), now),
            (true, true) => counter.free_at(&ask.limit, 1, now).min(decided.ends_at),
        };
        Outcome {
            units: decided.units,
            remaining: counter.remaining(&ask.limit, now),
            ends_in_ms: ends_at.ms_since(now),
            denied,
        }
    }

    fn take_back(&mut self, request: &LeaseRequest, now: Timestamp) -> Vec<(CounterKey, u64)> {
        let mut touched = Vec::new();
        for given in &request.returns {
            let counter = self.counters.get_mut(&given.key);
            let units = counter.map_or(0, |found| found.take_back(&request.holder, given, now));
            if units > 0 {
                touched.push((given.key.clone(), units));
            }
        }
        touched
    }

    /// The object's own time: never back over a moment in which it granted, so that a spent window is not opened again.
    /// A step back beyond [`STEP_BACK_MS`] is a clock put right after running ahead, and is believed.
    fn advance(&mut self, now: Timestamp) -> Timestamp {
        if now >= self.clock || self.clock.ms_since(now) > STEP_BACK_MS {
            self.clock = now;
        }
        self.clock
    }

    /// Forgets the counters whose windows have ended, at most once a minute: no timer has to run for it.
    fn sweep(&mut self, now: Timestamp) -> Vec<Persist> {
        let since = now.ms_since(self.swept_at);
        if (0..SWEEP_EVERY_MS).contains(&since) {
            return Vec::new();
        }
        self.swept_at = now;
        let counters = self.counters.iter();
        let ended = counters.filter(|(_, counter)| counter.is_settled(now));
        let mut persist: Vec<Persist> = ended
            .flat_map(|(key, counter)| leaving(key, counter))
            .collect();
        if !persist.is_empty() {
            self.counters.retain(|_, counter| !counter.is_settled(now));
            persist.push(Persist::Clock(now));
        }
        persist
    }
}

/// The row goes, and what it had for bills stays.
fn leaving(key: &CounterKey, counter: &Counter) -> impl Iterator<Item = Persist> {
    let debit = counter.debited().map(|debited| Persist::Debit {
        key: key.clone(),
        debited,
    });
    let drop = Persist::Drop { key: key.clone() };
    debit.into_iter().chain([drop])
}

/// What to do about one ask.
#[derive(Clone, Copy, Debug)]
struct Decided {
    units: u64,
    is_new: bool,
    denied: bool,
    /// When the block lapses.
    ends_at: Timestamp,
}

impl Decided {
    const fn nothing(ends_at: Timestamp) -> Self {
        Self {
            units: 0,
            is_new: false,
            denied: false,
            ends_at,
        }
    }

    fn fresh(ask: &Ask, remaining: u64, part: Part, ends_at: Timestamp) -> Self {
        if remaining == 0 || remaining < ask.cost {
            return Self {
                denied: true,
                ..Self::nothing(ends_at)
            };
        }
        if ask.want == 0 {
            // Nothing but a debit.
            return Self::nothing(ends_at);
        }
        Self {
            units: block_units(ask, remaining, part),
            is_new: true,
            ..Self::nothing(ends_at)
        }
    }
}

/// A clock that steps back less than this stands still instead.
const STEP_BACK_MS: i64 = 600_000;
/// How often ended counters are looked for.
const SWEEP_EVERY_MS: i64 = 60_000;
/// About 50 MB: beyond this many running counters (a flood of client addresses) new ones are refused until some end.
const COUNTERS_AT_MOST: usize = 100_000;

#[cfg(test)]
mod tests;
