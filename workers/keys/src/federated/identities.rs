//! One's own ways in through other providers.

use runtime::{Failure, Outcome, db::sql, reply};
use serde::{Deserialize, Serialize};
use serde_json::json;
use worker::Response;

use super::Provider;
use crate::{
    account::{fresh_owner, owner},
    call::{Call, ORGANIZATION},
    users::audit_by,
};

/// `GET /session/federated`.
pub(super) async fn list(call: &Call) -> Outcome<Response> {
    let owner = owner(call).await?.person;
    let list = sql(
        "SELECT p.name, p.display_name, f.created_at FROM federated_identity f \
         JOIN identity_provider p ON p.issuer = f.issuer AND p.organization = f.organization \
         WHERE f.user_id = ? ORDER BY p.display_name",
    );
    let rows: Vec<Shown> = call.db.all(list.bind(&owner.id)).await?;
    reply::json(200, &json!({"count": rows.len(), "list": rows}))
}

/// `DELETE /session/federated/{name}`: the last way in stays.
pub(super) async fn unlink(call: &Call, name: &str) -> Outcome<Response> {
    let owner = fresh_owner(call).await?.person;
    let provider = Provider::find(call, name).await?;
    let delete = sql(
        "DELETE FROM federated_identity WHERE organization = ? AND issuer = ? AND user_id = ? \
         AND (EXISTS (SELECT 1 FROM user u WHERE u.id = ? AND u.password_hash <> '') \
          OR EXISTS (SELECT 1 FROM federated_identity f WHERE f.user_id = ? AND f.issuer <> ?))",
    )
    .bind(ORGANIZATION)
    .bind(&provider.issuer)
    .bind(&owner.id)
    .bind(&owner.id)
    .bind(&owner.id)
    .bind(&provider.issuer);
    let note = audit_by(call, &owner.username, "identity.unlink", &provider.name);
    match call.db.batch(vec![delete, note]).await?.first() {
        Some(0) => Err(Failure::because(
            "409",
            "this is not a way into your account, or the last one; ask an administrator for a password first",
        )),
        _ => reply::empty(204),
    }
}

#[derive(Serialize, Deserialize)]
struct Shown {
    name: String,
    #[serde(rename(serialize = "displayName"))]
    display_name: String,
    #[serde(rename(serialize = "createdAt"))]
    created_at: i64,
}
