//! `/environments`: where gateways are.

use lifecycle::environment::Environment;
use runtime::{
    Failure, Outcome,
    db::{Statement, sql},
    id, reply,
};
use serde::Deserialize;
use serde_json::{Value, json};
use usage::roster::Gateway;
use worker::Response;

use crate::{
    apis::write, call::Call, deployments, etag, gateways, guard, page, refusal, time::iso,
};

/// `GET /environments`
pub(crate) async fn list(call: &Call) -> Outcome<Response> {
    let rows: Vec<Row> = call
        .db
        .all(
            sql(format!(
                "SELECT {COLUMNS} FROM environment WHERE organization = ? ORDER BY name"
            ))
            .bind(call.organization()),
        )
        .await?;
    reply::json(200, &page::whole(rows.iter().map(Row::shown).collect()))
}

/// `POST /environments`
pub(crate) async fn create(call: &Call) -> Outcome<Response> {
    let body = checked(call).await?;
    let environment = id::uuid()?;
    let mut statements = vec![
        sql("INSERT INTO environment (id, organization, name, display_name, description, kind, vhosts, settings) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(&environment)
        .bind(call.organization())
        .bind(&body.name)
        .bind(body.display_name.as_ref().unwrap_or(&body.name))
        .bind(body.description.clone().unwrap_or_default())
        .bind(body.kind())
        .bind(serde_json::to_string(&body.vhosts)?)
        .bind(body.settings().to_string()),
    ];
    // Its gateways find an empty catalogue rather than none.
    statements.extend(deployments::touch(&body.name, call));
    statements.push(write::audit(call, "environment.create", &environment)?);
    call.db.batch(statements).await.map_err(|failure| {
        let instead = Failure::because("409", format!("there is an environment `{}`", body.name));
        guard::taken(failure, "environment.", instead)
    })?;
    let row = find(call, &environment).await?;
    let response = etag::changed(201, row.generation, &row.shown())?;
    reply::with_header(
        response,
        "location",
        &format!("/api/am/admin/v4/environments/{environment}"),
    )
}

/// `GET /environments/{environmentId}`
pub(crate) async fn get(call: &Call) -> Outcome<Response> {
    let row = find(call, call.path("environmentId")).await?;
    etag::generation(call, row.generation, &row.shown())
}

/// `GET /environments/{environmentId}/gateways`: which serve there, which build each runs, and how far it is.
pub(crate) async fn gateways(call: &Call) -> Outcome<Response> {
    let row = find(call, call.path("environmentId")).await?;
    let published = published(call, &row.name).await?;
    let list = gateways::of_environment(call, &row.name).await?;
    let list: Vec<Value> = list.iter().map(|it| instance(it, published)).collect();
    reply::json(
        200,
        &json!({"count": list.len(), "list": list, "catalogVersion": published}),
    )
}

/// WSO2's `GatewayInstance`, and what only ours say.
fn instance(gateway: &Gateway, published: u64) -> Value {
    let sync = if !gateway.refused.is_empty() {
        "FAILED"
    } else if gateway.catalog >= published {
        "IN_SYNC"
    } else {
        "BEHIND"
    };
    json!({
        "gatewayId": gateway.name,
        "lastActive": iso(gateway.last_active.0),
        "status": if gateway.is_live() { "ACTIVE" } else { "EXPIRED" },
        "isolates": gateway.isolates,
        "releases": gateway.releases,
        "catalogVersion": gateway.catalog,
        "oldestCatalogVersion": gateway.oldest_catalog,
        "trustVersion": gateway.trust,
        "syncState": sync,
        "failures": gateway.refused,
    })
}

/// Version of the environment's catalogue, as the database has it.
async fn published(call: &Call, environment: &str) -> Outcome<u64> {
    #[derive(Deserialize)]
    struct Version {
        version: u64,
    }
    let query = sql("SELECT version FROM publication WHERE pointer = 'catalog/' || ?");
    let found: Option<Version> = call.db.first(query.bind(environment)).await?;
    Ok(found.map_or(0, |row| row.version))
}

/// `PUT /environments/{environmentId}`: everything but the name, under which gateways know it.
pub(crate) async fn update(call: &Call) -> Outcome<Response> {
    let row = find(call, call.path("environmentId")).await?;
    etag::require_match(call, row.generation)?;
    let body = checked(call).await?;
    if body.name != row.name {
        return Err(refusal::one(
            "400",
            "name",
            "cannot be changed; make another environment instead",
        ));
    }
    let hosts = json!(
        body.vhosts
            .iter()
            .map(|vhost| &vhost.host)
            .collect::<Vec<_>>()
    )
    .to_string();
    let mut statements = vec![
        unchanged(&row),
        guard::require("NOT EXISTS (SELECT 1 FROM deployment WHERE environment = ? AND organization = ? AND vhost <> '' \
             AND vhost NOT IN (SELECT value FROM json_each(?)))")
        .bind(&row.name)
        .bind(call.organization())
        .bind(hosts),
        sql("UPDATE environment SET display_name = ?, description = ?, kind = ?, vhosts = ?, settings = ?, \
             generation = generation + 1 WHERE id = ?")
        .bind(body.display_name.as_ref().unwrap_or(&body.name))
        .bind(body.description.clone().unwrap_or_default())
        .bind(body.kind())
        .bind(serde_json::to_string(&body.vhosts)?)
        .bind(body.settings().to_string())
        .bind(&row.id),
        write::audit(call, "environment.update", &row.id)?,
    ];
    // With a second host, an API is served on its own only.
    statements.extend(deployments::touch(&row.name, call));
    guard::or(call.db.batch(statements).await, || {
        Failure::because(
            "409",
            "APIs run under a host that would be gone, or it was changed at the same time",
        )
    })?;
    let row = find(call, &row.id).await?;
    etag::changed(200, row.generation, &row.shown())
}

/// `DELETE /environments/{environmentId}`: not while something runs there, and not the last one.
pub(crate) async fn delete(call: &Call) -> Outcome<Response> {
    let row = find(call, call.path("environmentId")).await?;
    etag::require_match(call, row.generation)?;
    let statements = vec![
        unchanged(&row),
        guard::require(
            "NOT EXISTS (SELECT 1 FROM deployment WHERE environment = ? AND organization = ?)",
        )
        .bind(&row.name)
        .bind(call.organization()),
        guard::require("(SELECT count(*) FROM environment WHERE organization = ?) > 1")
            .bind(call.organization()),
        sql("DELETE FROM environment WHERE id = ?").bind(&row.id),
        write::audit(call, "environment.delete", &row.id)?,
    ];
    guard::or(call.db.batch(statements).await, || {
        Failure::because(
            "409",
            "APIs run there, or it is the only one; undeploy them first",
        )
    })?;
    reply::empty(200)
}

async fn find(call: &Call, id: &str) -> Outcome<Row> {
    let query = sql(format!(
        "SELECT {COLUMNS} FROM environment WHERE id = ? AND organization = ?"
    ));
    call.db
        .first(query.bind(id).bind(call.organization()))
        .await?
        .ok_or_else(|| Failure::code("900506"))
}

async fn checked(call: &Call) -> Outcome<Environment> {
    let body: Environment = call.json().await?;
    refusal::unless_empty("400", body.faults())?;
    Ok(body)
}

fn unchanged(row: &Row) -> Statement {
    guard::unchanged("environment", &row.id, row.generation)
}

#[derive(Deserialize)]
struct Row {
    id: String,
    name: String,
    display_name: String,
    description: String,
    kind: String,
    vhosts: String,
    settings: String,
    generation: i64,
}

impl Row {
    /// WSO2's `Environment`.
    fn shown(&self) -> Value {
        let read = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_default();
        let settings = read(&self.settings);
        let or = |name: &str, otherwise: Value| settings.get(name).cloned().unwrap_or(otherwise);
        json!({
            "id": self.id,
            "name": self.name,
            "displayName": self.display_name,
            "provider": or("provider", json!("postern")),
            "type": self.kind,
            "gatewayType": "Regular",
            "description": self.description,
            "isReadOnly": false,
            "mode": "WRITE_ONLY",
            "vhosts": read(&self.vhosts),
            "endpointURIs": or("endpointURIs", json!([])),
            "additionalProperties": or("additionalProperties", json!([])),
            "permissions": or("permissions", json!({"permissionType": "PUBLIC", "roles": []})),
            "status": "Active",
        })
    }
}

const COLUMNS: &str = "id, name, display_name, description, kind, vhosts, settings, generation";
