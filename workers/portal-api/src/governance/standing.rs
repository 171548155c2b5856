//! Which policies there are, and which of them are about an API.

use runtime::{Db, Failure, Outcome, db::sql};
use serde::Deserialize;
use serde_json::{Value, json};

use super::policies::Action;
use crate::{call::Call, time::iso};

/// A policy with its rulesets.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct PolicyRow {
    pub(crate) id: String,
    pub(crate) name: String,
    description: String,
    body: String,
    /// JSON: ids in their order.
    rulesets: String,
    pub(crate) generation: i64,
    created_at: i64,
    created_by: String,
    updated_at: i64,
    updated_by: String,
}

/// A ruleset as far as it takes to say whether it is about an API.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct RulesetRow {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) about: String,
    pub(crate) artifact: String,
    pub(crate) generation: i64,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Kept {
    governable_states: Vec<String>,
    actions: Vec<Action>,
    labels: Vec<String>,
}

/// Every policy of the caller's organization, by name.
pub(crate) async fn all(call: &Call) -> Outcome<Vec<PolicyRow>> {
    of(&call.db, call.organization()).await
}

/// Every policy of an organization, by name.
pub(crate) async fn of(db: &Db, organization: &str) -> Outcome<Vec<PolicyRow>> {
    let query = sql(format!(
        "SELECT {COLUMNS} FROM governance_policy WHERE organization = ? ORDER BY name COLLATE NOCASE"
    ));
    db.all(query.bind(organization)).await
}

/// The policy of that id.
pub(crate) async fn find(call: &Call, id: &str) -> Outcome<PolicyRow> {
    let query = sql(format!(
        "SELECT {COLUMNS} FROM governance_policy WHERE id = ? AND organization = ?"
    ));
    call.db
        .first(query.bind(id).bind(call.organization()))
        .await?
        .ok_or_else(|| Failure::because("404", "there is no such policy"))
}

/// Every ruleset of the caller's organization, by name.
pub(crate) async fn rulesets(call: &Call) -> Outcome<Vec<RulesetRow>> {
    let query = "SELECT id, name, about, artifact, generation FROM ruleset WHERE organization = ? ORDER BY name COLLATE NOCASE";
    call.db.all(sql(query).bind(call.organization())).await
}

/// What an API of this type is to a ruleset; nothing for what no ruleset is about.
pub(crate) fn artifact(kind: &str) -> Option<&'static str> {
    match kind {
        "HTTP" | "SOAP" | "SOAPTOREST" => Some("REST_API"),
        "WS" | "SSE" | "WEBSUB" | "WEBHOOK" | "ASYNC" => Some("ASYNC_API"),
        _ => None,
    }
}

impl PolicyRow {
    fn kept(&self) -> Kept {
        serde_json::from_str(&self.body).unwrap_or_default()
    }

    /// Ids of its rulesets.
    pub(crate) fn ruleset_ids(&self) -> Vec<String> {
        serde_json::from_str(&self.rulesets).unwrap_or_default()
    }

    /// Whether it is about an API with these labels (ids and names).
    pub(crate) fn is_about(&self, labels: &[String]) -> bool {
        let wanted = self.kept().labels;
        wanted
            .iter()
            .any(|it| it.eq_ignore_ascii_case(GLOBAL) || labels.contains(it))
    }

    /// Whether it looks at APIs when this step is taken.
    pub(crate) fn governs(&self, state: &str) -> bool {
        self.kept().governable_states.iter().any(|it| it == state)
    }

    /// Whether a broken rule of this severity keeps the step from being taken.
    pub(crate) fn blocks(&self, state: &str, severity: &str) -> bool {
        self.does("BLOCK", state, severity)
    }

    /// Whether a broken rule of this severity is told once the step is taken.
    pub(crate) fn tells(&self, state: &str, severity: &str) -> bool {
        self.governs(state) && self.does("NOTIFY", state, severity)
    }

    /// Whether it tells of anything at all.
    pub(crate) fn notifies(&self) -> bool {
        self.kept().actions.iter().any(|it| it.kind == "NOTIFY")
    }

    fn does(&self, kind: &str, state: &str, severity: &str) -> bool {
        let actions = self.kept().actions;
        actions
            .iter()
            .any(|it| it.state == state && it.rule_severity == severity && it.kind == kind)
    }

    /// WSO2's `APIMGovernancePolicy`.
    pub(crate) fn shown(&self) -> Value {
        let kept = self.kept();
        json!({
            "id": self.id,
            "name": self.name,
            "description": self.description,
            "governableStates": kept.governable_states,
            "actions": kept.actions,
            "rulesets": self.ruleset_ids(),
            "labels": kept.labels,
            "createdBy": self.created_by,
            "createdTime": iso(self.created_at),
            "updatedBy": self.updated_by,
            "updatedTime": iso(self.updated_at),
        })
    }
}

const COLUMNS: &str = "id, name, description, body, generation, created_at, created_by, updated_at, updated_by, \
    (SELECT json_group_array(ruleset_id) FROM (SELECT ruleset_id FROM governance_policy_ruleset \
    WHERE policy_id = governance_policy.id ORDER BY place)) AS rulesets";
/// The label that every API has.
const GLOBAL: &str = "GLOBAL";
