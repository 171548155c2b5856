//! `POST /setup`: from an empty database to a platform with one administrator. May be repeated at any time.

use credential::{Secret, sha256_hex};
use runtime::{
    Failure, Outcome,
    db::{Statement, sql},
    id, migrations, reply,
};
use serde_json::json;
use worker::Response;

use crate::{
    call::{Call, ORGANIZATION},
    keyring, password, trust,
};

/// Applies what is not applied yet, makes a signing key and the first administrator where there is none, and publishes
/// whom gateways should trust.
pub(crate) async fn answer(call: &Call) -> Outcome<Response> {
    let shown = call.bearer()?.unwrap_or_default();
    if !Secret::matches(&shown, &sha256_hex(&call.setup_token()?)) {
        return Err(Failure::because(
            "401",
            "send the set-up token as `Authorization: Bearer`",
        ));
    }
    migrations::apply(&call.db).await?;
    let word = Secret::generate(&id::random()?);
    let password: String = word.reveal().chars().take(PASSWORD_DIGITS).collect();
    let mut batch = vec![keyring::first(&call.env, call.now).await?];
    let hash = password::hash(&call.env, &password).await?;
    batch.extend(administrator(call, &hash)?);
    batch.extend(trust::noted(call.now));
    let changed = call.db.batch(batch).await?;
    let created = changed.get(1) == Some(&1);
    keyring::forget();
    // Should that fail, the note stays; the password is told now or never.
    trust::publish_or_log(&call.env, &call.db, &call.issuer, call.now).await;
    if created {
        reply::json(
            200,
            &json!({"created": true, "username": ADMINISTRATOR, "password": password}),
        )
    } else {
        reply::json(200, &json!({"created": false}))
    }
}

/// The first administrator, unless there is an active one.
fn administrator(call: &Call, hash: &str) -> Outcome<Vec<Statement>> {
    let user_id = id::uuid()?;
    let user = sql(
        "INSERT INTO user (id, organization, username, password_hash, created_at, updated_at) SELECT ?, ?, ?, ?, ?, ? \
         WHERE NOT EXISTS (SELECT 1 FROM user u JOIN user_role r ON r.user_id = u.id \
          WHERE u.organization = ? AND u.status = 'ACTIVE' AND r.role = 'admin') ON CONFLICT DO NOTHING",
    )
    .bind(&user_id)
    .bind(ORGANIZATION)
    .bind(ADMINISTRATOR)
    .bind(hash)
    .bind(call.now)
    .bind(call.now)
    .bind(ORGANIZATION);
    let roles = sql(
        "INSERT INTO user_role (organization, user_id, role) SELECT u.organization, u.id, r.value \
         FROM user u, json_each('[\"admin\",\"Internal/everyone\"]') AS r WHERE u.id = ?",
    );
    Ok(vec![user, roles.bind(user_id)])
}

const ADMINISTRATOR: &str = "admin";
/// 119 bits.
const PASSWORD_DIGITS: usize = 20;
