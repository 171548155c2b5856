//! `/throttling/deny-policies`.

use lifecycle::{deny, deny::DenyBody, search};
use runtime::{Failure, Outcome, db::sql, id, reply};
use serde::Deserialize;
use serde_json::{Value, json};
use worker::Response;

use super::policies::publish;
use crate::{
    apis::write,
    call::Call,
    etag, guard, page, refusal,
    time::{self, iso},
};

/// `GET /throttling/deny-policies?query=conditionType:API & conditionValue:/petstore/1.0.0`
pub(crate) async fn list(call: &Call) -> Outcome<Response> {
    let query = call.query("query").unwrap_or_default().replace('&', " ");
    let conditions = search::parse(&query, &["conditionType", "conditionValue"]);
    let rows: Vec<Row> = call
        .db
        .all(
            sql(format!(
                "SELECT {COLUMNS} FROM deny_policy WHERE organization = ? ORDER BY created_at, id"
            ))
            .bind(call.organization()),
        )
        .await?;
    let mut list = Vec::new();
    for row in rows.iter().filter(|row| row.meets(&conditions)) {
        list.push(row.shown()?);
    }
    reply::json(200, &page::whole(list))
}

/// `POST /throttling/deny-policies`
pub(crate) async fn create(call: &Call) -> Outcome<Response> {
    let body: DenyBody = call.json().await?;
    let denial = body
        .read()
        .map_err(|fault| refusal::several("400", vec![fault]))?;
    let expires_at = expiry(call, &body)?;
    require_subject(call, &denial).await?;
    let policy = id::uuid()?;
    let room = guard::require("(SELECT count(*) FROM deny_policy WHERE organization = ?) < ?")
        .bind(call.organization())
        .bind(MOST);
    let insert = sql(
        "INSERT INTO deny_policy (id, organization, kind, value, active, expires_at, reason, created_at, updated_at) \
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(&policy)
    .bind(call.organization())
    .bind(&denial.kind)
    .bind(denial.value.to_string())
    .bind(body.condition_status.unwrap_or(true))
    .bind(expires_at)
    .bind(body.reason.clone().unwrap_or_default())
    .bind(call.now)
    .bind(call.now);
    let mut statements = vec![
        room,
        insert,
        write::audit(call, "deny-policy.create", &policy)?,
    ];
    statements.extend(publish(call).await?);
    let made = guard::or(call.db.batch(statements).await, || {
        let help = format!("there are {MOST} deny policies already; delete those that have ended");
        refusal::one("400", "", help)
    });
    made.map_err(|failure| guard::taken(failure, "deny_policy.", Failure::code("900979")))?;
    let row = find(call, &policy).await?;
    let response = etag::changed(201, row.generation, &row.shown()?)?;
    let location = format!("/api/am/admin/v4/throttling/deny-policy/{policy}");
    reply::with_header(response, "location", &location)
}

/// `GET /throttling/deny-policy/{conditionId}`
pub(crate) async fn get(call: &Call) -> Outcome<Response> {
    let row = find(call, call.path("conditionId")).await?;
    etag::generation(call, row.generation, &row.shown()?)
}

/// `PATCH /throttling/deny-policy/{conditionId}`: on or off.
pub(crate) async fn switch(call: &Call) -> Outcome<Response> {
    let row = find(call, call.path("conditionId")).await?;
    etag::require_match(call, row.generation)?;
    let body: Status = call.json().await?;
    let change = sql(
        "UPDATE deny_policy SET active = ?, generation = generation + 1, updated_at = ? WHERE id = ?",
    )
    .bind(body.condition_status)
    .bind(call.now)
    .bind(&row.id);
    let mut statements = vec![
        row.unchanged(),
        change,
        write::audit(call, "deny-policy.update", &row.id)?,
    ];
    statements.extend(publish(call).await?);
    guard::or(call.db.batch(statements).await, guard::changed_meanwhile)?;
    let row = find(call, &row.id).await?;
    etag::changed(200, row.generation, &row.shown()?)
}

/// `DELETE /throttling/deny-policy/{conditionId}`
pub(crate) async fn delete(call: &Call) -> Outcome<Response> {
    let row = find(call, call.path("conditionId")).await?;
    etag::require_match(call, row.generation)?;
    let mut statements = vec![
        row.unchanged(),
        sql("DELETE FROM deny_policy WHERE id = ?").bind(&row.id),
        write::audit(call, "deny-policy.delete", &row.id)?,
    ];
    statements.extend(publish(call).await?);
    guard::or(call.db.batch(statements).await, guard::changed_meanwhile)?;
    reply::empty(200)
}

/// WSO2's `BlockingConditionStatus`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "an object")]
struct Status {
    #[serde(rename = "conditionId", default)]
    _id: Option<String>,
    condition_status: bool,
}

/// A row of `deny_policy`.
#[derive(Deserialize)]
struct Row {
    id: String,
    kind: String,
    value: String,
    active: i64,
    expires_at: Option<i64>,
    reason: String,
    generation: i64,
}

impl Row {
    fn shown(&self) -> Outcome<Value> {
        let value: Value = serde_json::from_str(&self.value)?;
        Ok(lifecycle::defaults::without_nulls(json!({
            "conditionId": self.id,
            "conditionType": self.kind,
            "conditionValue": value,
            "conditionStatus": self.active == 1,
            "expiresAt": self.expires_at.map(iso),
            "reason": Some(&self.reason).filter(|reason| !reason.is_empty()),
        })))
    }

    fn meets(&self, conditions: &[search::Condition]) -> bool {
        conditions.iter().all(|wanted| match wanted.key.as_str() {
            "conditiontype" => self.kind == wanted.value,
            _ => {
                self.value.trim_matches('"') == wanted.value
                    || self.value.trim_matches(['"', '/']) == wanted.value
                    || self.value.contains(&format!(":\"{}\"", wanted.value))
            }
        })
    }

    fn unchanged(&self) -> runtime::db::Statement {
        guard::unchanged("deny_policy", &self.id, self.generation)
    }
}

async fn find(call: &Call, id: &str) -> Outcome<Row> {
    call.db
        .first(
            sql(format!(
                "SELECT {COLUMNS} FROM deny_policy WHERE id = ? AND organization = ?"
            ))
            .bind(id)
            .bind(call.organization()),
        )
        .await?
        .ok_or_else(|| Failure::because("404", "there is no deny policy of this id"))
}

fn expiry(call: &Call, body: &DenyBody) -> Outcome<Option<i64>> {
    let Some(text) = body.expires_at.as_deref() else {
        return Ok(None);
    };
    match time::parse(text) {
        Some(end) if end > call.now => Ok(Some(end.0)),
        Some(_) => Err(refusal::one("400", "expiresAt", "is over already")),
        None => Err(refusal::one(
            "400",
            "expiresAt",
            "is no moment such as `2026-12-31T23:00:00Z`",
        )),
    }
}

/// What the policy names has to be there: a slip of the hand would block nobody, and nobody would notice.
async fn require_subject(call: &Call, denial: &deny::Denial) -> Outcome<()> {
    let (api, application) = match &denial.target {
        model::DenyTarget::Api(api) => (Some(api), None),
        model::DenyTarget::Application(name) => (None, Some(name)),
        model::DenyTarget::Subscription {
            application, api, ..
        } => (Some(api), Some(application)),
        model::DenyTarget::User(_) | model::DenyTarget::Address(_) => (None, None),
    };
    if let Some(api) = api
        && !exists(
            call,
            "SELECT id FROM api WHERE organization = ? AND base_path = ?",
            api,
        )
        .await?
    {
        let help = format!("there is no API at `{api}`; name its context with its version");
        return Err(refusal::one("900977", "conditionValue", help));
    }
    if let Some(name) = application
        && !exists(
            call,
            "SELECT id FROM application WHERE organization = ? AND owner || ':' || name = ?",
            name,
        )
        .await?
    {
        let help = format!("there is no application `{name}`; name its owner and itself");
        return Err(refusal::one("900978", "conditionValue", help));
    }
    Ok(())
}

async fn exists(call: &Call, query: &str, value: &str) -> Outcome<bool> {
    #[derive(Deserialize)]
    struct Found {
        #[serde(rename = "id")]
        _id: String,
    }
    let found: Option<Found> = call
        .db
        .first(sql(query).bind(call.organization()).bind(value))
        .await?;
    Ok(found.is_some())
}

const COLUMNS: &str = "id, kind, value, active, expires_at, reason, generation";

/// Gateways look at each of them on every call.
const MOST: i64 = 1_000;
