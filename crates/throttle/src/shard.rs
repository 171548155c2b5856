//! The owner of many limits: the state of one Durable Object, as data.

use std::collections::BTreeMap;

use model::Timestamp;

use crate::counter::block_units;
use crate::{Ask, Counter, CounterKey, LeaseReply, LeaseRequest, Outcome, Window};

/// All counters of one object.
///
/// The shell restores it from its rows, calls [`Self::grant`] for each request, writes what that says to persist, and
/// only then sends the reply: what was granted stays debited, whatever happens next.
#[derive(Clone, Debug, Default)]
pub struct LimitShardState {
    counters: BTreeMap<CounterKey, Counter>,
    clock: Timestamp,
    swept_at: Timestamp,
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

    /// Decides a request: takes back what is returned, then grants what is asked, all of a waiting call's limits or none.
    pub fn grant(&mut self, request: &LeaseRequest, now: Timestamp) -> Granting {
        let now = self.advance(now);
        let mut persist = self.sweep(now);
        let mut touched = self.take_back(request, now);
        let outcomes = self.decide(request, now);
        for (ask, outcome) in request.asks.iter().zip(&outcomes) {
            if outcome.is_new {
                let counter = self.counters.entry(ask.key.clone()).or_default();
                counter.settle(now);
                counter.grant(request, &ask.limit, outcome.units, now);
                touched.push(ask.key.clone());
            }
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
            reply: LeaseReply { outcomes },
            persist,
        }
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
                    *decided = Decided {
                        units: 0,
                        is_new: false,
                        denied: false,
                    };
                }
            }
        }
        decided
    }

    fn decide_one(&self, request: &LeaseRequest, ask: &Ask, now: Timestamp) -> Decided {
        let Some(counter) = self.counters.get(&ask.key) else {
            let has_room = self.counters.len() < COUNTERS_AT_MOST;
            let whole = if has_room {
                crate::amount(&ask.limit)
            } else {
                0
            };
            return Decided::fresh(ask, whole);
        };
        match counter.granted_before(request, &ask.limit, now) {
            Some(units) => Decided {
                units,
                is_new: false,
                denied: false,
            },
            None => Decided::fresh(ask, counter.remaining(&ask.limit, now)),
        }
    }

    fn outcome(&self, ask: &Ask, decided: Decided, now: Timestamp) -> Outcome {
        let counter = self.counters.get(&ask.key);
        let remaining = counter.map_or_else(
            || crate::amount(&ask.limit),
            |found| found.remaining(&ask.limit, now),
        );
        let ends_in_ms = Window::at(&ask.limit, now).end.ms_since(now);
        Outcome {
            units: decided.units,
            remaining,
            ends_in_ms,
            denied: decided.denied,
        }
    }

    fn take_back(&mut self, request: &LeaseRequest, now: Timestamp) -> Vec<CounterKey> {
        let mut touched = Vec::new();
        for given in &request.returns {
            let counter = self.counters.get_mut(&given.key);
            if counter.is_some_and(|found| found.take_back(&request.holder, given, now)) {
                touched.push(given.key.clone());
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
        let ended = |(key, counter): (&CounterKey, &Counter)| {
            counter
                .is_settled(now)
                .then(|| Persist::Drop { key: key.clone() })
        };
        let mut persist: Vec<Persist> = self.counters.iter().filter_map(ended).collect();
        if !persist.is_empty() {
            self.counters.retain(|_, counter| !counter.is_settled(now));
            persist.push(Persist::Clock(now));
        }
        persist
    }
}

/// What to do about one ask.
#[derive(Clone, Copy, Debug)]
struct Decided {
    units: u64,
    is_new: bool,
    denied: bool,
}

impl Decided {
    fn fresh(ask: &Ask, remaining: u64) -> Self {
        if remaining == 0 || remaining < ask.cost {
            return Self {
                units: 0,
                is_new: false,
                denied: true,
            };
        }
        Self {
            units: block_units(ask, remaining),
            is_new: true,
            denied: false,
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
