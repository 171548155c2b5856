//! Counting what strangers may do now and then: attempts, mails, challenges. Each attempt is counted before it is looked
//! at, so that a thousand at once are no more than the allowance.

use ::people::{
    ATTEMPT_WINDOW_MS, CODE_WINDOW_MS, CodeAttempts, attempt_window, code_window,
    judge_code_attempts,
};
use credential::sha256_hex;
use model::Timestamp;
use problem::{NextAccess, Problem};
use runtime::{Db, Failure, Outcome, db::sql};
use serde::Deserialize;

use crate::call::{Call, ORGANIZATION};

/// Counts one attempt of `what` by the caller's address, of which a minute allows `allowance`.
///
/// # Errors
/// 429 beyond that.
pub(crate) async fn by_address(call: &Call, what: &str, allowance: i64) -> Outcome<()> {
    by_subject(call, &format!("{what}:{}", call.address()?), allowance).await
}

/// Counts one attempt of `what` by a person who is signed in, of which a minute allows `allowance`.
///
/// # Errors
/// 429 beyond that.
pub(crate) async fn by_person(
    call: &Call,
    what: &str,
    user_id: &str,
    allowance: i64,
) -> Outcome<()> {
    by_subject(call, &format!("{what}:{ORGANIZATION}/{user_id}"), allowance).await
}

/// Takes back one attempt of `what`, of the person and of the address, which was right.
pub(crate) async fn forgive(call: &Call, what: &str, user_id: &str) -> Outcome<()> {
    let statement = sql(
        "UPDATE sign_in_failure SET failures = max(failures - 1, 0) \
         WHERE window_start = ? AND subject IN (?, ?)",
    );
    let statement = statement
        .bind(attempt_window(call.now))
        .bind(format!("{what}:{ORGANIZATION}/{user_id}"))
        .bind(format!("{what}:{}", call.address()?));
    call.db.run(statement).await?;
    Ok(())
}

async fn by_subject(call: &Call, subject: &str, allowance: i64) -> Outcome<()> {
    let window = attempt_window(call.now);
    if count(call, subject, window).await? <= allowance {
        return Ok(());
    }
    let left_ms = window.plus_ms(ATTEMPT_WINDOW_MS).ms_since(call.now);
    Err(too_many(left_ms.max(1).unsigned_abs().div_ceil(1000)))
}

/// Counts one mail that a stranger has sent to an address, of which an hour allows three.
///
/// # Errors
/// 429 beyond that.
pub(crate) async fn by_recipient(call: &Call, email: &str) -> Outcome<()> {
    let window = code_window(call.now);
    let subject = format!("hour:mail:{}", sha256_hex(&email.to_lowercase()));
    if count(call, &subject, window).await? <= MAILS_AN_HOUR {
        return Ok(());
    }
    let left_ms = window.plus_ms(CODE_WINDOW_MS).ms_since(call.now);
    Err(too_many(left_ms.max(1).unsigned_abs().div_ceil(1000)))
}

/// Counts one code that is tried for a person.
///
/// # Errors
/// 429 when it may not be looked at.
pub(crate) async fn of_codes(call: &Call, user_id: &str) -> Outcome<()> {
    let [by_minute, by_hour] = code_subjects(user_id);
    let attempts = CodeAttempts {
        minute: count(call, &by_minute, attempt_window(call.now)).await?,
        hour: count(call, &by_hour, code_window(call.now)).await?,
    };
    judge_code_attempts(attempts, call.now).map_err(too_many)
}

/// Forgets the attempts of a person whose code was right.
pub(crate) async fn forget_codes(call: &Call, user_id: &str) -> Outcome<()> {
    let [by_minute, by_hour] = code_subjects(user_id);
    let forget = sql("DELETE FROM sign_in_failure WHERE subject IN (?, ?)");
    call.db.run(forget.bind(by_minute).bind(by_hour)).await?;
    Ok(())
}

/// How many attempts of a subject there are in a window, this one among them.
async fn count(call: &Call, subject: &str, window: Timestamp) -> Outcome<i64> {
    count_in(&call.db, subject, window).await
}

/// As [`count`], without a request.
pub(crate) async fn count_in(db: &Db, subject: &str, window: Timestamp) -> Outcome<i64> {
    let statement = sql(
        "INSERT INTO sign_in_failure (subject, window_start, failures) VALUES (?, ?, 1) \
         ON CONFLICT (subject, window_start) DO UPDATE SET failures = failures + 1 RETURNING failures",
    );
    let row: Option<Row> = db.first(statement.bind(subject).bind(window)).await?;
    Ok(row.map_or(i64::MAX, |row| row.failures))
}

fn code_subjects(user_id: &str) -> [String; 2] {
    [
        format!("code:{ORGANIZATION}/{user_id}"),
        format!("hour:code:{ORGANIZATION}/{user_id}"),
    ]
}

fn too_many(seconds: u64) -> Failure {
    Problem::new("429")
        .detail(format!("too many attempts; try again in {seconds} seconds"))
        .retry(NextAccess {
            retry_after_seconds: seconds,
            text: format!("{seconds} seconds"),
        })
        .into()
}

const MAILS_AN_HOUR: i64 = 3;

#[derive(Deserialize)]
struct Row {
    failures: i64,
}
