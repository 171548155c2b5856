//! What has to be done now and then, by the clock or, where there is none, after an answer went out: publishing what a
//! crash left behind, and forgetting what has expired.

use std::cell::Cell;

use model::Timestamp;
use oauth::{DEVICE_LIFE_MS, MAX_FAMILY_MS};
use people::{ATTEMPT_WINDOW_MS, CODE_WINDOW_MS};
use runtime::{
    Db, Outcome, clock,
    db::{Statement, sql},
};
use serde::Deserialize;
use worker::Env;

use crate::{external_issuers, keyring, mail, registration, trust};

thread_local! {
    static LAST: Cell<i64> = const { Cell::new(0) };
}

/// Is it time again? Says yes once per interval and isolate.
pub(crate) fn is_due(now: Timestamp) -> bool {
    let due = now.0 - LAST.get() >= INTERVAL_MS;
    if due {
        LAST.set(now.0);
    }
    due
}

/// Does all of it; a failure is for the log, and the next round tries again.
pub(crate) async fn run_or_log(env: &Env) {
    if let Err(failure) = run(env).await {
        worker::console_error!("housekeeping: {failure:?}");
    }
}

async fn run(env: &Env) -> Outcome<()> {
    let db = Db::of(env)?;
    let now = clock::now();
    let tables = sql(
        "SELECT count(*) AS number FROM sqlite_master WHERE name IN \
         ('outbox', 'device_code', 'sign_in_challenge', 'shown_once', 'key_schedule', 'exchanged_token', \
         'registration_policy', 'external_client')",
    );
    if count(&db, tables).await? < 8 {
        return Ok(());
    }
    let notes = sql("SELECT count(*) AS number FROM outbox WHERE writer = 'keys'");
    if count(&db, notes).await? > 0 {
        let issuer = env.var("ISSUER")?.to_string();
        trust::publish(env, &db, &issuer, now).await?;
    }
    db.batch(forgotten(now)).await?;
    let keys = keyring::keep(env, &db).await;
    // A mailer that is away keeps nobody's keys from being renewed.
    let mails = mail::send(env).await;
    external_issuers::keep(env, &db).await?;
    mails?;
    keys
}

/// What has expired.
fn forgotten(now: Timestamp) -> Vec<Statement> {
    let gone = |text: &str, before: Timestamp| sql(text).bind(before);
    vec![
        gone("DELETE FROM session WHERE expires_at < ?", now),
        gone("DELETE FROM revoked_token WHERE expires_at < ?", now),
        gone("DELETE FROM revoked_client WHERE expires_at < ?", now),
        gone("DELETE FROM revoked_user WHERE expires_at < ?", now),
        // A family's first row says when the family ends: no row goes before that.
        gone(
            "DELETE FROM refresh_token WHERE created_at < ?",
            now.plus_ms(-MAX_FAMILY_MS),
        ),
        gone("DELETE FROM shown_once WHERE expires_at < ?", now),
        gone("DELETE FROM pushed_request WHERE expires_at < ?", now),
        gone("DELETE FROM interaction WHERE expires_at < ?", now),
        gone(
            "DELETE FROM authorization_code WHERE family IS NULL AND expires_at < ?",
            now,
        ),
        // A code that was redeemed is known as long as what it gave could live.
        gone(
            "DELETE FROM authorization_code WHERE created_at < ?",
            now.plus_ms(-MAX_FAMILY_MS),
        ),
        // A device that comes late is told so for a while.
        gone(
            "DELETE FROM device_code WHERE expires_at < ?",
            now.plus_ms(-DEVICE_LIFE_MS),
        ),
        gone(
            "DELETE FROM sign_in_failure WHERE window_start < ? AND subject NOT LIKE 'hour:%'",
            now.plus_ms(-2 * ATTEMPT_WINDOW_MS),
        ),
        gone(
            "DELETE FROM sign_in_failure WHERE window_start < ?",
            now.plus_ms(-2 * CODE_WINDOW_MS),
        ),
        gone(
            "DELETE FROM signing_key WHERE retired_at < ?",
            now.plus_ms(-KEY_HISTORY_MS),
        ),
        mail::forgotten(now),
        registration::document::forgotten(now),
        gone("DELETE FROM initial_access_token WHERE expires_at < ?", now),
        gone("DELETE FROM sign_in_challenge WHERE expires_at < ?", now),
        gone("DELETE FROM one_time_link WHERE expires_at < ?", now),
        gone("DELETE FROM federated_sign_in WHERE expires_at < ?", now),
        gone("DELETE FROM exchanged_token WHERE expires_at < ?", now),
        gone("DELETE FROM reference_token WHERE expires_at < ?", now),
    ]
}

async fn count(db: &Db, statement: Statement) -> Outcome<i64> {
    let row: Option<Row> = db.first(statement).await?;
    Ok(row.map_or(0, |row| row.number))
}

#[derive(Deserialize)]
struct Row {
    number: i64,
}

const INTERVAL_MS: i64 = 30_000;
/// Keys that are gone are shown to administrators for a year.
const KEY_HISTORY_MS: i64 = 365 * 24 * 3600 * 1000;
