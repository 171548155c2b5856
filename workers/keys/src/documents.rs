//! What clients read about us: keys, metadata, and who they are.

use credential::{Claims, TokenUse};
use runtime::{Failure, Outcome, reply};
use serde_json::{Value, json};
use worker::Response;

use crate::{call::Call, people, verify};

/// `GET /oauth2/jwks` (RFC 7517 section 5).
pub(crate) async fn jwks(call: &Call) -> Outcome<Response> {
    let keys = verify::public_keys(call).await?;
    let keys: Vec<Value> = keys.into_iter().map(published).collect();
    cached(&json!({ "keys": keys }))
}

/// `/.well-known/...`: for an issuer with a path, RFC 8414 puts the path behind, `OpenID` Connect puts it before.
pub(crate) async fn well_known(call: &Call, rest: &[&str]) -> Outcome<Response> {
    match rest {
        ["openid-configuration"] => cached(&call.endpoints().openid()),
        ["oauth-authorization-server"] | ["oauth-authorization-server", "oauth2", "token"] => {
            cached(&call.endpoints().authorization_server())
        }
        ["jwks.json"] => jwks(call).await,
        _ => Err(Failure::code("404")),
    }
}

/// `/oauth2/userinfo`: the person behind a token with the scope `openid`.
pub(crate) async fn userinfo(call: &Call) -> Outcome<Response> {
    let Some(token) = call.bearer()? else {
        return Err(Failure::code("401"));
    };
    let claims: Claims = match verify::access_token(call, &token).await? {
        Ok(verified) => verified.claims,
        Err(fault) => return Err(Failure::because("401", fault.to_string())),
    };
    if claims.token_use != TokenUse::ApplicationUser
        || !claims.scopes.iter().any(|scope| scope == "openid")
    {
        return Err(Failure::because(
            "403",
            "the token needs the scope `openid` and a user",
        ));
    }
    let person = people::by_name(call, &claims.subject)
        .await?
        .filter(|person| claims.issued_at >= person.tokens_valid_from)
        .ok_or_else(|| Failure::because("401", "the user may no longer act"))?;
    reply::json(
        200,
        &json!({
            "sub": person.username,
            "preferred_username": person.username,
            "name": person.display_name.unwrap_or(person.username),
            "email": person.email,
        }),
    )
}

/// The JWK with what a reader has to know of it.
fn published(key: model::VerificationKey) -> Value {
    let mut jwk = key.jwk;
    if let Some(members) = jwk.as_object_mut() {
        members.insert("kid".into(), json!(key.kid));
        members.insert("alg".into(), json!(key.alg));
        members.insert("use".into(), json!("sig"));
    }
    jwk
}

fn cached(document: &Value) -> Outcome<Response> {
    let response = reply::json(200, document)?;
    let response = reply::with_header(response, "cache-control", "public, max-age=300")?;
    reply::with_header(response, "access-control-allow-origin", "*")
}
