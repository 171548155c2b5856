//! Calls under way that are watched to their end: their bytes count against a limit, or they have one of the slots of one.

use std::collections::BTreeMap;

use pipeline::Trace;
use throttle::{Charge, Taken};

/// Watched calls, by their number.
#[derive(Debug, Default)]
pub(crate) struct Meters(BTreeMap<u32, Watched>);

/// What a call's end and its bytes matter to.
#[derive(Debug)]
pub(crate) struct Watched {
    pub(crate) metered: Vec<Charge>,
    pub(crate) slot: Option<Taken>,
    /// What is known of a call whose frames a limit may stop.
    pub(crate) trace: Option<Trace>,
}

impl Meters {
    /// Watches a call, if there is something to watch it for, which is seldom. What was watched for too long, and is now
    /// given up, comes back.
    pub(crate) fn open(&mut self, number: u32, call: Watched) -> Option<Watched> {
        if call.metered.is_empty() && call.slot.is_none() {
            return None;
        }
        let oldest = (self.0.len() >= MOST).then(|| self.0.pop_first()).flatten();
        self.0.insert(number, call);
        oldest.map(|(_, call)| call)
    }

    /// What a call's bytes count against.
    pub(crate) fn metered(&self, number: u32) -> &[Charge] {
        self.0
            .get(&number)
            .map(|call| call.metered.as_slice())
            .unwrap_or_default()
    }

    /// The same, to count the frames of a socket; `None` when the call is no longer watched.
    pub(crate) fn of_socket(&mut self, number: u32) -> Option<&mut [Charge]> {
        self.0
            .get_mut(&number)
            .map(|call| call.metered.as_mut_slice())
    }

    /// Takes what is known of a socket that a limit stops, once.
    pub(crate) fn take_trace(&mut self, number: u32) -> Option<Trace> {
        self.0.get_mut(&number)?.trace.take()
    }

    pub(crate) fn close(&mut self, number: u32) -> Option<Watched> {
        self.0.remove(&number)
    }
}

/// Some 2 MB.
const MOST: usize = 4_096;
