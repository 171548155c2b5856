//! `/throttling-policies/{policyLevel}`.

use lifecycle::PolicyKind;
use runtime::Outcome;
use worker::Response;

use crate::{call::Call, etag, page::Page, policies, refusal};

/// `GET /throttling-policies/{policyLevel}`
pub(crate) async fn list(call: &Call) -> Outcome<Response> {
    let page = Page::of(call)?;
    let offered = policies::offered(call, level(call)?).await?;
    etag::content(call, &page.cut(call, offered))
}

/// `GET /throttling-policies/{policyLevel}/{policyId}`: the peer's id here is the name.
pub(crate) async fn get(call: &Call) -> Outcome<Response> {
    let policy = policies::by_name(call, level(call)?, call.path("policyId")).await?;
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
