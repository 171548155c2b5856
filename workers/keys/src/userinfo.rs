//! `/oauth2/userinfo` (`OpenID` Connect Core section 5.3): the person behind a token with the scope `openid`.

use credential::{Claims, TokenFault, TokenUse};
use oauth::{Profile, userinfo};
use runtime::{Failure, Outcome, reply};
use serde_json::json;
use worker::{Method, Response};

use crate::{call::Call, certificate, clients, cors, dpop, people, stop::Stop, verify};

/// Answers with what the token's scopes let its client know.
pub(crate) async fn answer(call: &Call) -> Outcome<Response> {
    let bound = call.credential("dpop")?;
    let is_bound = bound.is_some();
    let in_header = bound.or(call.bearer()?);
    let in_form = in_form(call).await?;
    if in_header.is_some() && in_form.is_some() {
        let why = "send the access token in the header or in the form, not in both";
        return refuse(400, Some("invalid_request"), why);
    }
    let Some(token) = in_header.or(in_form) else {
        return refuse(401, None, "send an access token as `Authorization: Bearer`");
    };
    let claims: Claims = match verify::access_token(call, &token).await? {
        Ok(verified) => verified.claims,
        Err(fault) => return refuse(401, Some("invalid_token"), &fault.to_string()),
    };
    if let Err(fault) = certificate::with_token(call, &claims)? {
        return refuse(401, Some("invalid_token"), &fault.to_string());
    }
    if let Err(fault) = dpop::with_token(call, &token, &claims, is_bound).await? {
        return unproven(&fault);
    }
    if claims.token_use != TokenUse::ApplicationUser
        || !claims.scopes.iter().any(|scope| scope == "openid")
    {
        let why = "the token needs the scope `openid` and a person";
        return refuse(403, Some("insufficient_scope"), why);
    }
    let person = people::by_name(call, &claims.subject).await?;
    let Some(person) = person.filter(|person| claims.issued_at >= person.tokens_valid_from) else {
        return refuse(401, Some("invalid_token"), "the person may no longer act");
    };
    let profile = Profile {
        username: &person.username,
        display_name: person.display_name.as_deref(),
        email: person.email.as_deref(),
        roles: &person.roles,
    };
    let response = reply::json(200, &userinfo(profile, &claims.scopes))?;
    let client = claims.client.as_ref().map_or("", |client| client.as_str());
    match clients::by_id(call, client).await? {
        Some(registered) => cors::allow(call, &registered.client, response),
        None => Ok(response),
    }
}

/// The token of a form that was posted (RFC 6750 section 2.2).
async fn in_form(call: &Call) -> Outcome<Option<String>> {
    let kind = call.header("content-type")?.unwrap_or_default();
    let is_form = kind.starts_with("application/x-www-form-urlencoded");
    if call.request.method() != Method::Post || !is_form {
        return Ok(None);
    }
    let form = clients::form(call).await.map_err(|stop| match stop {
        Stop::Failure(failure) => failure,
        Stop::Oauth(error) => Failure::because("400", error.description),
    })?;
    Ok(form.get("access_token").map(ToOwned::to_owned))
}

/// RFC 9449 section 7.1.
fn unproven(fault: &TokenFault) -> Outcome<Response> {
    let why = format!("the token needs a proof of its key: {fault}");
    let body = json!({"error": "invalid_dpop_proof", "error_description": why});
    let challenge =
        "DPoP realm=\"Postern\", algs=\"ES256 RS256 EdDSA\", error=\"invalid_dpop_proof\"";
    reply::with_header(reply::json(401, &body)?, "www-authenticate", challenge)
}

/// RFC 6750 section 3.1; without a credential, nothing is said but how to bring one.
fn refuse(status: u16, word: Option<&str>, why: &str) -> Outcome<Response> {
    let challenge = match word {
        None => "Bearer realm=\"Postern\"".to_owned(),
        Some("insufficient_scope") => {
            format!(
                "Bearer realm=\"Postern\", error=\"insufficient_scope\", error_description=\"{why}\", scope=\"openid\""
            )
        }
        Some(word) => {
            format!("Bearer realm=\"Postern\", error=\"{word}\", error_description=\"{why}\"")
        }
    };
    let body = json!({"error": word.unwrap_or("invalid_request"), "error_description": why});
    let response = reply::json(status, &body)?;
    reply::with_header(response, "www-authenticate", &challenge)
}
