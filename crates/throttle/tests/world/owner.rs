//! An owner with its store: what a restart finds is what `Persist` wrote, nothing else.

use std::collections::BTreeMap;

use model::Timestamp;
use throttle::{LeaseReply, LeaseRequest, LimitShardState, Persist, Window};

#[derive(Default)]
pub(crate) struct Owner {
    state: LimitShardState,
    rows: BTreeMap<String, String>,
    clock: Option<Timestamp>,
    /// Units left at the last reply, by counter, window end and limit.
    left: BTreeMap<(String, i64, u64), u64>,
    /// Units granted to each request, by counter.
    granted: BTreeMap<(String, u64, String), (u64, Timestamp, usize)>,
    grants: usize,
}

impl Owner {
    /// Decides, persists, and checks what must hold after every step.
    pub(crate) fn grant(&mut self, request: &LeaseRequest, now: Timestamp) -> LeaseReply {
        let granting = self.state.grant(request, now);
        for persist in granting.persist {
            match persist {
                Persist::Save { key, counter } => {
                    let row = serde_json::to_string(&counter).expect("a counter has a JSON form");
                    self.rows.insert(key.to_string(), row);
                }
                Persist::Drop { key } => {
                    self.rows.remove(key.as_str());
                }
                Persist::Clock(clock) => self.clock = Some(clock),
            }
        }
        self.check_remaining(request, &granting.reply, now);
        self.check_once(request, &granting.reply, now);
        granting.reply
    }

    /// Dies and comes back with its rows.
    pub(crate) fn restart(&mut self) {
        let rows = self.rows.clone();
        self.state = LimitShardState::restore(rows, self.clock).expect("own rows are readable");
    }

    /// I4: what remains never rises inside a window, except by what this request returned.
    fn check_remaining(&mut self, request: &LeaseRequest, reply: &LeaseReply, now: Timestamp) {
        for given in &request.returns {
            // What comes back with this request is there to grant again: the old word does not bind.
            self.left.retain(|(key, ..), _| key != given.key.as_str());
        }
        for (ask, outcome) in request.asks.iter().zip(&reply.outcomes) {
            let end = Window::at(&ask.limit, now).end.0;
            let place = (ask.key.to_string(), end, throttle::amount(&ask.limit));
            if let Some(before) = self.left.get(&place) {
                assert!(
                    outcome.remaining <= *before,
                    "`{}` rose from {before} to {}",
                    ask.key,
                    outcome.remaining
                );
            }
            self.left.insert(place, outcome.remaining);
        }
    }

    /// I2: a request that comes again within its window gets the same block, not another.
    fn check_once(&mut self, request: &LeaseRequest, reply: &LeaseReply, now: Timestamp) {
        let holder = format!("{:?}", request.holder);
        for (ask, outcome) in request.asks.iter().zip(&reply.outcomes) {
            let place = (holder.clone(), request.number, ask.key.to_string());
            let end = Window::at(&ask.limit, now).end;
            if let Some((units, ends_at, at)) = self.granted.get(&place)
                && *ends_at == end
                && self.grants - at < 16
                && outcome.units > 0
            {
                assert_eq!(
                    *units, outcome.units,
                    "request {} got two blocks",
                    request.number
                );
                continue;
            }
            if outcome.units > 0 {
                self.grants += 1;
                self.granted
                    .insert(place, (outcome.units, end, self.grants));
            }
        }
    }
}
