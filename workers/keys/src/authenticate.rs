//! `POST /internal/authenticate`: whom do these headers stand for?

use credential::{Claims, TokenUse};
use oauth::is_system;
use runtime::{Failure, Outcome, reply};
use serde_json::{Value, json};
use worker::Response;

use crate::{
    call::{Call, ORGANIZATION},
    people::{self, Person},
    session, verify,
};

/// Answers with the principal, or with the 401 that the caller passes on. A bearer token comes before a cookie: who
/// sends a token means it.
pub(crate) async fn answer(call: &Call) -> Outcome<Response> {
    let principal = match call.bearer()? {
        Some(token) => by_token(call, &token).await?,
        None => match session::signed_in(call).await? {
            Some(session::SignedIn { person, .. }) => user(&person, &person.scopes, None),
            None => return Err(Failure::code("401")),
        },
    };
    reply::json(200, &principal)
}

async fn by_token(call: &Call, token: &str) -> Outcome<Value> {
    let claims = match verify::bearer_token(call, token).await? {
        Ok(verified) => verified.claims,
        Err(fault) => return Err(Failure::because("401", fault.to_string())),
    };
    match claims.token_use {
        TokenUse::Application => Ok(client(&claims)),
        TokenUse::ApplicationUser => {
            let person = people::by_name(call, &claims.subject)
                .await?
                .filter(|person| claims.issued_at >= person.tokens_valid_from)
                .ok_or_else(|| Failure::because("401", "the user may no longer act"))?;
            let scopes: Vec<String> = claims
                .scopes
                .iter()
                .filter(|scope| !is_system(scope) || person.scopes.contains(scope))
                .cloned()
                .collect();
            Ok(user(&person, &scopes, claims.client.as_ref()))
        }
    }
}

fn user(person: &Person, scopes: &[String], client: Option<&model::ClientId>) -> Value {
    json!({
        "kind": "user",
        "userId": person.id,
        "username": person.username,
        "organization": ORGANIZATION,
        "roles": person.roles,
        "scopes": scopes,
        "clientId": client,
    })
}

/// A client alone has no roles, and no system scope whatever its token says.
fn client(claims: &Claims) -> Value {
    let scopes: Vec<&String> = claims
        .scopes
        .iter()
        .filter(|scope| !is_system(scope))
        .collect();
    json!({
        "kind": "client",
        "userId": null,
        "username": "",
        "organization": claims.organization,
        "roles": [],
        "scopes": scopes,
        "clientId": claims.client,
    })
}
