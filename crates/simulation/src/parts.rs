//! What a world is made of.

use std::collections::BTreeSet;
use std::rc::Rc;

use model::{Limit, Timestamp};
use throttle::{Charge, CounterKey, LeaseBook, LeaseCall, LeaseReply, ObjectName};

pub(crate) struct Isolate {
    pub(crate) book: LeaseBook,
    pub(crate) skew_ms: i64,
    pub(crate) life: u64,
}

pub(crate) struct Task {
    pub(crate) isolate: usize,
    pub(crate) charges: Rc<[Charge]>,
    pub(crate) open: BTreeSet<u64>,
    pub(crate) rounds: u32,
    pub(crate) since: i64,
}

#[derive(Clone, Debug)]
pub(crate) enum Event {
    Arrive(usize, Rc<[Charge]>),
    AtOwner(Rc<Letter>),
    AtIsolate(Rc<Letter>, Rc<LeaseReply>),
    Deadline(Rc<Letter>),
    Reset(ObjectName, CounterKey, Limit),
    Settle(usize, Charge, u64),
    /// A call that waits for what another one asked looks again.
    Wake(u64),
    AtRelay(Rc<Letter>),
    OfRelayAtOwner(Rc<Errand>),
    AtRelayOfOwner(Rc<Errand>, Rc<LeaseReply>),
    DeadlineOfRelay(Rc<Errand>),
}

/// A relay's message to its owner.
#[derive(Clone, Debug)]
pub(crate) struct Errand {
    pub(crate) relay: ObjectName,
    pub(crate) life: u64,
    pub(crate) call: LeaseCall,
    pub(crate) sent_at: Timestamp,
}

/// How many messages something had in its busiest second.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Ear {
    /// The second that runs, and the messages in it.
    second: (i64, u64),
}

impl Ear {
    /// A message came; how many that makes in this second.
    pub(crate) fn hears(&mut self, now: i64) -> u64 {
        let second = now.div_euclid(1_000);
        let (running, count) = self.second;
        self.second = (second, if running == second { count + 1 } else { 1 });
        self.second.1
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Letter {
    pub(crate) isolate: usize,
    pub(crate) life: u64,
    pub(crate) task: Option<u64>,
    pub(crate) call: LeaseCall,
    pub(crate) sent_at: Timestamp,
    pub(crate) attempt: u32,
}
