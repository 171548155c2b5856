//! Guesses at what is short enough to be guessed, counted per minute in the table of failed sign-ins.

use ::people::{Attempts, attempt_window, judge_attempts};
use credential::sha256_hex;
use model::Timestamp;
use runtime::{Outcome, db::sql};
use serde::Deserialize;

use crate::call::{Call, ORGANIZATION};

/// Who guesses, in the three ways that are counted.
pub(crate) struct Subjects([String; 3]);

impl Subjects {
    /// At device codes: this person at this address, the address, the person.
    pub(crate) fn of_device(user: &str, address: &str) -> Self {
        Self([
            format!("device-pair:{ORGANIZATION}/{user}/{address}"),
            format!("device-ip:{address}"),
            format!("device-user:{ORGANIZATION}/{}", sha256_hex(user)),
        ])
    }
}

/// May another guess be made? The inner error says after how many seconds it may.
pub(crate) async fn judge(call: &Call, subjects: &Subjects) -> Outcome<Result<(), u64>> {
    let statement = sql("SELECT subject, failures FROM sign_in_failure \
         WHERE window_start = ? AND subject IN (SELECT value FROM json_each(?))");
    let statement = statement
        .bind(attempt_window(call.now))
        .bind(serde_json::to_string(&subjects.0)?);
    let rows: Vec<Row> = call.db.all(statement).await?;
    let of = |subject: &String| {
        let row = rows.iter().find(|row| row.subject == *subject);
        row.map_or(0, |row| row.failures)
    };
    let [pair, address, account] = &subjects.0;
    let attempts = Attempts {
        pair: of(pair),
        address: of(address),
        account: of(account),
    };
    Ok(judge_attempts(attempts, call.now))
}

/// Counts a guess that was wrong.
pub(crate) async fn count(call: &Call, subjects: &Subjects) -> Outcome<()> {
    let window: Timestamp = attempt_window(call.now);
    let statement = sql(
        "INSERT INTO sign_in_failure (subject, window_start, failures) \
         SELECT value, ?, 1 FROM json_each(?) WHERE true \
         ON CONFLICT (subject, window_start) DO UPDATE SET failures = failures + 1",
    );
    let statement = statement
        .bind(window)
        .bind(serde_json::to_string(&subjects.0)?);
    call.db.run(statement).await?;
    Ok(())
}

#[derive(Deserialize)]
struct Row {
    subject: String,
    failures: i64,
}
