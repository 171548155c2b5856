//! Recovery codes: shown once, kept as digests, each good once.

use ::people::{RECOVERY_CODES, normalize_code, recovery_code};
use credential::sha256_hex;
use runtime::{Outcome, db::sql, id, reply};
use serde::Deserialize;
use serde_json::json;
use worker::Response;

use super::fresh_owner;
use crate::{
    call::{Call, ORGANIZATION},
    users::audit_by,
};

/// `POST /session/recovery-codes`: ten new ones; the old ones are good for nothing any more.
pub(super) async fn renew(call: &Call) -> Outcome<Response> {
    let owner = fresh_owner(call).await?;
    let codes = (0..RECOVERY_CODES)
        .map(|_| Ok(recovery_code(id::random()?)))
        .collect::<Outcome<Vec<String>>>()?;
    let digests: Vec<String> = codes
        .iter()
        .map(|code| sha256_hex(&normalize_code(code)))
        .collect();
    let insert = sql(
        "INSERT INTO recovery_code (digest, organization, user_id, created_at) \
         SELECT value, ?, ?, ? FROM json_each(?)",
    )
    .bind(ORGANIZATION)
    .bind(&owner.person.id)
    .bind(call.now)
    .bind(serde_json::to_string(&digests)?);
    let batch = vec![
        sql("DELETE FROM recovery_code WHERE user_id = ?").bind(&owner.person.id),
        insert,
        audit_by(
            call,
            &owner.person.username,
            "recovery-codes.renew",
            &owner.person.id,
        ),
    ];
    call.db.batch(batch).await?;
    reply::json(201, &json!({"codes": codes}))
}

/// Is this an unused code of the person, now used? Of several at once, one is.
pub(super) async fn spend(call: &Call, user_id: &str, code: &str) -> Outcome<bool> {
    let spend = sql("UPDATE recovery_code SET used_at = ? \
         WHERE digest = ? AND user_id = ? AND used_at IS NULL")
    .bind(call.now)
    .bind(sha256_hex(&normalize_code(code)))
    .bind(user_id);
    Ok(call.db.run(spend).await? == 1)
}

/// How many are left.
pub(super) async fn left(call: &Call, user_id: &str) -> Outcome<i64> {
    let count =
        sql("SELECT count(*) AS number FROM recovery_code WHERE user_id = ? AND used_at IS NULL");
    let row: Option<Count> = call.db.first(count.bind(user_id)).await?;
    Ok(row.map_or(0, |row| row.number))
}

#[derive(Deserialize)]
struct Count {
    number: i64,
}
