//! `/policies` of the governance API.

use lifecycle::Fault;
use runtime::{
    Failure, Outcome,
    db::{Statement, sql},
    id, reply,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use worker::Response;

use super::standing::{PolicyRow, all, find};
use crate::{apis::write, call::Call, etag, guard, page::Page, refusal};

/// `GET /policies?query=`
pub(crate) async fn list(call: &Call) -> Outcome<Response> {
    let page = Page::of(call)?;
    let wanted = call.query("query").unwrap_or_default().to_lowercase();
    let wanted = wanted
        .strip_prefix("name:")
        .unwrap_or(&wanted)
        .trim()
        .to_owned();
    let rows = all(call).await?;
    let named = rows
        .iter()
        .filter(|row| row.name.to_lowercase().contains(&wanted));
    etag::content(call, &page.cut(call, named.map(PolicyRow::shown).collect()))
}

/// `POST /policies`
pub(crate) async fn create(call: &Call) -> Outcome<Response> {
    let body = Body::read(call).await?;
    let policy = id::uuid()?;
    let user = call.user()?;
    let mut statements = vec![
        sql("INSERT INTO governance_policy (id, organization, name, description, body, created_at, created_by, \
             updated_at, updated_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(&policy)
        .bind(call.organization())
        .bind(&body.name)
        .bind(body.description.clone().unwrap_or_default())
        .bind(body.kept().to_string())
        .bind(call.now)
        .bind(user)
        .bind(call.now)
        .bind(user),
    ];
    statements.extend(body.binds(call, &policy));
    statements.push(write::audit(call, "governance-policy.create", &policy)?);
    guard::or(call.db.batch(statements).await, unknown_ruleset).map_err(name_taken)?;
    let row = find(call, &policy).await?;
    let response = etag::changed(201, row.generation, &row.shown())?;
    let location = format!("/api/am/governance/v1/policies/{policy}");
    reply::with_header(response, "location", &location)
}

/// `GET /policies/{policyId}`
pub(crate) async fn get(call: &Call) -> Outcome<Response> {
    let row = find(call, call.path("policyId")).await?;
    etag::generation(call, row.generation, &row.shown())
}

/// `PUT /policies/{policyId}`
pub(crate) async fn update(call: &Call) -> Outcome<Response> {
    let row = find(call, call.path("policyId")).await?;
    etag::require_match(call, row.generation)?;
    let body = Body::read(call).await?;
    let mut statements = vec![
        sql("UPDATE governance_policy SET name = ?, description = ?, body = ?, generation = generation + 1, \
             updated_at = ?, updated_by = ? WHERE id = ?")
        .bind(&body.name)
        .bind(body.description.clone().unwrap_or_default())
        .bind(body.kept().to_string())
        .bind(call.now)
        .bind(call.user()?)
        .bind(&row.id),
        sql("DELETE FROM governance_policy_ruleset WHERE policy_id = ?").bind(&row.id),
    ];
    statements.extend(body.binds(call, &row.id));
    statements.push(write::audit(call, "governance-policy.update", &row.id)?);
    guard::or(call.db.batch(statements).await, unknown_ruleset).map_err(name_taken)?;
    let row = find(call, &row.id).await?;
    etag::changed(200, row.generation, &row.shown())
}

/// `DELETE /policies/{policyId}`
pub(crate) async fn delete(call: &Call) -> Outcome<Response> {
    let row = find(call, call.path("policyId")).await?;
    etag::require_match(call, row.generation)?;
    let statements = vec![
        sql("DELETE FROM governance_policy WHERE id = ?").bind(&row.id),
        write::audit(call, "governance-policy.delete", &row.id)?,
    ];
    call.db.batch(statements).await?;
    reply::empty(204)
}

fn unknown_ruleset() -> Failure {
    refusal::one("400", "rulesets", "one of these is the id of no ruleset")
}

fn name_taken(failure: Failure) -> Failure {
    let instead = Failure::because("409", "there is a policy of that name");
    guard::taken(failure, "governance_policy.", instead)
}

/// WSO2's `APIMGovernancePolicy` as clients send it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "an object")]
struct Body {
    name: String,
    description: Option<String>,
    governable_states: Vec<String>,
    actions: Vec<Action>,
    rulesets: Vec<String>,
    labels: Vec<String>,
    #[serde(rename = "id")]
    _id: Option<String>,
    #[serde(rename = "createdBy")]
    _created_by: Option<String>,
    #[serde(rename = "createdTime")]
    _created: Option<String>,
    #[serde(rename = "updatedBy")]
    _updated_by: Option<String>,
    #[serde(rename = "updatedTime")]
    _updated: Option<String>,
}

/// What becomes of a step when a rule of that severity is broken.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "an object")]
pub(crate) struct Action {
    pub(crate) state: String,
    pub(crate) rule_severity: String,
    #[serde(rename = "type")]
    pub(crate) kind: String,
}

impl Body {
    async fn read(call: &Call) -> Outcome<Self> {
        let body: Self = call.json().await?;
        let mut faults = Vec::new();
        let mut add = |place: String, message: String| faults.push(Fault { place, message });
        if body.name.trim().is_empty() || body.name.chars().count() > 256 {
            add("name".to_owned(), "is not 1 to 256 characters".to_owned());
        }
        if body
            .description
            .as_ref()
            .is_some_and(|text| text.chars().count() > 1024)
        {
            add(
                "description".to_owned(),
                "is longer than 1024 characters".to_owned(),
            );
        }
        let mut known = |place: String, word: &str, words: &[&str]| {
            if !words.contains(&word) {
                add(
                    place,
                    format!("`{word}` is none of `{}`", words.join("`, `")),
                );
            }
        };
        for (index, state) in body.governable_states.iter().enumerate() {
            known(format!("governableStates[{index}]"), state, STATES);
        }
        for (index, action) in body.actions.iter().enumerate() {
            known(format!("actions[{index}].state"), &action.state, STATES);
            known(
                format!("actions[{index}].ruleSeverity"),
                &action.rule_severity,
                SEVERITIES,
            );
            known(
                format!("actions[{index}].type"),
                &action.kind,
                &["BLOCK", "NOTIFY"],
            );
        }
        for (place, empty) in [
            ("governableStates", body.governable_states.is_empty()),
            ("rulesets", body.rulesets.is_empty()),
            ("labels", body.labels.is_empty()),
        ] {
            if empty {
                add(place.to_owned(), "is empty".to_owned());
            }
        }
        if body.rulesets.len() > MOST || body.labels.len() > MOST || body.actions.len() > MOST {
            add(
                String::new(),
                format!("more than {MOST} rulesets, labels or actions"),
            );
        }
        refusal::unless_empty("400", faults)?;
        Ok(body)
    }

    fn kept(&self) -> Value {
        json!({"governableStates": self.governable_states, "actions": self.actions, "labels": self.labels})
    }

    /// The statements that bind its rulesets, in their order.
    fn binds(&self, call: &Call, policy: &str) -> Vec<Statement> {
        let mut ids: Vec<&String> = Vec::new();
        for id in &self.rulesets {
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        let ids = json!(ids).to_string();
        vec![
            guard::require(
                "NOT EXISTS (SELECT 1 FROM json_each(?) AS item WHERE item.value NOT IN \
                 (SELECT id FROM ruleset WHERE organization = ?))",
            )
            .bind(&ids)
            .bind(call.organization()),
            sql("INSERT INTO governance_policy_ruleset (policy_id, ruleset_id, place) SELECT ?, value, key FROM json_each(?)")
                .bind(policy)
                .bind(ids),
        ]
    }
}

const STATES: &[&str] = &["API_CREATE", "API_UPDATE", "API_DEPLOY", "API_PUBLISH"];
const SEVERITIES: &[&str] = &["ERROR", "WARN", "INFO"];
const MOST: usize = 100;
