//! `/throttling-policies/{policyLevel}`.

use lifecycle::PolicyKind;
use runtime::Outcome;
use worker::Response;

use crate::{
    admin,
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

/// `GET /throttling-policies/streaming/subscription`: plans that count events, with all that administrators say of them.
pub(crate) async fn streaming(call: &Call) -> Outcome<Response> {
    let page = Page::of(call)?;
    let mut plans = Vec::new();
    for row in policies::all(call, PolicyKind::Subscription).await? {
        let limit = row.body()?.default_limit.unwrap_or_default();
        if limit.kind == "EVENTCOUNTLIMIT" {
            plans.push(admin::policies::shown(&row)?);
        }
    }
    etag::content(call, &page.cut(call, plans))
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
