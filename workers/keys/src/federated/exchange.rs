//! The code for an ID token, and whether the token is to be believed.

use ::people::federation::{
    Discovery, ExpectedIdToken, Identity, check_id_token, lacks_claims, verification_keys,
    with_userinfo,
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use credential::{Jwt, choose};
use runtime::{
    Failure, Outcome,
    crypto::{SealingKey, VerifyingKey},
};
use serde::Deserialize;
use serde_json::Value;

use super::{Provider, outbound, secret_context, start::Kept};
use crate::call::{Call, kek};

/// Who has signed in there.
///
/// # Errors
/// Internal with the reason, for the log: the browser is told that it did not work.
pub(super) async fn identity(
    call: &Call,
    provider: &Provider,
    discovery: &Discovery,
    kept: &Kept,
    code: &str,
) -> Outcome<Identity> {
    let answer = answer(call, provider, discovery, kept, code).await?;
    let token = Jwt::parse(&answer.id_token).map_err(|fault| doubt(&fault.to_string()))?;
    let keys = outbound(&call.env)
        .get(&discovery.jwks_uri)
        .await
        .map_err(|fault| doubt(&format!("its keys: {fault}")))?;
    let keys = verification_keys(&serde_json::from_str::<Value>(&keys)?);
    let key = choose(&keys, &token).map_err(|fault| doubt(&fault.to_string()))?;
    let key = VerifyingKey::import(key).await?;
    if !key
        .verifies(token.signing_input.as_bytes(), &token.signature)
        .await?
    {
        return Err(doubt("the signature is wrong"));
    }
    let expected = ExpectedIdToken {
        issuer: &provider.issuer,
        client_id: &provider.client_id,
        nonce: &kept.nonce,
        groups_claim: &provider.rules.groups_claim,
    };
    let typ = token.header.typ.as_deref();
    let identity = check_id_token(typ, &token.claims, expected, call.now).map_err(doubt)?;
    let (Some(endpoint), Some(access)) = (&discovery.userinfo_endpoint, &answer.access_token)
    else {
        return Ok(identity);
    };
    if !lacks_claims(&token.claims, &provider.rules.groups_claim) {
        return Ok(identity);
    }
    let text = outbound(&call.env)
        .get_authorized(endpoint, &format!("Bearer {access}"))
        .await
        .map_err(|fault| doubt(&format!("its userinfo: {fault}")))?;
    let claims = with_userinfo(token.claims.clone(), serde_json::from_str(&text)?);
    check_id_token(typ, &claims, expected, call.now).map_err(doubt)
}

async fn answer(
    call: &Call,
    provider: &Provider,
    discovery: &Discovery,
    kept: &Kept,
    code: &str,
) -> Outcome<Answer> {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.append_pair("grant_type", "authorization_code")
        .append_pair("code", code)
        .append_pair("redirect_uri", &provider.redirect_uri(call))
        .append_pair("code_verifier", &kept.verifier);
    let authorization = authorization(call, provider).await?;
    if authorization.is_none() {
        form.append_pair("client_id", &provider.client_id);
    }
    let (status, text) = outbound(&call.env)
        .post_form(
            &discovery.token_endpoint,
            authorization.as_deref(),
            &form.finish(),
        )
        .await
        .map_err(|fault| doubt(&format!("its token endpoint: {fault}")))?;
    if status != 200 {
        return Err(doubt(&format!("the token endpoint answered {status}")));
    }
    Ok(serde_json::from_str(&text)?)
}

/// `client_secret_basic` (RFC 6749 section 2.3.1: both parts form-encoded first); none for a public client.
async fn authorization(call: &Call, provider: &Provider) -> Outcome<Option<String>> {
    let Some(sealed) = &provider.sealed_secret else {
        return Ok(None);
    };
    let sealing = SealingKey::import(&kek(&call.env)?).await?;
    let secret = sealing.open(sealed, &secret_context(&provider.id)).await?;
    let encode = |bytes: &[u8]| url::form_urlencoded::byte_serialize(bytes).collect::<String>();
    let pair = format!(
        "{}:{}",
        encode(provider.client_id.as_bytes()),
        encode(&secret)
    );
    Ok(Some(format!("Basic {}", BASE64_STANDARD.encode(pair))))
}

fn doubt(reason: &str) -> Failure {
    Failure::Internal(format!("a provider's answer is not believed: {reason}"))
}

#[derive(Deserialize)]
struct Answer {
    id_token: String,
    access_token: Option<String>,
}
