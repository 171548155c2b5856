//! `/api-keys`: those of all applications.

use runtime::{
    Failure, Outcome,
    db::{Statement, sql},
    reply,
};
use serde::Deserialize;
use serde_json::{Value, json};
use worker::Response;

use crate::{apis::write, call::Call, deployments::note, page};

/// `GET /api-keys`: those that have not been revoked.
pub(crate) async fn list(call: &Call) -> Outcome<Response> {
    let rows: Vec<Row> = call
        .db
        .all(
            sql("SELECT api_key.id, api_key.name, api_key.key_type, api_key.created_by, api_key.created_at, \
                 api_key.expires_at, api_key.last_used_at, application.name AS application FROM api_key \
                 JOIN application ON application.id = api_key.application_id \
                 WHERE api_key.organization = ? AND revoked_at IS NULL ORDER BY api_key.created_at DESC LIMIT 1000")
            .bind(call.organization()),
        )
        .await?;
    reply::json(200, &page::whole(rows.iter().map(Row::shown).collect()))
}

/// `POST /api-keys/revoke`
pub(crate) async fn revoke(call: &Call) -> Outcome<Response> {
    #[derive(Deserialize)]
    struct Key {
        id: String,
        digest: String,
    }
    let body: Body = call.json().await?;
    let key: Option<Key> = call
        .db
        .first(
            sql("SELECT id, digest FROM api_key WHERE id = ? AND organization = ? AND revoked_at IS NULL")
                .bind(&body.key_uuid)
                .bind(call.organization()),
        )
        .await?;
    let key =
        key.ok_or_else(|| Failure::because("404", "there is no such API key, or it was revoked"))?;
    let statements: Vec<Statement> = vec![
        sql("UPDATE api_key SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL")
            .bind(call.now)
            .bind(&key.id),
        note("api-key", &key.digest, call),
        write::audit(call, "api-key.revoke", &key.id)?,
    ];
    call.db.batch(statements).await?;
    reply::empty(200)
}

#[derive(Deserialize)]
struct Row {
    id: String,
    name: String,
    key_type: String,
    created_by: String,
    created_at: i64,
    expires_at: Option<i64>,
    last_used_at: Option<i64>,
    application: String,
}

impl Row {
    /// WSO2's `APIKey`.
    fn shown(&self) -> Value {
        let seconds = self
            .expires_at
            .map_or(-1, |end| (end - self.created_at) / 1000);
        lifecycle::defaults::without_nulls(json!({
            "keyUUID": self.id,
            "keyName": self.name,
            "applicationName": self.application,
            "keyType": self.key_type,
            "user": self.created_by,
            "issuedOn": self.created_at,
            "validityPeriod": seconds,
            "lastUsed": self.last_used_at,
        }))
    }
}

/// WSO2's `APIKeyRevokeRequest`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct Body {
    #[serde(rename = "keyUUID")]
    key_uuid: String,
}
