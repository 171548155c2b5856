//! `/throttling/policies`.

use lifecycle::{PolicyKind, plan::PolicyBody};
use runtime::{
    Failure, Outcome,
    db::{Statement, sql},
    id, reply,
};
use serde_json::{Value, json};
use worker::Response;

use crate::{
    apis::write,
    call::Call,
    deployments::{self, note},
    etag, guard, page,
    policies::{self, COLUMNS, PolicyRow},
    refusal,
};

/// `GET /throttling/policies/<kind>`
pub(crate) async fn list(call: &Call) -> Outcome<Response> {
    let rows = policies::all(call, kind(call)).await?;
    let list = rows.iter().map(shown).collect::<Outcome<Vec<_>>>()?;
    reply::json(200, &page::whole(list))
}

/// `POST /throttling/policies/<kind>`
pub(crate) async fn create(call: &Call) -> Outcome<Response> {
    let kind = kind(call);
    let body = read(call, kind).await?;
    let policy = id::uuid()?;
    let name = body.policy_name.clone().unwrap_or_default();
    let insert = sql(
        "INSERT INTO throttle_policy (id, organization, kind, name, display_name, description, body, created_at, \
         updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(&policy)
    .bind(call.organization())
    .bind(kind.as_str())
    .bind(&name)
    .bind(body.display_name.clone().unwrap_or_else(|| name.clone()))
    .bind(body.description.clone().unwrap_or_default())
    .bind(serde_json::to_string(&body)?)
    .bind(call.now)
    .bind(call.now);
    let mut statements = vec![insert, write::audit(call, "policy.create", &policy)?];
    statements.extend(publish(call).await?);
    let made = call.db.batch(statements).await;
    made.map_err(|failure| guard::taken(failure, "throttle_policy.", Failure::code("903001")))?;
    let row = find(call, kind, &policy).await?;
    let response = etag::changed(201, row.generation, &shown(&row)?)?;
    let location = format!(
        "/api/am/admin/v4/throttling/policies/{}/{policy}",
        kind.as_str()
    );
    reply::with_header(response, "location", &location)
}

/// `GET /throttling/policies/<kind>/{policyId}`
pub(crate) async fn get(call: &Call) -> Outcome<Response> {
    let row = find(call, kind(call), call.path("policyId")).await?;
    etag::generation(call, row.generation, &shown(&row)?)
}

/// `PUT /throttling/policies/<kind>/{policyId}`
pub(crate) async fn update(call: &Call) -> Outcome<Response> {
    let kind = kind(call);
    let row = find(call, kind, call.path("policyId")).await?;
    etag::require_match(call, row.generation)?;
    let body = read(call, kind).await?;
    if body.policy_name.as_deref() != Some(&row.name) {
        let message = format!(
            "cannot be changed from `{}`: APIs and applications refer to it",
            row.name
        );
        return Err(refusal::one("400", "policyName", message));
    }
    let change = sql(
        "UPDATE throttle_policy SET display_name = ?, description = ?, body = ?, generation = generation + 1, \
         updated_at = ? WHERE id = ?",
    )
    .bind(body.display_name.clone().unwrap_or_else(|| row.name.clone()))
    .bind(body.description.clone().unwrap_or_default())
    .bind(serde_json::to_string(&body)?)
    .bind(call.now)
    .bind(&row.id);
    let mut statements = vec![
        guard::require("EXISTS (SELECT 1 FROM throttle_policy WHERE id = ? AND generation = ?)")
            .bind(&row.id)
            .bind(row.generation),
        change,
        write::audit(call, "policy.update", &row.id)?,
    ];
    statements.extend(publish(call).await?);
    guard::or(call.db.batch(statements).await, guard::changed_meanwhile)?;
    let row = find(call, kind, &row.id).await?;
    etag::changed(200, row.generation, &shown(&row)?)
}

/// `DELETE /throttling/policies/<kind>/{policyId}`
pub(crate) async fn delete(call: &Call) -> Outcome<Response> {
    let kind = kind(call);
    let row = find(call, kind, call.path("policyId")).await?;
    etag::require_match(call, row.generation)?;
    if KEPT.contains(&row.name.as_str()) {
        return Err(Failure::because(
            "900971",
            format!("`{}` is applied by the platform itself", row.name),
        ));
    }
    let mut statements = vec![
        unused(kind, &row),
        sql("DELETE FROM throttle_policy WHERE id = ?").bind(&row.id),
        write::audit(call, "policy.delete", &row.id)?,
    ];
    statements.extend(publish(call).await?);
    guard::or(call.db.batch(statements).await, || Failure::code("900971"))?;
    reply::empty(200)
}

/// `GET /throttling/policies/search?query=type:app`
pub(crate) async fn search(call: &Call) -> Outcome<Response> {
    let conditions =
        lifecycle::search::parse(call.query("query").unwrap_or_default(), &["type", "name"]);
    let mut list = Vec::new();
    for (kind, word) in KINDS {
        for row in policies::all(call, *kind).await? {
            let meets = conditions
                .iter()
                .all(|condition| match condition.key.as_str() {
                    "type" => condition.value == *word || condition.value == "all",
                    _ => row
                        .name
                        .to_lowercase()
                        .contains(&condition.value.to_lowercase()),
                });
            if meets {
                list.push(json!({
                    "uuid": row.id,
                    "policyName": row.name,
                    "displayName": row.display_name,
                    "description": row.description,
                    "isDeployed": true,
                    "type": word,
                }));
            }
        }
    }
    reply::json(200, &page::whole(list))
}

/// The kind that the path names: the segment after `policies`.
fn kind(call: &Call) -> PolicyKind {
    let path = call.request.path();
    KINDS
        .iter()
        .map(|(kind, _)| *kind)
        .find(|kind| path.contains(&format!("/policies/{}", kind.as_str())))
        .unwrap_or(PolicyKind::Advanced)
}

async fn read(call: &Call, kind: PolicyKind) -> Outcome<PolicyBody> {
    let body: PolicyBody = call.json().await?;
    refusal::unless_empty("400", body.faults(kind))?;
    Ok(body)
}

async fn find(call: &Call, kind: PolicyKind, policy: &str) -> Outcome<PolicyRow> {
    call.db
        .first(
            sql(format!("SELECT {COLUMNS} FROM throttle_policy WHERE id = ? AND organization = ? AND kind = ?"))
                .bind(policy)
                .bind(call.organization())
                .bind(kind.as_str()),
        )
        .await?
        .ok_or_else(|| Failure::code("900961"))
}

/// The statements that have every environment's policies published anew.
async fn publish(call: &Call) -> Outcome<Vec<Statement>> {
    let mut statements = vec![note("policies", call.organization(), call)];
    for environment in deployments::environments(call).await? {
        statements.extend(deployments::touch(&environment.name, call));
    }
    Ok(statements)
}

/// Undoes the batch when something refers to the policy: an application, a subscription, or what an API offers. A
/// Deployment names its advanced policies in its text, so that it is looked for there.
fn unused(kind: PolicyKind, row: &PolicyRow) -> Statement {
    match kind {
        PolicyKind::Application => {
            guard::require("NOT EXISTS (SELECT 1 FROM application WHERE policy = ?)").bind(&row.name)
        }
        PolicyKind::Subscription => guard::require(
            "NOT EXISTS (SELECT 1 FROM subscription WHERE plan = ?) AND NOT EXISTS (\
             SELECT 1 FROM api, json_each(api.card, '$.policies') AS item WHERE item.value = ?)",
        )
        .bind(&row.name)
        .bind(&row.name),
        PolicyKind::Advanced => guard::require(
            "NOT EXISTS (SELECT 1 FROM blob WHERE instr(content, ?) > 0 AND (hash IN (SELECT body FROM api) \
             OR hash IN (SELECT hash FROM deployment)))",
        )
        .bind(format!("\"{}\"", row.name)),
    }
}

/// The object of the row's kind.
fn shown(row: &PolicyRow) -> Outcome<Value> {
    let kind = PolicyKind::parse(&row.kind).unwrap_or(PolicyKind::Advanced);
    let mut shown = json!({
        "policyId": row.id,
        "policyName": row.name,
        "displayName": row.display_name,
        "description": row.description,
        "isDeployed": true,
        "type": kind.type_name(),
    });
    let body = lifecycle::defaults::without_nulls(serde_json::from_str(&row.body)?);
    if let (Value::Object(shown), Value::Object(body)) = (&mut shown, body) {
        shown.extend(body);
    }
    Ok(shown)
}

/// The kinds with the peer's short words.
const KINDS: &[(PolicyKind, &str)] = &[
    (PolicyKind::Application, "app"),
    (PolicyKind::Subscription, "sub"),
    (PolicyKind::Advanced, "api"),
];

/// Applied where nobody chose; without them gateways would not know what to apply.
const KEPT: &[&str] = &["Unauthenticated", "DefaultSubscriptionless", "Unlimited"];
