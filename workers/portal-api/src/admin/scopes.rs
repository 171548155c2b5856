//! `/system-scopes`: which roles may be granted the platform's own scopes.

use std::collections::BTreeMap;

use runtime::{
    Failure, Outcome,
    db::{Statement, sql},
    reply,
};
use serde::Deserialize;
use serde_json::{Value, json};
use worker::Response;

use crate::{apis::write, call::Call, page, refusal, roles};

/// `GET /system-scopes`
pub(crate) async fn list(call: &Call) -> Outcome<Response> {
    reply::json(200, &shown(call).await?)
}

/// `PUT /system-scopes`: the roles of the scopes that are named; the others stay.
pub(crate) async fn update(call: &Call) -> Outcome<Response> {
    let body: Body = call.json().await?;
    let known = known(call).await?;
    let roles = roles::all(call).await?;
    let mut statements: Vec<Statement> = Vec::new();
    for (index, scope) in body.list.iter().enumerate() {
        let place = format!("list[{index}]");
        if !known.contains_key(&scope.name) {
            return Err(refusal::one(
                "400",
                &format!("{place}.name"),
                format!("there is no system scope `{}`", scope.name),
            ));
        }
        if let Some(role) = scope.roles.iter().find(|role| !roles.contains(role)) {
            return Err(refusal::one(
                "400",
                &format!("{place}.roles"),
                format!("there is no role `{role}`"),
            ));
        }
        // Whoever takes this from the role that has everything locks everybody out.
        if scope.name == "apim:admin" && !scope.roles.iter().any(|role| role == "admin") {
            return Err(refusal::one(
                "400",
                &format!("{place}.roles"),
                "`apim:admin` stays with the role `admin`",
            ));
        }
        statements.push(
            sql("DELETE FROM scope_role WHERE organization = ? AND scope = ?")
                .bind(call.organization())
                .bind(&scope.name),
        );
        statements.push(
            sql("INSERT INTO scope_role (organization, scope, role) SELECT ?, ?, value FROM json_each(?) WHERE true \
                 ON CONFLICT DO NOTHING")
            .bind(call.organization())
            .bind(&scope.name)
            .bind(json!(scope.roles).to_string()),
        );
        statements.push(write::audit(call, "system-scope.update", &scope.name)?);
    }
    if statements.len() > STATEMENTS {
        return Err(refusal::one("400", "list", "holds more than 300 scopes"));
    }
    if !statements.is_empty() {
        call.db.batch(statements).await?;
    }
    reply::json(200, &shown(call).await?)
}

/// `GET /system-scopes/{scopeName}?username=`: 200 when the person may be granted it, 404 when not.
pub(crate) async fn of_person(call: &Call) -> Outcome<Response> {
    let scope = roles::decoded(call.path("scopeName"));
    let found: Option<Value> = call
        .db
        .first(
            sql("SELECT scope FROM granted_role JOIN user_role ON user_role.role = granted_role.role \
                 JOIN user ON user.id = user_role.user_id WHERE granted_role.organization = ? AND scope = ? AND username = ? LIMIT 1")
            .bind(call.organization())
            .bind(&scope)
            .bind(call.query("username").unwrap_or(call.user()?)),
        )
        .await?;
    found.ok_or_else(|| Failure::because("404", "the person may not be granted this scope"))?;
    reply::json(200, &json!({"name": scope}))
}

async fn shown(call: &Call) -> Outcome<Value> {
    let list = known(call)
        .await?
        .into_iter()
        .map(|(name, roles)| {
            json!({"name": name, "description": "", "tag": tag(&name), "roles": roles})
        })
        .collect();
    Ok(page::whole(list))
}

/// Every scope of the operations and of the table, with its roles.
async fn known(call: &Call) -> Outcome<BTreeMap<String, Vec<String>>> {
    #[derive(Deserialize)]
    struct Row {
        scope: String,
        role: String,
    }
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for table in [
        crate::routes::PUBLISHER,
        crate::routes::DEVPORTAL,
        crate::routes::ADMIN,
    ] {
        for scope in crate::settings::scopes(table) {
            found.entry(scope.to_owned()).or_default();
        }
    }
    let rows: Vec<Row> = call
        .db
        .all(
            sql("SELECT scope, role FROM scope_role WHERE organization = ? ORDER BY scope, role")
                .bind(call.organization()),
        )
        .await?;
    for row in rows {
        found.entry(row.scope).or_default().push(row.role);
    }
    Ok(found)
}

/// What a scope is about, for grouping: `apim:api_view` is about `api`.
fn tag(scope: &str) -> &str {
    let name = scope.split_once(':').map_or(scope, |(_, name)| name);
    name.rsplit_once('_').map_or(name, |(noun, _)| noun)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct Body {
    list: Vec<Scope>,
    #[serde(rename = "count")]
    _count: Option<i64>,
}

/// WSO2's `Scope` of the admin API.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct Scope {
    name: String,
    roles: Vec<String>,
    #[serde(rename = "description")]
    _description: Option<String>,
    #[serde(rename = "tag")]
    _tag: Option<String>,
}

const STATEMENTS: usize = 900;
