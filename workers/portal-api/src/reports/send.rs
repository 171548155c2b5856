//! Reports on their way: statistics are asked, and a message for each address and webhook is left where those about alerts
//! are, in one batch with when the report is sent next.

use alerting::Schedule;
use model::Timestamp;
use runtime::{
    Db, Outcome, call as service,
    db::{Statement, sql},
    id,
};
use serde_json::{Value, json};
use usage::{Answer, export::csv};
use worker::Env;

use super::row::{COLUMNS, Report};
use crate::time::iso;

/// Writes the messages of what is due.
pub(super) async fn due(env: &Env, now: Timestamp) -> Outcome<()> {
    let db = Db::of(env)?;
    let waiting = sql(format!(
        "SELECT {COLUMNS} FROM report WHERE next_at <= ? ORDER BY next_at LIMIT 20"
    ));
    let rows: Vec<Report> = db.all(waiting.bind(now)).await?;
    for report in rows {
        if let Err(failure) = send(env, &db, &report, now).await {
            worker::console_error!("the report {}: {failure:?}", report.id);
        }
    }
    Ok(())
}

/// Two rounds at once: messages are only written while the report is still due, and the first round ends that.
async fn send(env: &Env, db: &Db, report: &Report, now: Timestamp) -> Outcome<()> {
    let next = Schedule::read(&report.schedule).ok();
    let next = next.and_then(|it| it.next_ms(now.0)).unwrap_or(NEVER_MS);
    let mut batch = messages(env, report, now).await?;
    batch.push(
        sql("UPDATE report SET next_at = ?, sent_at = ? WHERE id = ? AND next_at = ?")
            .bind(next)
            .bind(now)
            .bind(&report.id)
            .bind(report.next_at),
    );
    db.batch(batch).await?;
    Ok(())
}

/// A message for each address and webhook, as long as the report's next moment is what it was.
pub(super) async fn messages(
    env: &Env,
    report: &Report,
    now: Timestamp,
) -> Outcome<Vec<Statement>> {
    let query = report.query(now)?;
    let answer = service::post(env, "ANALYTICS", "/internal/query", &query).await?;
    let answer: Answer = service::expect_json(answer).await?;
    let table = csv(&answer);
    let text = if report.format == "csv" {
        table.clone()
    } else {
        serde_json::to_string_pretty(&answer)?
    };
    let statistics = if report.format == "csv" {
        Value::String(table)
    } else {
        serde_json::to_value(&answer)?
    };
    let told = json!({"type": "report", "timestamp": iso(now.0), "data": {
        "reportId": report.id, "reportName": report.name, "from": answer.from, "to": answer.to,
        "format": report.format, "statistics": statistics,
    }});
    let mail = format!(
        "{}\nFrom {} to {}\n\n{text}",
        report.name, answer.from, answer.to
    );
    let mut statements = Vec::new();
    for webhook in report.webhooks()? {
        statements.push(message(
            report,
            ("webhook", &webhook),
            &told.to_string(),
            now,
        )?);
    }
    for email in report.emails()? {
        statements.push(message(report, ("mail", &email), &mail, now)?);
    }
    Ok(statements)
}

fn message(
    report: &Report,
    (channel, target): (&str, &str),
    body: &str,
    now: Timestamp,
) -> Outcome<Statement> {
    Ok(sql(
        "INSERT INTO alert_delivery (id, organization, rule, channel, target, subject, body, next_at, created_at) \
         SELECT ?, ?, ?, ?, ?, ?, ?, ?, ? WHERE EXISTS (SELECT 1 FROM report WHERE id = ? AND next_at = ?)",
    )
    .bind(format!("msg_{}", id::uuid()?))
    .bind(&report.organization)
    .bind(&report.id)
    .bind(channel)
    .bind(target)
    .bind(format!("Report: {}", report.name))
    .bind(body)
    .bind(now)
    .bind(now)
    .bind(&report.id)
    .bind(report.next_at))
}

/// The year 9999.
const NEVER_MS: i64 = 253_370_764_800_000;
