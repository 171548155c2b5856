//! Opaque access tokens: kept as digests with what a signed token would say.

use credential::{Claims, ReferenceToken, TokenFault};
use model::Timestamp;
use oauth::Issue;
use runtime::{Failure, Outcome, body, db::sql, id, reply};
use serde::Deserialize;
use serde_json::{Map, Value};
use worker::Response;

use crate::{
    call::Call,
    clients::Registered,
    signing,
    verify::{self, Verified},
};

/// The access token that is issued: signed, or opaque where the application has chosen that.
pub(crate) async fn access_token(
    call: &Call,
    registered: &Registered,
    issue: &Issue<'_>,
) -> Outcome<String> {
    if !registered.has_opaque_tokens {
        return signing::sign(call, |kid| issue.signing_input(kid)).await;
    }
    let token = ReferenceToken::generate(&id::random()?);
    let claims = issue.claims();
    let expires_at = claims.get("exp").and_then(Value::as_i64);
    let row = sql(
        "INSERT INTO reference_token (digest, client_id, claims, expires_at) VALUES (?, ?, ?, ?)",
    )
    .bind(token.digest())
    .bind(registered.client.id.as_str())
    .bind(claims.to_string())
    .bind(Timestamp::from_seconds(expires_at.unwrap_or_default()));
    call.db.run(row).await?;
    Ok(token.reveal().to_owned())
}

/// What an opaque token stands for, if it is good now.
pub(crate) async fn verified(call: &Call, text: &str) -> Outcome<Result<Verified, TokenFault>> {
    match ReferenceToken::parse(text) {
        Some(token) => by_digest(call, &token.digest()).await,
        None => Ok(Err(TokenFault::Malformed("no reference token"))),
    }
}

/// `POST /internal/reference-tokens`: the same for gateways, by digest: 200 with the claims, or 404.
pub(crate) async fn answer(call: &Call) -> Outcome<Response> {
    let wish: Wish = body::json(&call.request).await?;
    match by_digest(call, &wish.digest).await? {
        Ok(verified) => reply::json(200, &Value::Object(verified.raw)),
        Err(_) => Err(Failure::code("404")),
    }
}

/// As [`verified`], without a look at what was revoked: whoever calls this looks.
pub(crate) async fn said_by(call: &Call, text: &str) -> Outcome<Result<Verified, TokenFault>> {
    match ReferenceToken::parse(text) {
        Some(token) => kept(call, &token.digest()).await,
        None => Ok(Err(TokenFault::Malformed("no reference token"))),
    }
}

async fn by_digest(call: &Call, digest: &str) -> Outcome<Result<Verified, TokenFault>> {
    let verified = match kept(call, digest).await? {
        Ok(verified) => verified,
        Err(fault) => return Ok(Err(fault)),
    };
    if verify::is_revoked(call, &verified.claims).await? {
        return Ok(Err(TokenFault::Revoked));
    }
    Ok(Ok(verified))
}

async fn kept(call: &Call, digest: &str) -> Outcome<Result<Verified, TokenFault>> {
    let find = sql("SELECT claims FROM reference_token WHERE digest = ? AND expires_at > ?");
    let row: Option<Row> = call.db.first(find.bind(digest).bind(call.now)).await?;
    let Some(row) = row else {
        return Ok(Err(TokenFault::UnknownKey));
    };
    let raw: Map<String, Value> = serde_json::from_str(&row.claims)?;
    let claims = match Claims::read(&raw) {
        Ok(claims) => claims,
        Err(fault) => return Ok(Err(fault)),
    };
    Ok(Ok(Verified { claims, raw }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    digest: String,
}

#[derive(Deserialize)]
struct Row {
    claims: String,
}
