//! `/throttling-policies/{policyLevel}`.

use lifecycle::PolicyKind;
use runtime::{Failure, Outcome};
use worker::Response;

use crate::{
    call::Call,
    etag,
    page::Page,
    policies::{self, Audience},
    refusal,
};

/// `GET /throttling-policies/{policyLevel}`
pub(crate) async fn list(call: &Call) -> Outcome<Response> {
    let page = Page::of(call)?;
    let offered = policies::offered(call, level(call)?, Audience::Consumers).await?;
    etag::content(call, &page.cut(call, offered))
}

/// `GET /throttling-policies/{policyLevel}/{policyId}`: the peer's id here is the name.
pub(crate) async fn get(call: &Call) -> Outcome<Response> {
    let policy = policies::by_name(call, level(call)?, call.path("policyId")).await?;
    if !policy.is_for(call)? {
        return Err(Failure::code("900961"));
    }
    etag::content(call, &policies::shown(&policy)?)
}

fn level(call: &Call) -> Outcome<PolicyKind> {
    match call.path("policyLevel") {
        "application" => Ok(PolicyKind::Application),
        "subscription" => Ok(PolicyKind::Subscription),
        _ => Err(refusal::one(
            "900703",
            "policyLevel",
            "is neither `application` nor `subscription`",
        )),
    }
}
