//! Frames of a socket, which count against limits of events and of bytes as they come, one by one.

use std::rc::Rc;

use model::{Limit, Measure, Timestamp};
use throttle::{Charge, Denied, Refusal, Stage, Verdict};

use crate::{Facts, Need, charges, policies::Policies};

/// Whether a frame may pass.
#[derive(Debug)]
pub enum Frame {
    /// It was counted.
    Passes,
    /// These first.
    Missing(Vec<Need>),
    /// It may not: the socket is at its end.
    Refused(Stopped),
}

/// What stops a socket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stopped {
    /// The fault code; 503 where a counter cannot be reached and its policy refuses then.
    pub code: u32,
    /// The policy that stops it; none when nobody counts its frames any more.
    pub policy: Option<Rc<str>>,
}

impl Stopped {
    fn by(denied: &Denied) -> Self {
        let code = match denied.refusal {
            Refusal::Unreachable => 503,
            Refusal::Exhausted => charges::code(&denied.standing),
        };
        Self {
            code,
            policy: Some(Rc::clone(&denied.standing.policy)),
        }
    }

    /// The status by which statistics know it, as if it were a call.
    #[must_use]
    pub const fn status(&self) -> u16 {
        if self.code == 503 { 503 } else { 429 }
    }
}

/// Counts a frame of `bytes` against the limits that the socket's call was found to count against; all of them or none.
/// A plan that has changed since holds for the frames that come after.
pub fn frame(metered: &mut [Charge], bytes: u64, facts: &mut Facts, now: Timestamp) -> Frame {
    if let Ok(policies) = facts.policies(now) {
        for charge in &mut *metered {
            charge.limit = in_force(charge, &policies).unwrap_or(charge.limit);
        }
    }
    for charge in &mut *metered {
        charge.cost = match charge.limit.measure {
            Measure::Bytes(_) => bytes,
            Measure::Events(_) => 1,
            Measure::Requests(_) => 0,
        };
    }
    match facts.book.admit(metered, now) {
        Verdict::Admitted(_) => Frame::Passes,
        Verdict::Denied(denied) => Frame::Refused(Stopped::by(&denied)),
        Verdict::Missing(calls) => {
            let leases = calls.into_iter().map(|it| Need::Lease(Box::new(it)));
            Frame::Missing(leases.collect())
        }
        Verdict::Awaited(turn) => Frame::Missing(vec![Need::Turn(Box::new(turn))]),
    }
}

fn in_force(charge: &Charge, policies: &Policies) -> Option<Limit> {
    let name = &*charge.policy;
    match charge.stage {
        Stage::Subscription => policies.subscription.get(name)?.limit,
        Stage::Application => policies.application.get(name)?.limit,
        // These have no names of their own or depend on the call, and hold as they were when it came.
        Stage::Api
        | Stage::Operation
        | Stage::SubscriptionBurst
        | Stage::ApplicationBurst
        | Stage::Custom
        | Stage::Backend => None,
    }
}
