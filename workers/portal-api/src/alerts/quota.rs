//! The allowances of plans: how many calls, in which time.

use model::{Limit, Measure, Timestamp};
use runtime::{Db, Outcome, db::sql};
use serde::Deserialize;
use throttle::{Window, amount};

/// A plan's allowance of calls.
pub(super) struct Quota(Limit);

impl Quota {
    /// Since when the running window counts, and how many calls it admits.
    pub(super) fn running(&self, now: Timestamp) -> (Timestamp, u64) {
        (Window::at(&self.0, now).start, amount(&self.0))
    }
}

/// The plans that limit calls over an hour and more: of shorter windows, what was used is past before anybody is told.
pub(super) async fn plans(db: &Db, organization: &str) -> Outcome<Vec<(String, Quota)>> {
    #[derive(Deserialize)]
    struct Row {
        name: String,
        body: String,
    }
    let rows: Vec<Row> = db
        .all(
            sql("SELECT name, body FROM throttle_policy WHERE organization = ? AND kind = 'subscription'")
                .bind(organization),
        )
        .await?;
    let mut plans = Vec::new();
    for row in rows {
        let body: lifecycle::plan::PolicyBody = serde_json::from_str(&row.body)?;
        let Some(limit) = body.limit().ok().flatten() else {
            continue;
        };
        let is_of_calls = matches!(limit.measure, Measure::Requests(_));
        if is_of_calls && Window::nominal_ms(&limit) >= HOUR_MS {
            plans.push((row.name, Quota(limit)));
        }
    }
    Ok(plans)
}

const HOUR_MS: i64 = 3_600_000;
