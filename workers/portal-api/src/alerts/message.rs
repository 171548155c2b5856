//! What is told about an alert: a message for each address and webhook of its rule.

use alerting::Finding;
use model::Timestamp;
use runtime::{
    Outcome,
    db::{Statement, sql},
    id,
};
use serde_json::{Value, json};

use super::rule::RuleRow;
use crate::time::iso;

/// What has happened to an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event {
    Opened,
    Resolved,
}

impl Event {
    const fn word(self) -> &'static str {
        match self {
            Self::Opened => "alert.opened",
            Self::Resolved => "alert.resolved",
        }
    }
}

/// The messages about an alert.
pub(super) fn about(
    rule: &RuleRow,
    alert: &str,
    event: Event,
    found: &Finding,
    now: Timestamp,
) -> Outcome<Vec<Statement>> {
    let subject = match event {
        Event::Opened => format!("Alert: {}", rule.name),
        Event::Resolved => format!("Resolved: {}", rule.name),
    };
    let told = json!({
        "alertId": alert,
        "ruleId": rule.id,
        "ruleName": rule.name,
        "kind": rule.condition()?.kind(),
        "cause": found.cause,
        "summary": found.summary,
        "value": found.value,
        "threshold": found.threshold,
    });
    let message = Message {
        alert: Some(alert),
        kind: event.word(),
        subject,
        summary: &found.summary,
        told,
    };
    message.to_all(rule, now)
}

/// The messages that say that this is a test.
pub(super) fn test(rule: &RuleRow, now: Timestamp) -> Outcome<Vec<Statement>> {
    let summary = "this is a test; nothing has happened";
    let message = Message {
        alert: None,
        kind: "alert.test",
        subject: format!("Test: {}", rule.name),
        summary,
        told: json!({"ruleId": rule.id, "ruleName": rule.name, "kind": rule.condition()?.kind(), "summary": summary}),
    };
    message.to_all(rule, now)
}

struct Message<'a> {
    alert: Option<&'a str>,
    kind: &'static str,
    subject: String,
    summary: &'a str,
    told: Value,
}

impl Message<'_> {
    fn to_all(&self, rule: &RuleRow, now: Timestamp) -> Outcome<Vec<Statement>> {
        let payload = json!({"type": self.kind, "timestamp": iso(now.0), "data": self.told});
        let text = format!(
            "{}\n\nRule: {}\nAt: {}\n",
            self.summary,
            rule.name,
            iso(now.0)
        );
        let mut statements = Vec::new();
        for webhook in rule.webhooks()? {
            statements.push(self.to(rule, ("webhook", &webhook), &payload.to_string(), now)?);
        }
        for email in rule.emails()? {
            statements.push(self.to(rule, ("mail", &email), &text, now)?);
        }
        Ok(statements)
    }

    fn to(
        &self,
        rule: &RuleRow,
        (channel, target): (&str, &str),
        body: &str,
        now: Timestamp,
    ) -> Outcome<Statement> {
        Ok(sql(
            "INSERT INTO alert_delivery (id, organization, alert, rule, channel, target, subject, body, next_at, \
             created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(format!("msg_{}", id::uuid()?))
        .bind(&rule.organization)
        .bind(self.alert.map(str::to_owned))
        .bind(&rule.id)
        .bind(channel)
        .bind(target)
        .bind(&self.subject)
        .bind(body)
        .bind(now)
        .bind(now))
    }
}
