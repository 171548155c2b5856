//! What administrators allow strangers: `/internal/registration/policy`, which the admin API forwards.

use oauth::RegistrationPolicy;
use runtime::{Outcome, body, db::sql, reply};
use serde::Deserialize;
use worker::Response;

use crate::{
    call::{Call, ORGANIZATION},
    users::audit_by,
};

/// The choices of today.
pub(crate) async fn current(call: &Call) -> Outcome<RegistrationPolicy> {
    let find = sql("SELECT body FROM registration_policy WHERE organization = ?");
    let row: Option<Row> = call.db.first(find.bind(ORGANIZATION)).await?;
    Ok(RegistrationPolicy::stored(
        row.as_ref().map(|row| row.body.as_str()),
    ))
}

/// `GET /internal/registration/policy`.
pub(super) async fn read(call: &Call) -> Outcome<Response> {
    reply::json(200, &current(call).await?)
}

/// `PUT /internal/registration/policy`.
pub(super) async fn write(call: &Call) -> Outcome<Response> {
    let policy: RegistrationPolicy = body::json(&call.request).await?;
    let keep = sql(
        "INSERT INTO registration_policy (organization, body) VALUES (?, ?) \
         ON CONFLICT (organization) DO UPDATE SET body = excluded.body",
    )
    .bind(ORGANIZATION)
    .bind(serde_json::to_string(&policy)?);
    let actor = call.query("actor")?.unwrap_or_default();
    let note = audit_by(call, &actor, "registration-policy.update", ORGANIZATION);
    call.db.batch(vec![keep, note]).await?;
    reply::json(200, &policy)
}

#[derive(Deserialize)]
struct Row {
    body: String,
}
