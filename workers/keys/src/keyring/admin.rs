//! What administrators see of the signing keys, and do with them: `/internal/signing-keys`, which the admin API forwards.

use oauth::{KeySchedule, KeyState, SigningAlgorithm, Withdrawal, judge_withdrawal, may_announce};
use runtime::{
    Failure, Outcome, body,
    db::{Statement, sql},
    reply,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use worker::Response;

use super::{
    Ring, forget, resealing, timing,
    turns::{fresh, is_conflict, still},
};
use crate::{
    call::{Call, ORGANIZATION},
    guard,
    revoke::publish_with,
    users::audit_by,
};

/// The table of contents.
pub(crate) async fn answer(call: &Call, method: &str, path: &[&str]) -> Outcome<Response> {
    match (method, path) {
        ("GET", ["signing-keys"]) => list(call).await,
        ("POST", ["signing-keys"]) => announce(call).await,
        ("POST", ["signing-keys", id, "withdraw"]) => withdraw(call, id).await,
        ("GET", ["signing-key-schedule"]) => read_schedule(call).await,
        ("PUT", ["signing-key-schedule"]) => write_schedule(call).await,
        _ => Err(Failure::code("404")),
    }
}

/// `GET /internal/signing-keys`: the newest first, those that are gone among them.
async fn list(call: &Call) -> Outcome<Response> {
    let find = sql(format!(
        "SELECT {SHOWN} FROM signing_key WHERE organization = ? ORDER BY created_at DESC, kid LIMIT 200"
    ));
    let rows: Vec<Shown> = call.db.all(find.bind(ORGANIZATION)).await?;
    let sealing = resealing::state(call).await?;
    reply::json(
        200,
        &json!({
            "count": rows.len(),
            "list": rows,
            "announcementSeconds": timing(&call.env).announcement_ms / 1000,
            "keyEncryption": sealing,
        }),
    )
}

/// `POST /internal/signing-keys`: announces the next key, which signs when it has been known for long enough.
async fn announce(call: &Call) -> Outcome<Response> {
    let algorithm = wished(call).await?;
    let ring = Ring::read(&call.db, call.now).await?;
    may_announce(&ring.keys())?;
    let key = fresh(&call.env, algorithm).await?;
    let batch = vec![
        key.row(KeyState::Announced, call.now),
        note(call, "signing-key.announce", &key.kid)?,
    ];
    change(call, batch).await?;
    reply::json(201, &one(call, &key.kid).await?)
}

/// `POST /internal/signing-keys/{id}/withdraw`: a key that somebody else may have. Nothing that it signed is believed any
/// more, and if it was the one that signs, a new one does so at once.
async fn withdraw(call: &Call, kid: &str) -> Outcome<Response> {
    let algorithm = wished(call).await?;
    let before = one(call, kid).await?;
    let mut batch = vec![
        still(kid, before.state),
        sql(
            "UPDATE signing_key SET state = 'WITHDRAWN', retired_at = ?, sealed_private = '' \
             WHERE organization = ? AND kid = ?",
        )
        .bind(call.now)
        .bind(ORGANIZATION)
        .bind(kid),
    ];
    if judge_withdrawal(before.state)? == Withdrawal::WithSuccessor {
        let key = fresh(&call.env, algorithm).await?;
        batch.push(key.row(KeyState::Signing, call.now));
    }
    batch.push(note(call, "signing-key.withdraw", kid)?);
    change(call, batch).await?;
    reply::json(200, &one(call, kid).await?)
}

/// `GET /internal/signing-key-schedule`.
async fn read_schedule(call: &Call) -> Outcome<Response> {
    reply::json(200, &schedule(call).await?)
}

/// `PUT /internal/signing-key-schedule`.
async fn write_schedule(call: &Call) -> Outcome<Response> {
    let schedule: KeySchedule = body::json(&call.request).await?;
    schedule.check()?;
    let keep = sql(
        "INSERT INTO key_schedule (organization, body) VALUES (?, ?) \
         ON CONFLICT (organization) DO UPDATE SET body = excluded.body",
    )
    .bind(ORGANIZATION)
    .bind(serde_json::to_string(&schedule)?);
    let note = note(call, "signing-key-schedule.update", ORGANIZATION)?;
    call.db.batch(vec![keep, note]).await?;
    forget();
    reply::json(200, &schedule)
}

/// The algorithm that the body names, or the schedule's.
async fn wished(call: &Call) -> Outcome<SigningAlgorithm> {
    let wish: Wish = body::json(&call.request).await?;
    match wish.algorithm {
        Some(algorithm) => Ok(algorithm),
        None => Ok(schedule(call).await?.algorithm),
    }
}

/// What was chosen.
async fn schedule(call: &Call) -> Outcome<KeySchedule> {
    let find = sql("SELECT body FROM key_schedule WHERE organization = ?");
    let row: Option<Row> = call.db.first(find.bind(ORGANIZATION)).await?;
    Ok(KeySchedule::stored(
        row.as_ref().map(|row| row.body.as_str()),
    ))
}

/// Writes a change of the keys, and has gateways know before the answer goes out.
async fn change(call: &Call, batch: Vec<Statement>) -> Outcome<()> {
    let changed = publish_with(call, batch).await;
    forget();
    changed.map_err(|failure| {
        if guard::has_refused(&failure) || is_conflict(&failure) {
            return Failure::because("409", "the keys have changed meanwhile; look at them again");
        }
        failure
    })
}

async fn one(call: &Call, kid: &str) -> Outcome<Shown> {
    let find = sql(format!(
        "SELECT {SHOWN} FROM signing_key WHERE organization = ? AND kid = ?"
    ));
    let row = call.db.first(find.bind(ORGANIZATION).bind(kid)).await?;
    row.ok_or_else(|| Failure::because("404", "there is no such key"))
}

fn note(call: &Call, action: &str, subject: &str) -> Outcome<Statement> {
    let actor = call.query("actor")?.unwrap_or_default();
    Ok(audit_by(call, &actor, action, subject))
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Wish {
    algorithm: Option<SigningAlgorithm>,
}

#[derive(Deserialize)]
struct Row {
    body: String,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    key_id: String,
    algorithm: SigningAlgorithm,
    state: KeyState,
    created_at: String,
    published_at: Option<String>,
    signing_from: Option<String>,
    replaced_at: Option<String>,
    ended_at: Option<String>,
}

const SHOWN: &str = "kid AS keyId, alg AS algorithm, state, \
    strftime('%Y-%m-%dT%H:%M:%SZ', created_at / 1000, 'unixepoch') AS createdAt, \
    strftime('%Y-%m-%dT%H:%M:%SZ', published_at / 1000, 'unixepoch') AS publishedAt, \
    CASE WHEN state <> 'ANNOUNCED' THEN strftime('%Y-%m-%dT%H:%M:%SZ', active_from / 1000, 'unixepoch') END AS signingFrom, \
    strftime('%Y-%m-%dT%H:%M:%SZ', replaced_at / 1000, 'unixepoch') AS replacedAt, \
    strftime('%Y-%m-%dT%H:%M:%SZ', retired_at / 1000, 'unixepoch') AS endedAt";
