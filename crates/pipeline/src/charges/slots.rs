//! Is there room for one more call of the subscription?

use model::Timestamp;
use problem::Problem;
use throttle::{CounterKey, ObjectName, Slot, SlotCharge};

use super::{Call, next_access};
use crate::{
    Facts, Need, authenticate::Granted, decision::Stop, policies::Policies, refusal::Rejection,
};

/// The limit of which the call needs a slot, which is free; `None` where its plan has no such limit.
pub(super) fn wanted(
    call: &Call<'_>,
    granted: &Granted<'_>,
    policies: &Policies,
    facts: &mut Facts,
    now: Timestamp,
) -> Result<Option<CounterKey>, Stop> {
    let Granted::Plan(plan) = granted else {
        return Ok(None);
    };
    if !policies.has_concurrency {
        return Ok(None);
    }
    let plan = policies.subscription.get(*plan);
    let Some((most, plan)) = plan.and_then(|plan| plan.concurrency.map(|most| (most, plan))) else {
        return Ok(None);
    };
    let Some(application) = call.principal.application.as_deref() else {
        return Ok(None);
    };
    let deployment = &call.located.deployment;
    let charge = SlotCharge {
        object: ObjectName::of_application(&deployment.organization, &application.id),
        key: CounterKey::concurrency(&application.id, &deployment.api.id),
        most,
        on_failure: plan.on_failure,
    };
    match facts.slots.look(&charge, now) {
        Slot::Free => Ok(Some(charge.key)),
        Slot::Missing(call) => Err(Stop::missing(Need::Slots(Box::new(call)))),
        Slot::Full => Err(full(most, now)),
        Slot::Unreachable => Err(Problem::new("503")
            .detail(
                "the counter of this limit cannot be reached, and its policy refuses calls then",
            )
            .into()),
    }
}

/// When a slot becomes free nobody knows; a second is a fair guess.
fn full(most: u32, now: Timestamp) -> Stop {
    let next = next_access(now.plus_ms(1_000), now);
    let headers = vec![("retry-after", next.retry_after_seconds.to_string())];
    let detail =
        format!("{most} calls of this subscription are under way, and its plan allows no more");
    let problem = Problem::new("900808").detail(detail).retry(next);
    Rejection { problem, headers }.into()
}
