//! `POST /internal/logins`: whose are this name and password that somebody shows at a gateway?

use oauth::grant_scopes;
use runtime::{Outcome, body, reply};
use serde::Deserialize;
use serde_json::json;
use worker::Response;

use crate::{call::Call, people, scope_rules, stop::as_failure};

/// 200 with the user and those of the scopes that are theirs; 401 for nobody's, 429 after too many guesses.
pub(crate) async fn answer(call: &Call) -> Outcome<Response> {
    let wish: Wish = body::json(&call.request).await?;
    let person = people::sign_in_from(call, &wish.username, &wish.password, &wish.address)
        .await
        .map_err(as_failure)?;
    let rules = scope_rules::of(call, &wish.scopes, "").await?;
    let beneficiary = person.beneficiary(false);
    let mut scopes = grant_scopes(&wish.scopes, beneficiary, &rules.rules);
    scopes.retain(|scope| wish.scopes.contains(scope));
    reply::json(200, &json!({"user": person.username, "scopes": scopes}))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    username: String,
    password: String,
    /// Of the client, by which guessing is slowed down.
    address: String,
    scopes: Vec<String>,
}
