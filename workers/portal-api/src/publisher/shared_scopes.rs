//! `/scopes`: scopes that belong to the organization, for its APIs to use.

use lifecycle::{Fault, naming};
use runtime::{
    Failure, Outcome,
    db::{Statement, sql},
    id, reply,
};
use serde::Deserialize;
use serde_json::{Value, json};
use worker::Response;

use crate::{
    apis::{row, write},
    call::Call,
    etag, guard,
    page::Page,
    refusal,
};

/// `GET /scopes`
pub(crate) async fn list(call: &Call) -> Outcome<Response> {
    #[derive(Deserialize)]
    struct Count {
        total: i64,
    }
    let page = Page::of(call)?;
    let count = sql("SELECT count(*) AS total FROM shared_scope WHERE organization = ?")
        .bind(call.organization());
    let count: Option<Count> = call.db.first(count).await?;
    let rows: Vec<Row> = call
        .db
        .all(
            sql(format!("SELECT {COLUMNS} FROM shared_scope WHERE organization = ? ORDER BY name LIMIT ? OFFSET ?"))
                .bind(call.organization())
                .bind(page.limit)
                .bind(page.offset),
        )
        .await?;
    let uses: Vec<Uses> = call.db.all(sql(USES).bind(call.organization())).await?;
    let list = rows
        .iter()
        .map(|row| {
            let found = uses.iter().find(|uses| uses.name == row.name);
            row.shown(found.map_or(0, |uses| uses.number))
        })
        .collect();
    etag::content(
        call,
        &page.list(call, list, count.map_or(0, |count| count.total)),
    )
}

/// `POST /scopes`
pub(crate) async fn create(call: &Call) -> Outcome<Response> {
    let body = checked(call).await?;
    let scope = id::uuid()?;
    let statements = vec![
        sql("INSERT INTO shared_scope (id, organization, name, display_name, description, bindings, created_at) \
             VALUES (?, ?, ?, ?, ?, ?, ?)")
        .bind(&scope)
        .bind(call.organization())
        .bind(&body.name)
        .bind(body.display_name.as_ref().unwrap_or(&body.name))
        .bind(body.description.clone().unwrap_or_default())
        .bind(json!(body.bindings.clone().unwrap_or_default()).to_string())
        .bind(call.now),
        write::audit(call, "scope.create", &scope)?,
    ];
    call.db.batch(statements).await.map_err(name_taken)?;
    let row = find(call, &scope).await?;
    let response = etag::changed(201, row.generation, &row.shown(0))?;
    reply::with_header(
        response,
        "location",
        &format!("/api/am/publisher/v4/scopes/{scope}"),
    )
}

/// `GET /scopes/{scopeId}`
pub(crate) async fn get(call: &Call) -> Outcome<Response> {
    let row = find(call, call.path("scopeId")).await?;
    let usages = users(call, &row.name).await?.len();
    etag::generation(call, row.generation, &row.shown(usages))
}

/// `PUT /scopes/{scopeId}`: everything but the name, which tokens carry.
pub(crate) async fn update(call: &Call) -> Outcome<Response> {
    let row = find(call, call.path("scopeId")).await?;
    etag::require_match(call, row.generation)?;
    let body = checked(call).await?;
    if body.name != row.name {
        return Err(refusal::one(
            "400",
            "name",
            "cannot be changed; make another scope instead",
        ));
    }
    let statements = vec![
        unchanged(&row),
        sql("UPDATE shared_scope SET display_name = ?, description = ?, bindings = ?, generation = generation + 1 WHERE id = ?")
            .bind(body.display_name.as_ref().unwrap_or(&body.name))
            .bind(body.description.clone().unwrap_or_default())
            .bind(json!(body.bindings.clone().unwrap_or_default()).to_string())
            .bind(&row.id),
        write::audit(call, "scope.update", &row.id)?,
    ];
    guard::or(call.db.batch(statements).await, guard::changed_meanwhile)?;
    let row = find(call, &row.id).await?;
    let usages = users(call, &row.name).await?.len();
    etag::changed(200, row.generation, &row.shown(usages))
}

/// `DELETE /scopes/{scopeId}`: not while an API uses it, be it by a revision that runs: nobody would be kept from it then.
pub(crate) async fn delete(call: &Call) -> Outcome<Response> {
    let row = find(call, call.path("scopeId")).await?;
    etag::require_match(call, row.generation)?;
    let statements = vec![
        unchanged(&row),
        guard::require(&format!("NOT EXISTS ({USERS}) AND NOT EXISTS ({RUNNING})"))
            .bind(call.organization())
            .bind(&row.name)
            .bind(call.organization())
            .bind(&row.name),
        sql("DELETE FROM shared_scope WHERE id = ?").bind(&row.id),
        write::audit(call, "scope.delete", &row.id)?,
    ];
    guard::or(call.db.batch(statements).await, || {
        Failure::because(
            "900985",
            "APIs use this scope; take it out of them, and of what they have deployed, first; or it was changed at the same time",
        )
    })?;
    reply::empty(200)
}

/// `HEAD /scopes/{scopeId}`: 200 when a scope of that name (base64url) is there, 404 when not.
pub(crate) async fn exists(call: &Call) -> Outcome<Response> {
    let name = crate::roles::decoded(call.path("scopeId"));
    let found: Option<Value> = call
        .db
        .first(
            sql("SELECT id FROM shared_scope WHERE organization = ? AND name = ?")
                .bind(call.organization())
                .bind(name),
        )
        .await?;
    reply::empty(if found.is_some() { 200 } else { 404 })
}

/// `GET /scopes/{scopeId}/usage`
pub(crate) async fn usage(call: &Call) -> Outcome<Response> {
    let row = find(call, call.path("scopeId")).await?;
    let mut list = Vec::new();
    for (place, api) in users(call, &row.name).await?.iter().enumerate() {
        let resources = if place < MOST_READ {
            Some(api.resources(call, &row.name).await?)
        } else {
            None
        };
        list.push(api.shown(resources.as_deref()));
    }
    reply::json(
        200,
        &json!({"id": row.id, "name": row.name, "usedApiList": list}),
    )
}

/// Shared scopes that a draft names must be there; a scope of its own must not be called like one.
pub(crate) async fn faults(call: &Call, draft: &lifecycle::Draft) -> Outcome<Vec<Fault>> {
    let scopes: Vec<_> = draft.scopes.iter().flatten().collect();
    if scopes.iter().all(|scope| scope.shared != Some(true)) {
        return Ok(Vec::new());
    }
    let rows: Vec<Row> = call
        .db
        .all(
            sql(format!(
                "SELECT {COLUMNS} FROM shared_scope WHERE organization = ?"
            ))
            .bind(call.organization()),
        )
        .await?;
    Ok(scopes
        .iter()
        .enumerate()
        .filter(|(_, scope)| scope.shared == Some(true))
        .filter(|(_, scope)| !rows.iter().any(|row| row.name == scope.scope.name))
        .map(|(index, scope)| Fault {
            place: format!("scopes[{index}].scope.name"),
            message: format!("there is no shared scope `{}`", scope.scope.name),
        })
        .collect())
}

async fn users(call: &Call, name: &str) -> Outcome<Vec<User>> {
    call.db
        .all(sql(USERS).bind(call.organization()).bind(name))
        .await
}

async fn find(call: &Call, id: &str) -> Outcome<Row> {
    let query = sql(format!(
        "SELECT {COLUMNS} FROM shared_scope WHERE id = ? AND organization = ?"
    ));
    call.db
        .first(query.bind(id).bind(call.organization()))
        .await?
        .ok_or_else(|| Failure::code("900981"))
}

async fn checked(call: &Call) -> Outcome<Body> {
    let body: Body = call.json().await?;
    let mut faults = Vec::new();
    let mut add = |place: &str, message: &str| {
        faults.push(Fault {
            place: place.to_owned(),
            message: message.to_owned(),
        });
    };
    if !naming::is_scope(&body.name) {
        add(
            "name",
            "is not 1 to 255 characters of those that a scope may have",
        );
    }
    if body.name.starts_with("apim:") {
        add(
            "name",
            "begins with `apim:`, which only the platform's own scopes do",
        );
    }
    let long = |text: &Option<String>, most: usize| {
        text.as_ref()
            .is_some_and(|text| text.chars().count() > most)
    };
    if long(&body.display_name, 255) {
        add("displayName", "is longer than 255 characters");
    }
    if long(&body.description, 512) {
        add("description", "is longer than 512 characters");
    }
    let known = crate::roles::all(call).await?;
    for role in body.bindings.iter().flatten() {
        if !known.contains(role) {
            add("bindings", &format!("there is no role `{role}`"));
        }
    }
    refusal::unless_empty("400", faults)?;
    Ok(body)
}

fn unchanged(row: &Row) -> Statement {
    guard::unchanged("shared_scope", &row.id, row.generation)
}

fn name_taken(failure: Failure) -> Failure {
    guard::taken(failure, "shared_scope.", Failure::code("900984"))
}

#[derive(Deserialize)]
struct Row {
    id: String,
    name: String,
    display_name: String,
    description: String,
    bindings: String,
    generation: i64,
}

impl Row {
    /// WSO2's `Scope`.
    fn shown(&self, usages: usize) -> Value {
        json!({
            "id": self.id,
            "name": self.name,
            "displayName": self.display_name,
            "description": self.description,
            "bindings": serde_json::from_str::<Value>(&self.bindings).unwrap_or_else(|_| json!([])),
            "usageCount": usages,
        })
    }
}

/// How many drafts use a scope.
#[derive(Deserialize)]
struct Uses {
    name: String,
    number: usize,
}

#[derive(Deserialize)]
struct User {
    name: String,
    context: String,
    version: String,
    provider: String,
    body: String,
}

impl User {
    /// The operations of its draft that demand the scope.
    async fn resources(&self, call: &Call, scope: &str) -> Outcome<Vec<Value>> {
        let draft = row::draft(call, &self.body).await?;
        let operations = draft.operations.iter().flatten();
        Ok(operations
            .filter(|it| it.scopes.iter().flatten().any(|name| name == scope))
            .map(|it| json!({"target": it.target, "verb": it.verb}))
            .collect())
    }

    /// WSO2's `SharedScopeUsedAPIInfo`.
    fn shown(&self, resources: Option<&[Value]>) -> Value {
        lifecycle::defaults::without_nulls(json!({
            "name": self.name,
            "context": self.context,
            "version": self.version,
            "provider": self.provider,
            "usedResourceList": resources,
        }))
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "an object")]
struct Body {
    name: String,
    display_name: Option<String>,
    description: Option<String>,
    bindings: Option<Vec<String>>,
    #[serde(rename = "id")]
    _id: Option<String>,
    #[serde(rename = "usageCount")]
    _usages: Option<i64>,
}

const COLUMNS: &str = "id, name, display_name, description, bindings, generation";
/// The APIs whose draft uses a shared scope: `card` names them.
const USERS: &str = "SELECT name, context, version, provider, body FROM api WHERE organization = ? \
    AND EXISTS (SELECT 1 FROM json_each(card, '$.sharedScopes') AS item WHERE item.value = ?)";
/// Of so many APIs the drafts are read: each is a question of its own to the database.
const MOST_READ: usize = 100;
/// The revisions that run with it.
const RUNNING: &str =
    "SELECT 1 FROM api_scope WHERE organization = ? AND scope = ? AND is_shared = 1";
const USES: &str = "SELECT item.value AS name, count(*) AS number FROM api, json_each(api.card, '$.sharedScopes') AS item \
    WHERE organization = ? GROUP BY item.value";
