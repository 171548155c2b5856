//! A report as it is written.

use alerting::Schedule;
use lifecycle::Fault;
use runtime::{
    Outcome,
    db::{Statement, sql},
};
use serde::Deserialize;
use usage::{Dimension, Filter, Query, Rank};

use super::row::Question;
use crate::{
    alerts::rules::{is_email, is_name},
    call::Call,
    refusal,
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "an object")]
pub(super) struct Body {
    name: String,
    schedule: String,
    #[serde(default = "seven")]
    days: i64,
    #[serde(default)]
    group_by: Vec<Dimension>,
    #[serde(default)]
    filter: Filter,
    #[serde(default = "hundred")]
    top: usize,
    #[serde(default)]
    order_by: Rank,
    #[serde(default)]
    format: Format,
    #[serde(default)]
    emails: Vec<String>,
    #[serde(default)]
    webhooks: Vec<String>,
    // What comes back of a report that was read.
    #[serde(rename = "id", default)]
    _id: Option<String>,
    #[serde(rename = "owner", default)]
    _owner: Option<String>,
    #[serde(rename = "nextAt", default)]
    _next: Option<String>,
    #[serde(rename = "sentAt", default)]
    _sent: Option<String>,
    #[serde(rename = "createdTime", default)]
    _created: Option<String>,
    #[serde(rename = "updatedTime", default)]
    _updated: Option<String>,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Format {
    #[default]
    Csv,
    Json,
}

impl Format {
    const fn word(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
        }
    }
}

impl Body {
    /// Everything that is wrong with it, or when it is sent first.
    pub(super) async fn check(&self, call: &Call) -> Outcome<i64> {
        let mut faults: Vec<Fault> = Vec::new();
        let mut add = |is_good: bool, place: &str, message: &str| {
            if !is_good {
                faults.push(Fault {
                    place: place.to_owned(),
                    message: message.to_owned(),
                });
            }
        };
        add(is_name(&self.name), "name", "is not 1 to 80 letters");
        add(
            (1..=Query::MAX_DAYS).contains(&self.days),
            "days",
            "is not a number from 1 to 400",
        );
        add(
            (1..=MOST_ROWS).contains(&self.top),
            "top",
            "is not a number from 1 to 1000",
        );
        for (place, targets) in [("emails", &self.emails), ("webhooks", &self.webhooks)] {
            add(targets.len() <= MOST_TARGETS, place, "are more than ten");
        }
        add(
            !self.emails.is_empty() || !self.webhooks.is_empty(),
            "emails",
            "has no entry, nor has `webhooks`: nobody would get the report",
        );
        for email in &self.emails {
            add(is_email(email), "emails", "has an entry that is no address");
        }
        for webhook in &self.webhooks {
            let is_own = is_own(call, webhook).await?;
            add(
                is_own,
                "webhooks",
                "has an entry that is none of your webhooks",
            );
        }
        let next = match Schedule::read(&self.schedule) {
            Ok(schedule) => schedule.next_ms(call.now.0),
            Err(fault) => {
                add(false, "schedule", &fault);
                Some(0)
            }
        };
        add(
            next.is_some(),
            "schedule",
            "names a moment that never comes",
        );
        refusal::unless_empty("400", faults)?;
        Ok(next.unwrap_or_default())
    }

    pub(super) fn bound(&self, statement: Statement, next: i64, call: &Call) -> Outcome<Statement> {
        let question = Question {
            group_by: self.group_by.clone(),
            filter: self.filter.clone(),
            top: self.top,
            order_by: self.order_by,
        };
        Ok(statement
            .bind(self.name.trim())
            .bind(self.schedule.trim())
            .bind(self.days)
            .bind(serde_json::to_string(&question)?)
            .bind(self.format.word())
            .bind(serde_json::to_string(&self.emails)?)
            .bind(serde_json::to_string(&self.webhooks)?)
            .bind(next)
            .bind(call.now))
    }
}

async fn is_own(call: &Call, webhook: &str) -> Outcome<bool> {
    #[derive(Deserialize)]
    struct Count {
        number: i64,
    }
    let own = "SELECT COUNT(*) AS number FROM alert_webhook WHERE id = ? AND organization = ? AND owner = ?";
    let found: Option<Count> = call
        .db
        .first(
            sql(own)
                .bind(webhook)
                .bind(call.organization())
                .bind(call.user()?),
        )
        .await?;
    Ok(found.is_some_and(|it| it.number > 0))
}

const fn seven() -> i64 {
    7
}

const fn hundred() -> usize {
    100
}

const MOST_ROWS: usize = 1_000;
const MOST_TARGETS: usize = 10;
