//! An owner with its store: what a restart finds is what `Persist` wrote, nothing else.

use std::collections::{BTreeMap, BTreeSet};

use model::{Algorithm, Timestamp};
use throttle::{
    CounterKey, Holder, LeaseReply, LeaseRequest, LimitShardState, Persist, ResetRequest, Window,
};

#[derive(Clone, Debug, Default)]
pub(crate) struct Owner {
    state: LimitShardState,
    rows: BTreeMap<String, String>,
    clock: Option<Timestamp>,
    /// Units left at the last reply, by counter, window end and amount.
    left: BTreeMap<(CounterKey, i64, u64), u64>,
    /// Units granted to each request, by counter; when they lapse, and how many grants came before.
    granted: BTreeMap<(u64, CounterKey), (Holder, u64, Timestamp, usize)>,
    grants: usize,
    was_reset: bool,
    /// The way of counting that each counter was first asked for, and those that were asked for two.
    kinds: BTreeMap<CounterKey, Algorithm>,
    mixed: BTreeSet<CounterKey>,
    /// Holders from which on it has relays, where it is not the usual number.
    relayed_from: Option<u32>,
}

impl Owner {
    /// One that has relays from so many holders on.
    pub(crate) fn relayed_from(holders: Option<u32>) -> Self {
        let mut owner = Self {
            relayed_from: holders,
            ..Self::default()
        };
        owner.state = owner.crowded(LimitShardState::default());
        owner
    }

    fn crowded(&self, state: LimitShardState) -> LimitShardState {
        match self.relayed_from {
            Some(holders) => state.relayed_from(holders),
            None => state,
        }
    }

    /// Decides, persists, and checks what must hold after every step.
    pub(crate) fn grant(
        &mut self,
        request: &LeaseRequest,
        now: Timestamp,
    ) -> Result<LeaseReply, String> {
        let granting = self.state.grant(request, now);
        self.persist(granting.persist)?;
        if !self.was_reset {
            self.check_remaining(request, &granting.reply, now)?;
            self.check_once(request, &granting.reply, now)?;
        }
        Ok(granting.reply)
    }

    pub(crate) fn reset(&mut self, key: &CounterKey, now: Timestamp) -> Result<(), String> {
        self.was_reset = true;
        let keys = vec![key.clone()];
        let persist = self.state.reset(&ResetRequest { keys }, now);
        self.persist(persist)
    }

    /// Dies and comes back with its rows.
    pub(crate) fn restart(&mut self) -> Result<(), String> {
        let restored = LimitShardState::restore(self.rows.clone(), self.clock);
        self.state = self.crowded(restored.map_err(|row| row.to_string())?);
        Ok(())
    }

    fn persist(&mut self, changes: Vec<Persist>) -> Result<(), String> {
        for change in changes {
            match change {
                Persist::Save { key, counter } => {
                    let row = serde_json::to_string(&counter).map_err(|error| error.to_string())?;
                    self.rows.insert(key.to_string(), row);
                }
                Persist::Drop { key } => {
                    self.rows.remove(key.as_str());
                }
                // Sums for bills: no decision looks at them.
                Persist::Debit { .. } => {}
                Persist::Clock(clock) => self.clock = Some(clock),
            }
        }
        Ok(())
    }

    /// I4: what remains never rises inside a fixed window, except by what this request returned.
    fn check_remaining(
        &mut self,
        request: &LeaseRequest,
        reply: &LeaseReply,
        now: Timestamp,
    ) -> Result<(), String> {
        for given in &request.returns {
            // What comes back with this request is there to grant again: the old word does not bind.
            self.left.retain(|(key, ..), _| *key != given.key);
        }
        for ask in &request.asks {
            let kind = ask.limit.algorithm;
            if *self.kinds.entry(ask.key.clone()).or_insert(kind) != kind {
                self.mixed.insert(ask.key.clone());
            }
        }
        // What another way of counting hands over is worth less as time goes by.
        let mixed = &self.mixed;
        let fixed = |(ask, _): &(&throttle::Ask, _)| {
            ask.limit.algorithm == Algorithm::Fixed && !mixed.contains(&ask.key)
        };
        for (ask, outcome) in request.asks.iter().zip(&reply.outcomes).filter(fixed) {
            let end = Window::at(&ask.limit, now).end.0;
            let place = (ask.key.clone(), end, throttle::amount(&ask.limit));
            let before = self.left.insert(place, outcome.remaining);
            if before.is_some_and(|before| outcome.remaining > before) {
                return Err(format!("`{}` rose from {before:?} to {outcome:?}", ask.key));
            }
        }
        Ok(())
    }

    /// I2: a request that comes again before its block lapses gets the same block, not another.
    fn check_once(
        &mut self,
        request: &LeaseRequest,
        reply: &LeaseReply,
        now: Timestamp,
    ) -> Result<(), String> {
        for (ask, outcome) in request.asks.iter().zip(&reply.outcomes) {
            if outcome.units == 0 {
                // A debit is remembered as a block of nothing.
                self.grants += usize::from(ask.owed > 0);
                continue;
            }
            let place = (request.number, ask.key.clone());
            if let Some((holder, units, lapses_at, grants)) = self.granted.get(&place)
                && *holder == request.holder
                && *lapses_at > now
                && self.grants - grants < REMEMBERED
            {
                if outcome.units > *units {
                    return Err(format!("request {} got another block", request.number));
                }
                continue;
            }
            self.grants += 1;
            let lapses_at = now.plus_ms(outcome.ends_in_ms);
            let granted = (
                request.holder.clone(),
                outcome.units,
                lapses_at,
                self.grants,
            );
            self.granted.insert(place, granted);
        }
        Ok(())
    }
}

/// Blocks that an owner remembers of each counter.
const REMEMBERED: usize = 16;
