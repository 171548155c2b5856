//! A round: every rule that is on is judged, and its alerts are opened, kept and resolved.

use alerting::{Changes, Finding, Open, settle};
use model::Timestamp;
use runtime::{
    Db, Outcome,
    db::{Statement, sql},
    id,
};
use serde::Deserialize;
use worker::Env;

use super::{
    message::{self, Event},
    observe::Sight,
    rule::{COLUMNS, RuleRow},
};

/// What a round has done.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Round {
    pub(crate) opened: usize,
    pub(crate) kept: usize,
    pub(crate) resolved: usize,
}

/// Judges every rule; one that cannot be judged keeps no other from being judged.
pub(crate) async fn round(env: &Env, now: Timestamp) -> Outcome<Round> {
    let db = Db::of(env)?;
    let all = sql(format!(
        "SELECT {COLUMNS} FROM alert_rule WHERE enabled = 1"
    ));
    let rules: Vec<RuleRow> = db.all(all).await?;
    let mut round = Round::default();
    for rule in &rules {
        let sight = Sight {
            env,
            db: &db,
            rule,
            now,
        };
        match judge(&sight).await {
            Ok(changes) => {
                round.opened += changes.opened.len();
                round.kept += changes.kept.len();
                round.resolved += changes.resolved.len();
            }
            Err(failure) => {
                worker::console_error!("the rule {} was not judged: {failure:?}", rule.id)
            }
        }
    }
    Ok(round)
}

async fn judge(sight: &Sight<'_>) -> Outcome<Changes> {
    let condition = sight.rule.condition()?;
    let seen = sight.observe().await?;
    let found: Vec<Finding> = seen
        .iter()
        .filter_map(|(subject, observed)| condition.judge(subject, observed))
        .collect();
    let open: Vec<OpenRow> = sight
        .db
        .all(
            sql(
                "SELECT id, cause, summary, value, threshold, last_seen_at FROM alert \
                 WHERE rule = ? AND resolved_at IS NULL",
            )
            .bind(&sight.rule.id),
        )
        .await?;
    let known: Vec<Open> = open.iter().map(OpenRow::open).collect();
    let changes = settle(&known, found, condition.holds_ms(), sight.now.0);
    let mut batch = vec![
        sql("UPDATE alert_rule SET evaluated_at = ? WHERE id = ?")
            .bind(sight.now)
            .bind(&sight.rule.id),
    ];
    for finding in &changes.opened {
        batch.extend(opened(sight, finding)?);
    }
    for (alert, finding) in &changes.kept {
        batch.push(
            sql("UPDATE alert SET last_seen_at = ?, summary = ?, value = CAST(? AS REAL) WHERE id = ?")
                .bind(sight.now)
                .bind(&finding.summary)
                .bind(finding.value.to_string())
                .bind(alert),
        );
    }
    for alert in &changes.resolved {
        if let Some(row) = open.iter().find(|row| row.id == *alert) {
            batch.extend(resolved(sight, row)?);
        }
    }
    sight.db.batch(batch).await?;
    Ok(changes)
}

/// Two rounds at once: the unique index lets one of them open the alert, and undoes all of the other.
fn opened(sight: &Sight<'_>, finding: &Finding) -> Outcome<Vec<Statement>> {
    let alert = id::uuid()?;
    let insert = sql(
        "INSERT INTO alert (id, organization, rule, cause, summary, value, threshold, opened_at, last_seen_at) \
         VALUES (?, ?, ?, ?, ?, CAST(? AS REAL), CAST(? AS REAL), ?, ?)",
    )
    .bind(&alert)
    .bind(&sight.rule.organization)
    .bind(&sight.rule.id)
    .bind(&finding.cause)
    .bind(&finding.summary)
    .bind(finding.value.to_string())
    .bind(finding.threshold.to_string())
    .bind(sight.now)
    .bind(sight.now);
    let mut statements = vec![insert];
    statements.extend(message::about(
        sight.rule,
        &alert,
        Event::Opened,
        finding,
        sight.now,
    )?);
    Ok(statements)
}

fn resolved(sight: &Sight<'_>, row: &OpenRow) -> Outcome<Vec<Statement>> {
    let mut statements = vec![
        sql("UPDATE alert SET resolved_at = ? WHERE id = ?")
            .bind(sight.now)
            .bind(&row.id),
    ];
    let last = Finding {
        cause: row.cause.clone(),
        summary: format!("no longer so: {}", row.summary),
        value: row.value,
        threshold: row.threshold,
    };
    statements.extend(message::about(
        sight.rule,
        &row.id,
        Event::Resolved,
        &last,
        sight.now,
    )?);
    Ok(statements)
}

#[derive(Deserialize)]
struct OpenRow {
    id: String,
    cause: String,
    summary: String,
    value: f64,
    threshold: f64,
    last_seen_at: i64,
}

impl OpenRow {
    fn open(&self) -> Open {
        Open {
            id: self.id.clone(),
            cause: self.cause.clone(),
            last_seen_ms: self.last_seen_at,
        }
    }
}
