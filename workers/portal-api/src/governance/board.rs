//! How APIs stand to policies, from what was found of them.

use std::collections::HashMap;

use runtime::{Outcome, db::sql};
use serde::Deserialize;
use serde_json::{Value, json};

use super::standing::{self, PolicyRow, RulesetRow, artifact};
use crate::{call::Call, page::Page};

/// All that is known.
pub(super) struct Board {
    pub(super) policies: Vec<PolicyRow>,
    pub(super) rulesets: Vec<RulesetRow>,
    pub(super) apis: Vec<ApiLine>,
    pub(super) results: HashMap<(String, String), Found>,
}

impl Board {
    pub(super) async fn of(call: &Call, page: Option<Page>) -> Outcome<Self> {
        let query = sql("SELECT id, name, version, provider, kind, \
             (SELECT json_group_array(label.id || char(10) || label.name) FROM api_label JOIN label ON label.id = label_id \
             WHERE api_label.api_id = api.id) AS labels FROM api \
             WHERE organization = ? AND kind <> 'APIPRODUCT' ORDER BY name COLLATE NOCASE, version, id LIMIT ? OFFSET ?")
            .bind(call.organization())
            .bind(page.map_or(-1, |page| page.limit))
            .bind(page.map_or(0, |page| page.offset));
        Ok(Self {
            policies: standing::all(call).await?,
            rulesets: standing::rulesets(call).await?,
            apis: call.db.all(query).await?,
            results: Self::results(call, "").await?,
        })
    }

    /// What is known of one API, or of all (`""`).
    pub(super) async fn results(
        call: &Call,
        only: &str,
    ) -> Outcome<HashMap<(String, String), Found>> {
        let rows: Vec<Found> = call
            .db
            .all(
                sql("SELECT api_id, ruleset_id, is_passed, errors, warnings, hints FROM compliance \
                     JOIN api ON api.id = api_id AND api.generation = api_generation \
                     JOIN ruleset ON ruleset.id = ruleset_id AND ruleset.generation = ruleset_generation \
                     WHERE api.organization = ?1 AND (?2 = '' OR api_id = ?2)")
                .bind(call.organization())
                .bind(only),
            )
            .await?;
        Ok(rows
            .into_iter()
            .map(|row| ((row.api_id.clone(), row.ruleset_id.clone()), row))
            .collect())
    }

    pub(super) fn about<'b>(
        &'b self,
        api: &ApiLine,
    ) -> impl Iterator<Item = &'b PolicyRow> + use<'b> {
        let labels = api.labels();
        self.policies
            .iter()
            .filter(move |policy| policy.is_about(&labels))
    }

    /// The rulesets of a policy that are about such an API.
    pub(super) fn applied<'b>(
        &'b self,
        policy: &PolicyRow,
        api: &ApiLine,
    ) -> impl Iterator<Item = &'b RulesetRow> + use<'b> {
        let (named, artifact) = (policy.ruleset_ids(), artifact(&api.kind));
        self.rulesets
            .iter()
            .filter(move |it| named.contains(&it.id) && Some(it.artifact.as_str()) == artifact)
    }

    /// How an API stands to a policy that is about it.
    pub(super) fn adherence(&self, policy: &PolicyRow, api: &ApiLine) -> &'static str {
        let found: Vec<Option<&Found>> = self
            .applied(policy, api)
            .map(|ruleset| self.results.get(&(api.id.clone(), ruleset.id.clone())))
            .collect();
        if found.is_empty() {
            "UNAPPLIED"
        } else if found.iter().flatten().any(|it| it.is_passed == 0) {
            "VIOLATED"
        } else if found.iter().any(Option::is_none) {
            "PENDING"
        } else {
            "FOLLOWED"
        }
    }

    /// As [`Board::adherence`], whether the policy is about the API or not.
    pub(super) fn adherence_of(&self, policy: &PolicyRow, api: &ApiLine) -> &'static str {
        if policy.is_about(&api.labels()) {
            self.adherence(policy, api)
        } else {
            "UNAPPLIED"
        }
    }

    pub(super) fn status(&self, api: &ApiLine) -> &'static str {
        let all: Vec<&str> = self
            .about(api)
            .map(|policy| self.adherence(policy, api))
            .collect();
        let any = |status: &str| all.contains(&status);
        if any("VIOLATED") {
            "NON-COMPLIANT"
        } else if any("PENDING") {
            "PENDING"
        } else if any("FOLLOWED") {
            "COMPLIANT"
        } else {
            "NOT-APPLICABLE"
        }
    }

    pub(super) fn overall(&self, policy: &PolicyRow) -> &'static str {
        let mut is_followed = false;
        for api in &self.apis {
            match self.adherence_of(policy, api) {
                "VIOLATED" => return "VIOLATED",
                "FOLLOWED" => is_followed = true,
                _ => {}
            }
        }
        if is_followed { "FOLLOWED" } else { "UNAPPLIED" }
    }

    pub(super) fn shown(&self, api: &ApiLine) -> Value {
        let all: Vec<&str> = self
            .about(api)
            .map(|policy| self.adherence(policy, api))
            .collect();
        let number = |status: &str| all.iter().filter(|it| **it == status).count();
        let mine: Vec<&Found> = self
            .results
            .values()
            .filter(|it| it.api_id == api.id)
            .collect();
        let sum = |count: fn(&Found) -> i64| mine.iter().map(|it| count(it)).sum::<i64>();
        json!({
            "id": api.id,
            "status": self.status(api),
            "info": api.described(),
            "policyAdherenceSummary": {
                "total": all.len(), "followed": number("FOLLOWED"), "violated": number("VIOLATED"),
                "unApplied": number("UNAPPLIED"),
            },
            "severityBasedRuleViolationSummary": [
                {"severity": "ERROR", "violatedRulesCount": sum(|it| it.errors)},
                {"severity": "WARN", "violatedRulesCount": sum(|it| it.warnings)},
                {"severity": "INFO", "violatedRulesCount": sum(|it| it.hints)},
            ],
        })
    }
}

/// An API as far as it takes.
#[derive(Deserialize)]
pub(super) struct ApiLine {
    pub(super) id: String,
    name: String,
    version: String,
    provider: String,
    kind: String,
    /// JSON: id and name of each label, a line each.
    labels: String,
}

impl ApiLine {
    pub(super) fn labels(&self) -> Vec<String> {
        let pairs: Vec<String> = serde_json::from_str(&self.labels).unwrap_or_default();
        pairs
            .iter()
            .flat_map(|pair| pair.lines())
            .map(str::to_owned)
            .collect()
    }

    /// WSO2's `ArtifactInfo`.
    pub(super) fn described(&self) -> Value {
        json!({
            "name": self.name,
            "type": "API",
            "extendedType": artifact(&self.kind),
            "version": self.version,
            "owner": self.provider,
        })
    }
}

/// What was found of an API by a ruleset.
#[derive(Deserialize)]
pub(super) struct Found {
    api_id: String,
    ruleset_id: String,
    is_passed: i64,
    errors: i64,
    warnings: i64,
    hints: i64,
}

impl Found {
    pub(super) const fn status(&self) -> &'static str {
        if self.is_passed == 1 {
            "PASSED"
        } else {
            "FAILED"
        }
    }
}
