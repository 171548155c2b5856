//! `/throttling/policies/simulate`: who would have been throttled under this policy?

use lifecycle::plan::PolicyBody;
use runtime::{Outcome, reply};
use serde::Deserialize;
use simulation::{Mix, judge};
use worker::Response;

use super::policies::zone_faults;
use crate::{call::Call, refusal};

/// `POST /throttling/policies/simulate`; nothing is stored, and nobody is throttled.
pub(crate) async fn simulate(call: &Call) -> Outcome<Response> {
    let question: Question = call.json().await?;
    let limits = question.policy.limits().map_err(|mut fault| {
        fault.place = format!("policy.{}", fault.place);
        refusal::several("400", vec![fault])
    })?;
    refusal::unless_empty("400", zone_faults(&question.policy))?;
    if limits.is_empty() {
        return Err(refusal::one("400", "policy", "limits nothing"));
    }
    let judgement = judge(&limits, &question.mix)
        .map_err(|much| refusal::one("400", "mix", much.to_string()))?;
    reply::json(200, &judgement)
}

/// A policy, of which the limit and the burst limit count, and calls, each key of which has the limits to itself.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct Question {
    policy: PolicyBody,
    mix: Mix,
}
