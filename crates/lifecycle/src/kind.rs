//! Kinds of APIs (WSO2's `type`): which of them gateways run, and as which calls.
//!
//! To a gateway they all are HTTP: a GraphQL document or a SOAP envelope is the body of a `POST`, events are the body of a
//! reply, and a WebSocket begins as a `GET`.

use std::borrow::Cow;

use crate::{
    Fault, PRODUCT,
    draft::{Draft, Operation, fault},
};

/// Does a gateway run it?
pub(crate) fn runs(kind: &str) -> bool {
    matches!(kind, "HTTP" | "SOAP" | "GRAPHQL" | "SSE" | "WS" | PRODUCT)
}

/// Are its operations HTTP's own, each of which stands once?
#[must_use]
pub fn is_http(draft: &Draft) -> bool {
    verbs(draft.kind.as_deref().unwrap_or("HTTP")).is_empty()
}

/// Verbs of operations that only this kind has, beside HTTP's methods.
pub(crate) fn verbs(kind: &str) -> &'static [&'static str] {
    match kind {
        "GRAPHQL" => &["QUERY", "MUTATION", "SUBSCRIPTION"],
        "WS" | "SSE" | "WEBSUB" | "WEBHOOK" | "ASYNC" => &["SUBSCRIBE", "PUBLISH"],
        _ => &[],
    }
}

/// The operations as the calls that a gateway sees.
///
/// All fields of a GraphQL API are one call, whose document no gateway looks into; so they may not have different rules.
#[must_use]
pub fn calls<'a>(draft: &'a Draft, faults: &mut Vec<Fault>) -> Cow<'a, [Operation]> {
    let given = draft.operations.as_deref().unwrap_or_default();
    let kind = draft.kind.as_deref().unwrap_or("HTTP");
    let own = verbs(kind);
    let is_own = |operation: &Operation| {
        let verb = operation.verb.as_deref().unwrap_or_default();
        own.iter().any(|it| it.eq_ignore_ascii_case(verb))
    };
    if !given.iter().any(is_own) {
        return Cow::Borrowed(given);
    }
    let (fields, mut calls): (Vec<&Operation>, Vec<Operation>) = if kind == "GRAPHQL" {
        let (fields, others): (Vec<&Operation>, Vec<&Operation>) =
            given.iter().partition(|it| is_own(it));
        (fields, others.into_iter().cloned().collect())
    } else {
        let calls = given.iter().map(|it| {
            let verb = if is_own(it) {
                Some("GET".to_owned())
            } else {
                it.verb.clone()
            };
            Operation { verb, ..it.clone() }
        });
        (Vec::new(), calls.collect())
    };
    if let Some(first) = fields.first() {
        if let Some(other) = fields.iter().find(|it| !have_same_rules(first, it)) {
            let name = other.target.as_deref().unwrap_or_default();
            faults.push(fault(
                "operations",
                format!(
                    "`{name}` has other rules than the first field; gateways do not look into GraphQL documents yet, so give all \
                     fields the same `authType`, `scopes` and policy"
                ),
            ));
        }
        calls.extend(["POST", "GET"].map(|verb| Operation {
            verb: Some(verb.to_owned()),
            target: Some("/".to_owned()),
            ..(*first).clone()
        }));
    }
    Cow::Owned(calls)
}

fn have_same_rules(a: &Operation, b: &Operation) -> bool {
    let rules = |it: &Operation| {
        (
            it.auth_type.clone(),
            it.scopes.clone().unwrap_or_default(),
            it.throttling_policy.clone(),
            it.throttling_weight,
        )
    };
    rules(a) == rules(b)
}

/// The address that a gateway calls: a WebSocket's is one of HTTP, until both sides agree to speak it.
pub(crate) fn address(url: &str) -> Cow<'_, str> {
    for (socket, plain) in [("ws://", "http://"), ("wss://", "https://")] {
        let beginning = url.get(..socket.len()).unwrap_or_default();
        if beginning.eq_ignore_ascii_case(socket) {
            let rest = url.get(socket.len()..).unwrap_or_default();
            return Cow::Owned(format!("{plain}{rest}"));
        }
    }
    Cow::Borrowed(url)
}
