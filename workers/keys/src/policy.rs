//! What administrators choose for their people: `/internal/people-policy`, which the admin API forwards.

use ::people::Policy;
use runtime::{Outcome, body, db::sql, reply};
use serde::Deserialize;
use worker::Response;

use crate::{
    call::{Call, ORGANIZATION},
    users::{audit_by, require_roles},
};

/// The choices of today.
pub(crate) async fn current(call: &Call) -> Outcome<Policy> {
    let find = sql("SELECT body FROM people_policy WHERE organization = ?");
    let row: Option<Row> = call.db.first(find.bind(ORGANIZATION)).await?;
    Ok(Policy::stored(row.as_ref().map(|row| row.body.as_str())))
}

/// `GET /internal/people-policy`.
pub(crate) async fn read(call: &Call) -> Outcome<Response> {
    reply::json(200, &current(call).await?)
}

/// `PUT /internal/people-policy`.
pub(crate) async fn write(call: &Call) -> Outcome<Response> {
    let policy: Policy = body::json(&call.request).await?;
    policy.check()?;
    require_roles(call, &policy.second_factor_roles).await?;
    let keep = sql(
        "INSERT INTO people_policy (organization, body) VALUES (?, ?) \
         ON CONFLICT (organization) DO UPDATE SET body = excluded.body",
    )
    .bind(ORGANIZATION)
    .bind(serde_json::to_string(&policy)?);
    let actor = call.query("actor")?.unwrap_or_default();
    let note = audit_by(call, &actor, "people-policy.update", ORGANIZATION);
    call.db.batch(vec![keep, note]).await?;
    reply::json(200, &policy)
}

#[derive(Deserialize)]
struct Row {
    body: String,
}
