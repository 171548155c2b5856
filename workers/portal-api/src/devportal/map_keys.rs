//! `map-keys`: a client that its owner registered elsewhere, or that registered itself, becomes the application's.

use credential::sha256_hex;
use runtime::{Failure, Outcome, db::sql, id, reply};
use serde::Deserialize;
use worker::Response;

use super::{
    application_row, client_row, external_keys, key_request::Mapping, keys::already_there,
};
use crate::{
    apis::write,
    call::Call,
    deployments::note,
    guard,
    key_managers::{self, RESIDENT},
    refusal,
};

/// `POST /applications/{applicationId}/map-keys`
pub(crate) async fn map(call: &Call) -> Outcome<Response> {
    let application = application_row::of_path(call).await?;
    let body: Mapping = call.json().await?;
    let manager = match key_managers::chosen(call, body.key_manager.as_deref()).await? {
        Ok(manager) => body.check(None).map(|()| manager)?,
        Err(fault) => body.check(Some(fault)).map(|()| None)?,
    };
    if application.status != "APPROVED" {
        return Err(Failure::code("900309"));
    }
    if let Some(manager) = manager {
        return external_keys::map(call, &application, &manager, &body).await;
    }
    if !is_shown(call, &body).await? {
        return Err(stranger());
    }
    let mapping = id::uuid()?;
    let free = guard::require(&format!(
        "EXISTS (SELECT 1 FROM oauth_client c WHERE {FREE}) AND EXISTS (SELECT 1 FROM application WHERE id = ?)"
    ));
    let statements = vec![
        free.bind(&body.consumer_key)
            .bind(call.organization())
            .bind(call.user()?)
            .bind(&application.id),
        sql("UPDATE oauth_client SET application_id = ?, key_type = ? WHERE client_id = ?")
            .bind(&application.id)
            .bind(&body.key_type)
            .bind(&body.consumer_key),
        sql("INSERT INTO key_mapping (id, application_id, key_type, key_manager, client_id, mode, created_at) \
             VALUES (?, ?, ?, ?, ?, 'MAPPED', ?)")
        .bind(&mapping)
        .bind(&application.id)
        .bind(&body.key_type)
        .bind(RESIDENT)
        .bind(&body.consumer_key)
        .bind(call.now),
        note("client", &body.consumer_key, call),
        note("application", &application.id, call),
        write::audit(call, "application.map-keys", &body.consumer_key)?,
    ];
    guard::or(call.db.batch(statements).await, stranger).map_err(already_there)?;
    let client = client_row::of_application(call, &application.id)
        .await?
        .into_iter()
        .find(|client| client.mapping == mapping)
        .ok_or_else(|| Failure::code("900331"))?;
    reply::json(200, &client.shown())
}

/// Is it a client of the caller's, without an application, and was one of its secrets shown? Who keeps no secret shows
/// none.
async fn is_shown(call: &Call, body: &Mapping) -> Outcome<bool> {
    #[derive(Deserialize)]
    struct Row {
        matches: i64,
    }
    let secret = body.consumer_secret.as_deref().unwrap_or_default();
    let row: Option<Row> = call
        .db
        .first(
            sql(format!(
                "SELECT (NOT EXISTS (SELECT 1 FROM client_secret s WHERE s.client_id = c.client_id) OR EXISTS \
                 (SELECT 1 FROM client_secret s WHERE s.client_id = c.client_id AND s.digest = ? \
                  AND (s.expires_at IS NULL OR s.expires_at > ?))) AS matches FROM oauth_client c WHERE {FREE}"
            ))
            .bind(sha256_hex(secret))
            .bind(call.now)
            .bind(&body.consumer_key)
            .bind(call.organization())
            .bind(call.user()?),
        )
        .await?;
    Ok(row.is_some_and(|row| row.matches == 1))
}

/// The same whatever is wrong: nobody learns which clients there are.
fn stranger() -> Failure {
    refusal::one(
        "900953",
        "consumerKey",
        "no client of yours without an application has this key and secret; register it first, or check the secret",
    )
}

/// A client of the user's own, which no application has, and not one of the platform's. One that registered itself is
/// nobody's, and whoever has its secret may say what it is for.
const FREE: &str = "c.client_id = ? AND c.organization = ? AND c.application_id IS NULL \
    AND c.key_type IS NULL AND c.first_party = 0 AND c.owner IN (?, \
    CASE WHEN EXISTS (SELECT 1 FROM client_secret s WHERE s.client_id = c.client_id) THEN '' END)";
