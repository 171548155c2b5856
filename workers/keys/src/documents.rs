//! What clients read about us: keys, metadata, and who they are.

use runtime::{Failure, Outcome, reply};
use serde_json::{Value, json};
use worker::Response;

use crate::{call::Call, certificate, keyring, registration, token};

/// `GET /oauth2/jwks` (RFC 7517 section 5).
pub(crate) async fn jwks(call: &Call) -> Outcome<Response> {
    let ring = keyring::of(call).await?;
    let keys: Vec<Value> = ring.published.iter().cloned().map(published).collect();
    cached(call, &json!({ "keys": keys }))
}

/// `/.well-known/...`: for an issuer with a path, RFC 8414 puts the path behind, `OpenID` Connect puts it before.
pub(crate) async fn well_known(call: &Call, rest: &[&str]) -> Outcome<Response> {
    match rest {
        ["openid-configuration"] => {
            let signing = keyring::of(call).await?.algorithms();
            metadata(call, call.endpoints().openid(&signing)).await
        }
        ["oauth-authorization-server"] | ["oauth-authorization-server", "oauth2", "token"] => {
            let signing = keyring::of(call).await?.algorithms();
            metadata(call, call.endpoints().authorization_server(&signing)).await
        }
        ["jwks.json"] => jwks(call).await,
        _ => Err(Failure::code("404")),
    }
}

/// The document without what the operator has turned off, and with what operators and administrators have turned on. A
/// database that does not answer leaves the latter off.
async fn metadata(call: &Call, mut document: Value) -> Outcome<Response> {
    let grants = document
        .get_mut("grant_types_supported")
        .and_then(Value::as_array_mut);
    if let Some(grants) = grants
        && !token::password_grant(call).is_offered()
    {
        grants.retain(|grant| grant != "password");
    }
    if let Some(members) = document.as_object_mut()
        && certificate::is_told(call)
    {
        members.insert(
            "tls_client_certificate_bound_access_tokens".to_owned(),
            json!(true),
        );
        for endpoint in ["token", "revocation", "introspection"] {
            let name = format!("{endpoint}_endpoint_auth_methods_supported");
            if let Some(methods) = members.get_mut(&name).and_then(Value::as_array_mut) {
                methods.extend([
                    json!("self_signed_tls_client_auth"),
                    json!("tls_client_auth"),
                ]);
            }
        }
    }
    let policy = registration::policy::current(call)
        .await
        .unwrap_or_default();
    if let Some(members) = document.as_object_mut() {
        let offered = json!(policy.client_id_metadata_documents);
        members.insert("client_id_metadata_document_supported".into(), offered);
    }
    cached(call, &document)
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

fn cached(call: &Call, document: &Value) -> Outcome<Response> {
    let response = reply::json(200, document)?;
    let kept = format!("public, max-age={}", keyring::cached_seconds(&call.env));
    let response = reply::with_header(response, "cache-control", &kept)?;
    reply::with_header(response, "access-control-allow-origin", "*")
}
