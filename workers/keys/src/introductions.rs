//! Introductions: who calls, signed for upstreams (WSO2's backend JWT). Gateways ask for one, and keep it until it ends.

use std::collections::BTreeMap;

use oauth::{BACKEND_TYPE, introduction_claims, signing_input};
use runtime::{Outcome, body, id, reply};
use serde::Deserialize;
use serde_json::json;
use worker::Response;

use crate::{call::Call, signing};

/// `POST /internal/introductions`
pub(crate) async fn answer(call: &Call) -> Outcome<Response> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Wish {
        subject: String,
        claims: BTreeMap<String, String>,
    }
    let wish: Wish = body::json(&call.request).await?;
    let token_id = id::uuid()?;
    let claims = introduction_claims(
        (&call.issuer, &wish.subject, &token_id),
        &wish.claims,
        call.now,
        SECONDS,
    );
    let token = signing::sign(call, |key| signing_input(BACKEND_TYPE, key, &claims)).await?;
    reply::json(200, &json!({"token": token, "seconds": SECONDS}))
}

/// WSO2's.
const SECONDS: i64 = 900;
