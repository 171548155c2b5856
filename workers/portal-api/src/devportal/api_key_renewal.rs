//! `…/api-keys/{keyType}/regenerate`: another key with the same name, limits and length of life; the old one ends.

use credential::ApiKey;
use model::KeyType;
use runtime::{Failure, Outcome, db::sql, id, reply};
use serde::Deserialize;
use serde_json::json;
use worker::Response;

use super::{api_key_told::validity, api_keys, application_row};
use crate::{apis::write, call::Call, deployments::note, guard};

/// `POST …/api-keys/{keyType}/regenerate`
pub(crate) async fn regenerate(call: &Call) -> Outcome<Response> {
    let application = application_row::of_path(call).await?;
    let kind = api_keys::kind(call)?;
    let body: Wanted = call.json().await?;
    if application.status != "APPROVED" {
        return Err(Failure::code("900309"));
    }
    let found: Option<Row> = call
        .db
        .first(
            sql(
                "SELECT id, name, digest, created_at, expires_at FROM api_key \
                 WHERE application_id = ? AND api_id IS NULL AND key_type = ? AND id = ? AND revoked_at IS NULL",
            )
            .bind(&application.id)
            .bind(kind.as_str())
            .bind(&body.key_uuid),
        )
        .await?;
    let old =
        found.ok_or_else(|| Failure::because("404", "the application has no such API key"))?;
    renew(call, &old, kind).await
}

/// Puts another key in the place of one.
pub(super) async fn renew(call: &Call, old: &Row, kind: KeyType) -> Outcome<Response> {
    let key = ApiKey::generate(kind, &id::random()?);
    let life_ms = old.expires_at.map(|end| end.saturating_sub(old.created_at));
    let unchanged = guard::require(
        "EXISTS (SELECT 1 FROM api_key WHERE id = ? AND digest = ? AND revoked_at IS NULL)",
    );
    let statements = vec![
        unchanged.bind(&old.id).bind(&old.digest),
        sql("UPDATE api_key SET digest = ?, last_four = ?, created_at = ?, expires_at = ? WHERE id = ?")
            .bind(key.digest())
            .bind(key.last_four())
            .bind(call.now)
            .bind(life_ms.map(|life| call.now.0.saturating_add(life)))
            .bind(&old.id),
        note("api-key", &old.digest, call),
        note("api-key", &key.digest(), call),
        write::audit(call, "api-key.regenerate", &old.id)?,
    ];
    guard::or(call.db.batch(statements).await, guard::changed_meanwhile)?;
    reply::json(
        200,
        &json!({"keyName": old.name, "apikey": key.reveal(), "validityPeriod": validity(life_ms)}),
    )
}

/// WSO2's `APIKeyRenewRequest`, and its other requests that name a key and no more.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
pub(crate) struct Wanted {
    #[serde(rename = "keyUUID")]
    pub(crate) key_uuid: String,
}

/// A key as far as renewing it goes.
#[derive(Deserialize)]
pub(super) struct Row {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) digest: String,
    pub(super) created_at: i64,
    pub(super) expires_at: Option<i64>,
}
