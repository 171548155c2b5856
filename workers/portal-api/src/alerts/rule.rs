//! A rule's row.

use alerting::Condition;
use runtime::Outcome;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::time::iso;

/// A row of `alert_rule`.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct RuleRow {
    pub(super) id: String,
    pub(super) organization: String,
    pub(super) owner: String,
    pub(super) name: String,
    condition: String,
    pub(super) api_id: Option<String>,
    pub(super) application_id: Option<String>,
    emails: String,
    webhooks: String,
    enabled: i64,
    pub(super) evaluated_at: i64,
    pub(super) generation: i64,
    created_at: i64,
    updated_at: i64,
}

impl RuleRow {
    pub(super) fn condition(&self) -> Outcome<Condition> {
        Ok(serde_json::from_str(&self.condition)?)
    }

    pub(super) fn emails(&self) -> Outcome<Vec<String>> {
        Ok(serde_json::from_str(&self.emails)?)
    }

    pub(super) fn webhooks(&self) -> Outcome<Vec<String>> {
        Ok(serde_json::from_str(&self.webhooks)?)
    }

    pub(super) fn shown(&self) -> Outcome<Value> {
        let condition: Value = serde_json::from_str(&self.condition)?;
        Ok(lifecycle::defaults::without_nulls(json!({
            "id": self.id,
            "name": self.name,
            "owner": self.owner,
            "condition": condition,
            "apiId": self.api_id,
            "applicationId": self.application_id,
            "emails": self.emails()?,
            "webhooks": self.webhooks()?,
            "enabled": self.enabled == 1,
            "createdTime": iso(self.created_at),
            "updatedTime": iso(self.updated_at),
        })))
    }
}

pub(super) const COLUMNS: &str = "id, organization, owner, name, condition, api_id, application_id, emails, webhooks, \
     enabled, evaluated_at, generation, created_at, updated_at";
