//! `/throttling-policies/{policyLevel}`.

use lifecycle::PolicyKind;
use runtime::Outcome;
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
    let offered = policies::offered(call, level(call)?, Audience::Publishers).await?;
    etag::content(call, &page.cut(call, offered))
}

/// `GET /throttling-policies/{policyLevel}/{policyName}`
pub(crate) async fn get(call: &Call) -> Outcome<Response> {
    let policy = policies::by_name(call, level(call)?, call.path("policyName")).await?;
    etag::content(call, &policies::shown(&policy)?)
}

/// The peer's contract misspells one of the levels; both spellings are meant.
fn level(call: &Call) -> Outcome<PolicyKind> {
    match call.path("policyLevel") {
        "api" => Ok(PolicyKind::Advanced),
        "subscription" | "subcription" => Ok(PolicyKind::Subscription),
        _ => Err(refusal::one(
            "900703",
            "policyLevel",
            "is neither `api` nor `subscription`",
        )),
    }
}
