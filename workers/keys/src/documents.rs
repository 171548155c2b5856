//! What clients read about us: keys, metadata, and who they are.

use runtime::{Failure, Outcome, reply};
use serde_json::{Value, json};
use worker::Response;

use crate::{call::Call, verify};

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
