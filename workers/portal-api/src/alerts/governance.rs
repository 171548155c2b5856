//! APIs that break rules of whose breaking a policy notifies: by what was found of them when they were looked at last.

use std::collections::BTreeMap;

use alerting::{Observed, Subject};
use runtime::{Db, Outcome, db::sql};
use serde::Deserialize;
use serde_json::Value;

use super::rule::RuleRow;
use crate::governance::standing::{self, PolicyRow};

/// An API with what was found of it by a ruleset.
#[derive(Deserialize)]
struct Found {
    api_id: String,
    name: String,
    version: String,
    state: String,
    runs: i64,
    /// JSON: ids and names.
    labels: String,
    ruleset_id: String,
    /// JSON: `{violated: [{rule, severity}]}`
    body: String,
}

/// Each API with each policy that notifies of it, and the rules that it breaks.
pub(super) async fn observe(db: &Db, rule: &RuleRow) -> Outcome<Vec<(Subject, Observed)>> {
    // An API's rules are nobody's application's.
    if rule.application_id.is_some() {
        return Ok(Vec::new());
    }
    let policies = standing::of(db, &rule.organization).await?;
    if !policies.iter().any(PolicyRow::notifies) {
        return Ok(Vec::new());
    }
    let api = rule.api_id.clone().unwrap_or_default();
    let query = sql(FOUND).bind(&rule.organization).bind(&api).bind(&api);
    let mut seen: BTreeMap<String, (Subject, Observed)> = BTreeMap::new();
    for found in db.all::<Found>(query).await? {
        let labels: Vec<String> = serde_json::from_str(&found.labels)?;
        let violated = found.violated()?;
        let about = policies
            .iter()
            .filter(|policy| policy.is_about(&labels))
            .filter(|policy| policy.ruleset_ids().contains(&found.ruleset_id));
        for policy in about {
            let is_told = |severity: &str| {
                let mut steps = found.steps();
                steps.any(|step| policy.tells(step, severity))
            };
            let told = violated.iter().filter(|(_, severity)| is_told(severity));
            let rules: Vec<String> = told.map(|(name, _)| name.clone()).collect();
            if rules.is_empty() {
                continue;
            }
            let subject = found.subject(policy);
            let entry = seen.entry(subject.cause.clone());
            let (_, observed) = entry.or_insert_with(|| (subject, Observed::default()));
            observed.broken.extend(rules);
            observed.broken.sort_unstable();
            observed.broken.dedup();
        }
    }
    Ok(seen.into_values().collect())
}

impl Found {
    /// Rules with their severities.
    fn violated(&self) -> Outcome<Vec<(String, String)>> {
        let body: Value = serde_json::from_str(&self.body)?;
        let violated = body.get("violated").and_then(Value::as_array);
        let word = |one: &Value, name: &str| {
            let word = one.get(name).and_then(Value::as_str);
            word.unwrap_or_default().to_owned()
        };
        let violated = violated.into_iter().flatten();
        Ok(violated
            .map(|one| (word(one, "rule"), word(one, "severity")))
            .collect())
    }

    /// The steps that it has come to.
    fn steps(&self) -> impl Iterator<Item = &'static str> {
        let come_to = [
            ("API_CREATE", true),
            ("API_UPDATE", true),
            ("API_DEPLOY", self.runs == 1),
            ("API_PUBLISH", self.state == "PUBLISHED"),
        ];
        come_to
            .into_iter()
            .filter_map(|(step, is_there)| is_there.then_some(step))
    }

    fn subject(&self, policy: &PolicyRow) -> Subject {
        Subject {
            cause: format!("governance:{}:{}", self.api_id, policy.id),
            name: format!(
                "the API `{}` {}, by the policy `{}`,",
                self.name, self.version, policy.name
            ),
        }
    }
}

const FOUND: &str = "SELECT api.id AS api_id, api.name AS name, api.version AS version, api.state AS state, \
    EXISTS (SELECT 1 FROM deployment WHERE deployment.api_id = api.id) AS runs, \
    (SELECT json_group_array(value) FROM (SELECT label.id AS value FROM api_label JOIN label ON label.id = label_id \
    WHERE api_label.api_id = api.id UNION SELECT label.name FROM api_label JOIN label ON label.id = label_id \
    WHERE api_label.api_id = api.id)) AS labels, compliance.ruleset_id AS ruleset_id, compliance.body AS body \
    FROM compliance JOIN api ON api.id = compliance.api_id \
    WHERE api.organization = ? AND (? = '' OR api.id = ?) AND compliance.is_passed = 0 \
    ORDER BY api.id LIMIT 1000";
