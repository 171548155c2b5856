//! Alerts: rules and webhooks that people keep, alerts that are open or were, and the round that opens and resolves them.
//!
//! A round ([`evaluate::round`]) runs every minute by the clock, and when somebody asks for it. It asks the analytics
//! Worker what there is to judge, lets `crates/alerting` judge, and writes alerts and messages in one batch; messages go
//! out after that ([`deliver`]), and again if they fail.

pub(crate) mod deliver;
pub(crate) mod evaluate;
mod governance;
mod message;
mod observe;
mod quota;
mod rule;
pub(crate) mod rules;
pub(crate) mod webhooks;

use runtime::{Failure, Outcome, db::sql, reply};
use serde::Deserialize;
use serde_json::{Value, json};
use worker::{Env, Response};

use crate::{
    call::Call,
    page::{self, Page},
    refusal,
    time::iso,
};

/// `GET /alerts`
pub(crate) async fn list(call: &Call) -> Outcome<Response> {
    let page = Page::of(call)?;
    let state = match call.query("state") {
        None => "1",
        Some("open") => "alert.resolved_at IS NULL",
        Some("resolved") => "alert.resolved_at IS NOT NULL",
        Some(_) => {
            return Err(refusal::one(
                "900703",
                "state",
                "is neither `open` nor `resolved`",
            ));
        }
    };
    let mine = mine(call)?;
    let wanted = format!(
        "FROM alert JOIN alert_rule ON alert_rule.id = alert.rule \
         WHERE alert.organization = ? AND {state} AND (? = '' OR alert_rule.owner = ?)"
    );
    let total: Option<Count> = call
        .db
        .first(
            sql(format!("SELECT COUNT(*) AS number {wanted}"))
                .bind(call.organization())
                .bind(mine.as_str())
                .bind(mine.as_str()),
        )
        .await?;
    let rows: Vec<AlertRow> = call
        .db
        .all(
            sql(format!(
                "SELECT alert.id, alert.rule, alert_rule.name, alert_rule.condition, alert.cause, alert.summary, \
                 alert.value, alert.threshold, alert.opened_at, alert.last_seen_at, alert.resolved_at {wanted} \
                 ORDER BY alert.opened_at DESC, alert.id LIMIT ? OFFSET ?"
            ))
            .bind(call.organization())
            .bind(mine.as_str())
            .bind(mine.as_str())
            .bind(page.limit)
            .bind(page.offset),
        )
        .await?;
    let total = total.map_or(0, |row| row.number);
    let list = rows.iter().map(AlertRow::shown).collect::<Outcome<_>>()?;
    reply::json(200, &page.list(call, list, total))
}

/// `GET /alerts/{alertId}/deliveries`: who was told, and who could not be.
pub(crate) async fn deliveries(call: &Call) -> Outcome<Response> {
    let mine = mine(call)?;
    let known: Option<Count> = call
        .db
        .first(
            sql("SELECT COUNT(*) AS number FROM alert JOIN alert_rule ON alert_rule.id = alert.rule \
                 WHERE alert.id = ? AND alert.organization = ? AND (? = '' OR alert_rule.owner = ?)")
                .bind(call.path("alertId"))
                .bind(call.organization())
                .bind(mine.as_str())
                .bind(mine.as_str()),
        )
        .await?;
    if known.is_none_or(|row| row.number == 0) {
        return Err(Failure::because("404", "there is no such alert"));
    }
    let rows: Vec<DeliveryRow> = call
        .db
        .all(
            sql("SELECT id, channel, target, subject, failed, next_at, delivered_at, fault, created_at \
                 FROM alert_delivery WHERE alert = ? ORDER BY created_at, id")
                .bind(call.path("alertId")),
        )
        .await?;
    let list = rows.iter().map(DeliveryRow::shown).collect();
    reply::json(200, &page::whole(list))
}

/// `POST /alerts/evaluate`: a round now, instead of within the minute.
pub(crate) async fn evaluate_now(call: &Call) -> Outcome<Response> {
    let round = evaluate::round(&call.env, call.now).await?;
    deliver::due(&call.env, call.now).await?;
    reply::json(
        200,
        &json!({"opened": round.opened, "kept": round.kept, "resolved": round.resolved}),
    )
}

/// A round by the clock; a failure is for the log, and the next one tries again.
pub(crate) async fn round_or_log(env: &Env) {
    let now = runtime::clock::now();
    if let Err(failure) = evaluate::round(env, now).await {
        worker::console_error!("alerts: {failure:?}");
    }
    if let Err(failure) = deliver::due(env, now).await {
        worker::console_error!("messages about alerts: {failure:?}");
    }
}

/// Whose rules the caller sees: empty for all, else the caller's own.
fn mine(call: &Call) -> Outcome<String> {
    if sees_all(call) {
        Ok(String::new())
    } else {
        Ok(call.user()?.to_owned())
    }
}

/// Who looks after APIs sees every application.
fn sees_all(call: &Call) -> bool {
    let scopes = &["apim:admin", "apim:api_view"];
    call.principal.as_ref().is_some_and(|it| it.has_any(scopes))
}

#[derive(Deserialize)]
struct Count {
    number: i64,
}

#[derive(Deserialize)]
struct AlertRow {
    id: String,
    rule: String,
    name: String,
    condition: String,
    cause: String,
    summary: String,
    value: f64,
    threshold: f64,
    opened_at: i64,
    last_seen_at: i64,
    resolved_at: Option<i64>,
}

impl AlertRow {
    fn shown(&self) -> Outcome<Value> {
        let condition: Value = serde_json::from_str(&self.condition)?;
        Ok(lifecycle::defaults::without_nulls(json!({
            "id": self.id,
            "ruleId": self.rule,
            "ruleName": self.name,
            "kind": condition.get("kind"),
            "cause": self.cause,
            "summary": self.summary,
            "value": self.value,
            "threshold": self.threshold,
            "state": if self.resolved_at.is_some() { "resolved" } else { "open" },
            "openedAt": iso(self.opened_at),
            "lastSeenAt": iso(self.last_seen_at),
            "resolvedAt": self.resolved_at.map(iso),
        })))
    }
}

#[derive(Deserialize)]
struct DeliveryRow {
    id: String,
    channel: String,
    target: String,
    subject: String,
    failed: i64,
    next_at: Option<i64>,
    delivered_at: Option<i64>,
    fault: String,
    created_at: i64,
}

impl DeliveryRow {
    fn shown(&self) -> Value {
        let state = match (self.delivered_at, self.next_at) {
            (Some(_), _) => "delivered",
            (None, Some(_)) => "waiting",
            (None, None) => "failed",
        };
        lifecycle::defaults::without_nulls(json!({
            "id": self.id,
            "channel": self.channel,
            "target": self.target,
            "subject": self.subject,
            "state": state,
            "failedAttempts": self.failed,
            "fault": Some(&self.fault).filter(|it| !it.is_empty()),
            "createdAt": iso(self.created_at),
            "nextAttemptAt": self.next_at.map(iso),
            "deliveredAt": self.delivered_at.map(iso),
        }))
    }
}
