//! A request as a course begins with it: as the plan would have it sent.

use model::Fields;

use crate::{charges::Call, decision::Outbound, endpoint::Pass, socket};

pub(super) fn query(call: &Call<'_>) -> String {
    let query = routing::query(&socket::query(call.request, call.located));
    match &call.target.pass {
        Some(Pass::Query(pair)) if query.is_empty() => pair.clone(),
        Some(Pass::Query(pair)) => [query.as_str(), pair].join("&"),
        Some(Pass::Header(..)) | None => query,
    }
}

pub(super) fn headers(incoming: &[(&str, &str)], outbound: &Outbound) -> Fields {
    let edits = &outbound.edits;
    // What the shell adds for the core has a name that no header can have.
    let kept = incoming.iter().filter(|(name, _)| {
        !name.starts_with(':') && !edits.drop.iter().any(|dropped| dropped == name)
    });
    let mut headers: Fields = kept.map(|(name, value)| (*name, *value)).collect();
    for (name, value) in &edits.set {
        headers.set(name, value.clone());
    }
    for (name, value) in &edits.more {
        headers.set(name, value.clone());
    }
    if let Some((name, value)) = &outbound.pass {
        headers.set(name, value.clone());
    }
    headers
}
