//! What goes to the owners: numbers, returns, refills, and who is out of reach.

use std::collections::HashMap;

use model::Timestamp;

use super::routes::Routes;
use crate::{Ask, GiveBack, Holder, LeaseCall, LeaseRequest, ObjectName};

/// Messages of one isolate, numbered.
#[derive(Clone, Debug)]
pub(super) struct Outbox {
    holder: Holder,
    /// Holders for whom this one asks.
    holders: u32,
    routes: Routes,
    last_number: u64,
    /// Requests made since somebody asked.
    made: u32,
    /// Requests without an answer, with the moment they were made.
    open: HashMap<u64, Timestamp>,
    returns: HashMap<ObjectName, Vec<GiveBack>>,
    due: Vec<(ObjectName, Vec<Ask>)>,
    down: HashMap<ObjectName, Timestamp>,
}

impl Outbox {
    pub(super) fn new(holder: Holder) -> Self {
        Self {
            routes: Routes::new(&holder),
            holders: 1,
            holder,
            last_number: 0,
            made: 0,
            open: HashMap::new(),
            returns: HashMap::new(),
            due: Vec::new(),
            down: HashMap::new(),
        }
    }

    /// From now on asks for so many.
    pub(super) const fn stand_for(&mut self, holders: u32) {
        self.holders = holders;
    }

    /// Makes a request of `asks` with what can be returned on the way, and says where it goes. What calls have used already
    /// is told to the owner itself: a relay that dies must not forget it.
    pub(super) fn call(&mut self, object: ObjectName, asks: Vec<Ask>, now: Timestamp) -> LeaseCall {
        let is_owing = asks.iter().any(|ask| ask.owed > 0);
        let relay = self.routes.relay(&object, now).filter(|_| !is_owing);
        LeaseCall {
            request: self.request(&object, asks, now),
            object,
            relay,
            is_vital: false,
        }
    }

    fn request(&mut self, object: &ObjectName, mut asks: Vec<Ask>, now: Timestamp) -> LeaseRequest {
        asks.truncate(LeaseRequest::MAX_ASKS);
        self.last_number += 1;
        self.made = self.made.saturating_add(1);
        if self.open.len() >= OPEN_AT_MOST {
            self.open
                .retain(|_, made_at| now.ms_since(*made_at) < OPEN_FOR_MS);
        }
        self.open.insert(self.last_number, now);
        let returns = self.returns.remove(object).unwrap_or_default();
        LeaseRequest {
            holder: self.holder.clone(),
            number: self.last_number,
            asks,
            returns,
            holders: self.holders,
        }
    }

    /// How many requests were made since the last time this was asked.
    pub(super) fn take_made(&mut self) -> u32 {
        std::mem::take(&mut self.made)
    }

    /// Closes a request, whose answer says how many relays there are; `false` when it was closed before.
    pub(super) fn answered(&mut self, call: &LeaseCall, relays: u32, now: Timestamp) -> bool {
        self.down.remove(&call.object);
        self.routes.learn(&call.object, relays, now);
        self.open.remove(&call.request.number).is_some()
    }

    /// A request stays here: what it would have returned waits for the next.
    pub(super) fn unsent(&mut self, call: &LeaseCall) {
        if self.open.remove(&call.request.number).is_some() {
            self.made = self.made.saturating_sub(1);
            self.return_all(&call.object, call.request.returns.clone());
        }
    }

    pub(super) fn is_open(&self, number: u64) -> bool {
        self.open.contains_key(&number)
    }

    /// Closes a request without an answer and leaves its object alone until `until`.
    pub(super) fn failed(&mut self, call: &LeaseCall, until: Timestamp, now: Timestamp) {
        self.open.remove(&call.request.number);
        if call.relay.is_some() {
            self.routes.failed(&call.object, now);
        }
        if self.down.len() >= OBJECTS_AT_MOST {
            self.down.retain(|_, until| *until > now);
        }
        self.down.insert(call.object.clone(), until);
    }

    /// Until when `object` is to be left alone, if it is.
    pub(super) fn down_until(&self, object: &ObjectName, now: Timestamp) -> Option<Timestamp> {
        if self.down.is_empty() {
            return None;
        }
        self.down.get(object).copied().filter(|until| *until > now)
    }

    /// Notes a refill; those of one object go in one request. Returns the units owed for which there is no room.
    pub(super) fn due(&mut self, object: &ObjectName, ask: Ask) -> u64 {
        let Some((_, asks)) = self.due.iter_mut().find(|(name, _)| name == object) else {
            if self.due.len() >= DUE_AT_MOST {
                return ask.owed;
            }
            self.due.push((object.clone(), vec![ask]));
            return 0;
        };
        if let Some(other) = asks.iter_mut().find(|other| other.key == ask.key) {
            other.owed = other.owed.saturating_add(ask.owed);
            return 0;
        }
        if asks.len() >= LeaseRequest::MAX_ASKS {
            return ask.owed;
        }
        asks.push(ask);
        0
    }

    pub(super) fn take_due(&mut self) -> Vec<(ObjectName, Vec<Ask>)> {
        std::mem::take(&mut self.due)
    }

    /// Notes units granted under a limit that is no longer in force.
    pub(super) fn give_back(&mut self, object: &ObjectName, ask: &Ask, number: u64, units: u64) {
        self.return_all(
            object,
            vec![GiveBack {
                key: ask.key.clone(),
                number,
                units,
            }],
        );
    }

    /// Notes units to return with the next request to `object`. What does not fit stays debited.
    pub(super) fn return_all(&mut self, object: &ObjectName, returns: Vec<GiveBack>) {
        if returns.is_empty() {
            return;
        }
        if self.returns.len() >= OBJECTS_AT_MOST && !self.returns.contains_key(object) {
            return;
        }
        let noted = self.returns.entry(object.clone()).or_default();
        let room = LeaseRequest::MAX_RETURNS.saturating_sub(noted.len());
        noted.extend(returns.into_iter().take(room));
    }
}

/// Requests without an answer that are remembered before old ones are forgotten.
const OPEN_AT_MOST: usize = 1_000;
/// No answer comes after this long: every call has a deadline far below.
const OPEN_FOR_MS: i64 = 60_000;
/// Objects with notes; a flood of objects must not fill the memory.
const OBJECTS_AT_MOST: usize = 1_000;
/// Objects with refills noted and not sent.
const DUE_AT_MOST: usize = 64;
