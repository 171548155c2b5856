//! `/artifact-compliance` and `/policy-adherence`: which APIs follow which policies.
//!
//! What was found is kept for the generation of the API and of the ruleset that it was found for. An API is looked at when
//! it is changed, and when somebody asks for it; until then it is pending.

use governance::Severity;
use runtime::{Failure, Outcome, db::sql, reply};
use serde::Deserialize;
use serde_json::{Value, json};
use worker::Response;

use super::{
    board::{Board, Found},
    standing::{self, artifact},
    subject::Subject,
};
use crate::{
    apis::{
        ApiRow,
        row::{self, Noun},
    },
    call::Call,
    etag,
    page::Page,
};

/// `GET /artifact-compliance/api`
pub(crate) async fn list(call: &Call) -> Outcome<Response> {
    let page = Page::of(call)?;
    let mut board = Board::of(call, Some(page)).await?;
    let pending: Vec<String> = board
        .apis
        .iter()
        .filter(|api| board.status(api) == "PENDING")
        .map(|api| api.id.clone())
        .collect();
    for id in pending.iter().take(AT_ONCE) {
        renew(call, &row::find(call, id).await?).await?;
    }
    if !pending.is_empty() {
        board.results = Board::results(call, "").await?;
    }
    let total = count(call).await?;
    let list = board.apis.iter().map(|api| board.shown(api)).collect();
    reply::json(200, &page.list(call, list, total))
}

/// `GET /artifact-compliance/api/summary`
pub(crate) async fn summary(call: &Call) -> Outcome<Response> {
    let board = Board::of(call, None).await?;
    let number = |status: &str| {
        board
            .apis
            .iter()
            .filter(|api| board.status(api) == status)
            .count()
    };
    let answer = json!({
        "total": board.apis.len(),
        "compliant": number("COMPLIANT"),
        "nonCompliant": number("NON-COMPLIANT"),
        "pending": number("PENDING"),
        "notApplicable": number("NOT-APPLICABLE"),
    });
    reply::json(200, &answer)
}

/// `GET /artifact-compliance/api/{apiId}`
pub(crate) async fn get(call: &Call) -> Outcome<Response> {
    let row = row::one(call, call.path("apiId"), Noun::Api).await?;
    renew(call, &row).await?;
    let board = Board::of(call, None).await?;
    let api = board.apis.iter().find(|api| api.id == row.id);
    let api = api.ok_or_else(|| Failure::code("900308"))?;
    let policies: Vec<Value> = board
        .about(api)
        .map(|policy| {
            let results: Vec<Value> = board
                .applied(policy, api)
                .map(|ruleset| {
                    let found = board.results.get(&(api.id.clone(), ruleset.id.clone()));
                    json!({
                        "id": ruleset.id,
                        "name": ruleset.name,
                        "ruleType": ruleset.about,
                        "status": found.map_or("UNAPPLIED", Found::status),
                    })
                })
                .collect();
            json!({
                "id": policy.id,
                "name": policy.name,
                "status": board.adherence(policy, api),
                "rulesetValidationResults": results,
            })
        })
        .collect();
    let answer = json!({"id": api.id, "status": board.status(api), "info": api.described(), "governedPolicies": policies});
    etag::content(call, &answer)
}

/// `GET /artifact-compliance/api/{apiId}/ruleset-validation-results/{rulesetId}`
pub(crate) async fn results(call: &Call) -> Outcome<Response> {
    #[derive(Deserialize)]
    struct Kept {
        body: String,
    }
    let row = row::one(call, call.path("apiId"), Noun::Api).await?;
    let known = standing::rulesets(call).await?;
    let ruleset = known.iter().find(|it| it.id == call.path("rulesetId"));
    let ruleset = ruleset.ok_or_else(|| Failure::because("404", "there is no such ruleset"))?;
    renew(call, &row).await?;
    let query = sql("SELECT body FROM compliance WHERE api_id = ? AND ruleset_id = ? AND api_generation = ? AND ruleset_generation = ?")
        .bind(&row.id)
        .bind(&ruleset.id)
        .bind(row.generation)
        .bind(ruleset.generation);
    let kept: Option<Kept> = call.db.first(query).await?;
    let body: Value = match &kept {
        Some(kept) => serde_json::from_str(&kept.body)?,
        None => json!({"violated": [], "followed": []}),
    };
    let items = |name: &str| {
        body.get(name)
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default()
    };
    let violated: Vec<Value> = items("violated")
        .into_iter()
        .map(|it| {
            json!({
                "id": it.get("rule"), "name": it.get("rule"), "status": "FAILED", "severity": it.get("severity"),
                "violatedPath": {"path": it.get("path")}, "message": it.get("message"),
            })
        })
        .collect();
    let followed: Vec<Value> = items("followed")
        .into_iter()
        .map(|name| json!({"id": name, "name": name, "status": "PASSED"}))
        .collect();
    let status = match (kept.is_some(), violated.is_empty()) {
        (false, _) => "UNAPPLIED",
        (true, true) => "PASSED",
        (true, false) => "FAILED",
    };
    let answer = json!({
        "id": ruleset.id, "name": ruleset.name, "status": status, "violatedRules": violated, "followedRules": followed,
    });
    etag::content(call, &answer)
}

/// `GET /policy-adherence`
pub(crate) async fn policies(call: &Call) -> Outcome<Response> {
    let page = Page::of(call)?;
    let board = Board::of(call, None).await?;
    let list = board
        .policies
        .iter()
        .map(|policy| {
            let number = |status: &str| board.apis.iter().filter(|api| board.adherence_of(policy, api) == status).count();
            json!({
                "id": policy.id,
                "name": policy.name,
                "status": board.overall(policy),
                "artifactComplianceSummary": {"compliant": number("FOLLOWED"), "nonCompliant": number("VIOLATED")},
            })
        })
        .collect();
    etag::content(call, &page.cut(call, list))
}

/// `GET /policy-adherence/summary`
pub(crate) async fn policies_summary(call: &Call) -> Outcome<Response> {
    let board = Board::of(call, None).await?;
    let number = |status: &str| {
        board
            .policies
            .iter()
            .filter(|policy| board.overall(policy) == status)
            .count()
    };
    let answer = json!({
        "total": board.policies.len(),
        "followed": number("FOLLOWED"),
        "violated": number("VIOLATED"),
        "unApplied": number("UNAPPLIED"),
    });
    reply::json(200, &answer)
}

/// `GET /policy-adherence/{policyId}`
pub(crate) async fn policy(call: &Call) -> Outcome<Response> {
    let policy = standing::find(call, call.path("policyId")).await?;
    let board = Board::of(call, None).await?;
    let evaluated: Vec<Value> = board
        .apis
        .iter()
        .filter_map(|api| {
            let status = match board.adherence_of(&policy, api) {
                "FOLLOWED" => "COMPLIANT",
                "VIOLATED" => "NON-COMPLIANT",
                _ => return None,
            };
            Some(json!({"id": api.id, "status": status, "info": api.described()}))
        })
        .take(MOST)
        .collect();
    let answer = json!({"id": policy.id, "name": policy.name, "status": board.overall(&policy), "evaluatedArtifacts": evaluated});
    etag::content(call, &answer)
}

/// Looks at an API again, by the rulesets for which nothing is known of it as it is.
pub(crate) async fn renew(call: &Call, row: &ApiRow) -> Outcome<()> {
    let mut policies = standing::all(call).await?;
    if policies.is_empty() {
        return Ok(());
    }
    let subject = Subject::of(call, row).await?;
    policies.retain(|policy| policy.is_about(&subject.labels));
    let known = Board::results(call, &row.id).await?;
    let mut statements = Vec::new();
    for ruleset in standing::rulesets(call).await? {
        let is_about = Some(ruleset.artifact.as_str()) == artifact(&row.kind);
        let is_named = policies
            .iter()
            .any(|policy| policy.ruleset_ids().contains(&ruleset.id));
        if !is_about || !is_named || known.contains_key(&(row.id.clone(), ruleset.id.clone())) {
            continue;
        }
        let report = subject.held_to(call, &ruleset.id, &ruleset.about).await?;
        let number = |severity: Severity| {
            let found = report
                .violations
                .iter()
                .filter(|it| it.severity == severity)
                .count();
            i64::try_from(found).unwrap_or(i64::MAX)
        };
        let violated: Vec<Value> = report
            .violations
            .iter()
            .map(|it| json!({"rule": it.rule, "severity": it.severity.as_str(), "path": it.path, "message": it.message}))
            .collect();
        statements.push(
            sql("INSERT INTO compliance (api_id, ruleset_id, api_generation, ruleset_generation, is_passed, errors, warnings, \
                 hints, body, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (api_id, ruleset_id) DO UPDATE SET \
                 api_generation = excluded.api_generation, ruleset_generation = excluded.ruleset_generation, \
                 is_passed = excluded.is_passed, errors = excluded.errors, warnings = excluded.warnings, \
                 hints = excluded.hints, body = excluded.body, at = excluded.at")
            .bind(&row.id)
            .bind(&ruleset.id)
            .bind(row.generation)
            .bind(ruleset.generation)
            .bind(violated.is_empty())
            .bind(number(Severity::Error))
            .bind(number(Severity::Warn))
            .bind(number(Severity::Info))
            .bind(json!({"violated": violated, "followed": report.followed}).to_string())
            .bind(call.now),
        );
    }
    if !statements.is_empty() {
        call.db.batch(statements).await?;
    }
    Ok(())
}

async fn count(call: &Call) -> Outcome<i64> {
    #[derive(Deserialize)]
    struct Count {
        total: i64,
    }
    let query = "SELECT count(*) AS total FROM api WHERE organization = ? AND kind <> 'APIPRODUCT'";
    let count: Option<Count> = call.db.first(sql(query).bind(call.organization())).await?;
    Ok(count.map_or(0, |count| count.total))
}

/// APIs of a page that are looked at while it is asked for; the rest stays pending until the next time.
const AT_ONCE: usize = 10;
/// Nobody reads more.
const MOST: usize = 500;
