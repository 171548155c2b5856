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
