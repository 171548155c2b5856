//! Initial access tokens: what an administrator hands to whoever may register clients. Told once, kept as a digest.

use credential::Secret;
use oauth::InitialTokenWish;
use runtime::{Failure, Outcome, body, db::sql, id, reply};
use serde::{Deserialize, Serialize};
use serde_json::json;
use worker::Response;

use crate::{
    call::{Call, ORGANIZATION},
    users::audit_by,
};

/// `GET /internal/registration/tokens`: those that are still good for something.
pub(super) async fn list(call: &Call) -> Outcome<Response> {
    let find = sql(
        "SELECT id, label, created_by, created_at, expires_at, uses_left FROM initial_access_token \
         WHERE organization = ? AND expires_at > ? AND uses_left > 0 ORDER BY created_at DESC, id LIMIT 1000",
    );
    let find = find.bind(ORGANIZATION).bind(call.now);
    let rows: Vec<Row> = call.db.all(find).await?;
    let list: Vec<Shown> = rows.into_iter().map(Row::shown).collect();
    reply::json(200, &json!({"count": list.len(), "list": list}))
}

/// `POST /internal/registration/tokens`.
pub(super) async fn create(call: &Call) -> Outcome<Response> {
    let wish: InitialTokenWish = body::json(&call.request).await?;
    let expires_at = wish.check(call.now)?;
    let actor = call.query("actor")?.unwrap_or_default();
    let token = Secret::generate(&id::random()?);
    let shown = Shown {
        id: id::uuid()?,
        label: wish.label,
        created_by: actor,
        created_time: call.now.0,
        expiry_time: expires_at.0,
        uses_left: wish.uses,
        token: Some(token.reveal().to_owned()),
    };
    let keep = sql(
        "INSERT INTO initial_access_token (id, organization, digest, label, created_by, created_at, expires_at, uses_left) \
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(&shown.id)
    .bind(ORGANIZATION)
    .bind(token.digest())
    .bind(&shown.label)
    .bind(&shown.created_by)
    .bind(call.now)
    .bind(expires_at)
    .bind(shown.uses_left);
    let note = audit_by(
        call,
        &shown.created_by,
        "initial-access-token.create",
        &shown.id,
    );
    call.db.batch(vec![keep, note]).await?;
    reply::json(201, &shown)
}

/// `DELETE /internal/registration/tokens/{id}`. Clients that it let in stay.
pub(super) async fn revoke(call: &Call, id: &str) -> Outcome<Response> {
    let actor = call.query("actor")?.unwrap_or_default();
    let delete = sql("DELETE FROM initial_access_token WHERE organization = ? AND id = ?");
    let note = audit_by(call, &actor, "initial-access-token.revoke", id);
    let delete = delete.bind(ORGANIZATION).bind(id);
    let changed = call.db.batch(vec![delete, note]).await?;
    if changed.first() == Some(&0) {
        return Err(Failure::because("404", "there is no such token"));
    }
    reply::empty(204)
}

#[derive(Deserialize)]
struct Row {
    id: String,
    label: String,
    created_by: String,
    created_at: i64,
    expires_at: i64,
    uses_left: i64,
}

impl Row {
    fn shown(self) -> Shown {
        Shown {
            id: self.id,
            label: self.label,
            created_by: self.created_by,
            created_time: self.created_at,
            expiry_time: self.expires_at,
            uses_left: self.uses_left,
            token: None,
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    id: String,
    label: String,
    created_by: String,
    created_time: i64,
    expiry_time: i64,
    uses_left: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
}
