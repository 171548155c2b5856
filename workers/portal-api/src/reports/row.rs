//! A report's row.

use model::Timestamp;
use runtime::Outcome;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use usage::{Dimension, Filter, Query, Rank};

use crate::time::iso;

/// A row of `report`.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Report {
    pub(super) id: String,
    pub(super) organization: String,
    owner: String,
    pub(super) name: String,
    pub(super) schedule: String,
    pub(super) days: i64,
    question: String,
    pub(super) format: String,
    emails: String,
    webhooks: String,
    pub(super) next_at: i64,
    sent_at: Option<i64>,
    pub(super) generation: i64,
    created_at: i64,
    updated_at: i64,
}

/// What a report asks.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(super) struct Question {
    pub(super) group_by: Vec<Dimension>,
    pub(super) filter: Filter,
    pub(super) top: usize,
    pub(super) order_by: Rank,
}

impl Report {
    pub(super) fn emails(&self) -> Outcome<Vec<String>> {
        Ok(serde_json::from_str(&self.emails)?)
    }

    pub(super) fn webhooks(&self) -> Outcome<Vec<String>> {
        Ok(serde_json::from_str(&self.webhooks)?)
    }

    /// Its question about the whole days before this moment.
    pub(super) fn query(&self, now: Timestamp) -> Outcome<Query> {
        let question: Question = serde_json::from_str(&self.question)?;
        let to = Timestamp(now.0 - now.0.rem_euclid(DAY_MS));
        Ok(Query {
            group_by: question.group_by,
            filter: question.filter,
            top: Some(question.top),
            order_by: question.order_by,
            ..Query::of(
                self.organization.as_str().into(),
                to.plus_ms(-self.days * DAY_MS),
                to,
            )
        })
    }

    pub(super) fn shown(&self) -> Outcome<Value> {
        let question: Question = serde_json::from_str(&self.question)?;
        Ok(lifecycle::defaults::without_nulls(json!({
            "id": self.id,
            "name": self.name,
            "owner": self.owner,
            "schedule": self.schedule,
            "days": self.days,
            "groupBy": question.group_by,
            "filter": question.filter,
            "top": question.top,
            "orderBy": question.order_by,
            "format": self.format,
            "emails": self.emails()?,
            "webhooks": self.webhooks()?,
            "nextAt": iso(self.next_at),
            "sentAt": self.sent_at.map(iso),
            "createdTime": iso(self.created_at),
            "updatedTime": iso(self.updated_at),
        })))
    }
}

pub(super) const COLUMNS: &str = "id, organization, owner, name, schedule, days, question, format, emails, webhooks, \
     next_at, sent_at, generation, created_at, updated_at";
const DAY_MS: i64 = 86_400_000;
