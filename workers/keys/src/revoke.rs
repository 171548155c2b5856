//! `POST /oauth2/revoke` (RFC 7009): a client takes back a token of its own.

use model::Timestamp;
use runtime::{
    Outcome,
    db::{Statement, sql},
    reply,
};
use worker::Response;

use crate::{
    call::{Call, ORGANIZATION},
    clients, handed_on, refresh,
    stop::Step,
    trust, verify,
};

/// Answers a revocation: 200 also for a token that is none, or another client's (RFC 7009 section 2.2).
pub(crate) async fn answer(call: &Call) -> Step<Response> {
    let form = clients::form(call).await?;
    let registered = clients::authenticate(call, &form).await?;
    let shown = form.require("token")?;
    if let Some(family) = refresh::family_of(call, shown, &registered).await? {
        refresh::revoke_family(call, &family).await?;
    } else if let Ok(verified) = verify::access_token(call, shown).await?
        && verified.claims.client.as_ref() == Some(&registered.client.id)
    {
        revoke_token(call, &verified.claims.id, verified.claims.expires_at).await?;
    }
    Ok(reply::text(200, "application/json", "{}".to_owned())?)
}

/// Takes back one access token, with what it was exchanged for.
pub(crate) async fn revoke_token(call: &Call, jti: &str, expires_at: Timestamp) -> Outcome<()> {
    publish_with(call, vec![handed_on::revoking(call, jti, expires_at)]).await
}

/// Takes back every token of a client issued until now.
pub(crate) async fn revoke_client(call: &Call, client_id: &str) -> Outcome<()> {
    publish_with(call, revoking_client(call, client_id)).await
}

/// The statements that take back every token of a client issued until now.
pub(crate) fn revoking_client(call: &Call, client_id: &str) -> Vec<Statement> {
    let row = sql(
        "INSERT INTO revoked_client (client_id, organization, before, expires_at) VALUES (?, ?, ?, ?) \
         ON CONFLICT (client_id) DO UPDATE SET before = max(before, excluded.before), expires_at = excluded.expires_at",
    );
    let row = row
        .bind(client_id)
        .bind(ORGANIZATION)
        .bind(call.now.plus_ms(1))
        .bind(call.now.plus_ms(LONGEST_LIFE_MS));
    let spent =
        sql("UPDATE refresh_token SET revoked_at = ? WHERE client_id = ? AND revoked_at IS NULL");
    vec![row, spent.bind(call.now).bind(client_id)]
}

/// Writes a change of the revocations, and has gateways know before the answer goes out.
pub(crate) async fn publish_with(call: &Call, mut batch: Vec<Statement>) -> Outcome<()> {
    batch.extend(trust::noted(call.now));
    call.db.batch(batch).await?;
    trust::publish_or_log(&call.env, &call.db, &call.issuer, call.now).await;
    Ok(())
}

/// 30 days, the longest life that a client's settings can give a token.
pub(crate) const LONGEST_LIFE_MS: i64 = 30 * 24 * 3600 * 1000;
