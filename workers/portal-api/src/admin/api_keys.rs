//! `/api-keys`: those of all applications.

use runtime::{Failure, Outcome, db::sql, reply};
use serde::Deserialize;
use serde_json::{Value, json};
use worker::Response;

use crate::{
    call::Call,
    devportal::{api_key_renewal::Wanted, api_key_told::Told, api_keys},
    page,
};

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
    let body: Wanted = call.json().await?;
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
    api_keys::end(call, &key.id, &key.digest).await
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
        let told = Told {
            id: &self.id,
            name: &self.name,
            created_at: self.created_at,
            expires_at: self.expires_at,
            last_used_at: self.last_used_at,
        };
        told.with([
            ("applicationName", json!(self.application)),
            ("keyType", json!(self.key_type)),
            ("user", json!(self.created_by)),
        ])
    }
}
