//! Frames of a socket, which count against limits of events and of bytes as they come, one by one.

use model::{Limit, Measure, Timestamp};
use throttle::{Charge, Refusal, Stage, Verdict};

use crate::{Facts, Need, charges, policies::Policies};

/// Whether a frame may pass.
#[derive(Debug)]
pub enum Frame {
    /// It was counted.
    Passes,
    /// These first.
    Missing(Vec<Need>),
    /// It may not, by this fault code: the socket is at its end. 503 where a counter cannot be reached and its policy
    /// refuses then.
    Refused(u32),
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
        Verdict::Denied(denied) if denied.refusal == Refusal::Unreachable => Frame::Refused(503),
        Verdict::Denied(denied) => Frame::Refused(charges::code(&denied.standing)),
        Verdict::Missing(calls) => {
            let leases = calls.into_iter().map(|it| Need::Lease(Box::new(it)));
            Frame::Missing(leases.collect())
        }
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
