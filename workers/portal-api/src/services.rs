//! `/services` of the service catalogue: what APIs may be made of.

pub(crate) mod archives;
pub(crate) mod content;
pub(crate) mod row;

use runtime::{
    Failure, Outcome, Value as Bound,
    db::{Statement, sql},
    id, reply,
};
use serde::Deserialize;
use serde_json::{Value, json};
use worker::{Headers, Response};

use crate::{
    apis::write,
    blob,
    call::Call,
    etag, guard,
    page::{self, Page},
    refusal, routes, settings,
};
use content::Content;
use row::{COLUMNS, ServiceRow};

/// `GET /services?name=&version=&definitionType=&key=`
pub(crate) async fn list(call: &Call) -> Outcome<Response> {
    #[derive(Deserialize)]
    struct Count {
        total: i64,
    }
    let page = Page::of(call)?;
    let shrink = call.flag("shrink")?;
    let (clause, values) = conditions(call);
    let column = if call.query("sortBy") == Some("definitionType") {
        "definition_type"
    } else {
        "name COLLATE NOCASE"
    };
    let direction = if call.query("sortOrder") == Some("desc") {
        "DESC"
    } else {
        "ASC"
    };
    let with = |text: String| {
        values
            .iter()
            .cloned()
            .fold(sql(text), |query, value| query.bind(value))
    };
    let rows: Vec<ServiceRow> = call
        .db
        .all(
            with(format!("SELECT {COLUMNS} FROM service WHERE {clause} ORDER BY {column} {direction}, version, id LIMIT ? OFFSET ?"))
                .bind(page.limit)
                .bind(page.offset),
        )
        .await?;
    let count: Option<Count> = call
        .db
        .first(with(format!(
            "SELECT count(*) AS total FROM service WHERE {clause}"
        )))
        .await?;
    let shown = |row: &ServiceRow| if shrink { row.line() } else { row.shown() };
    let list = rows.iter().map(shown).collect();
    etag::content(
        call,
        &page.list(call, list, count.map_or(0, |count| count.total)),
    )
}

/// What a list is narrowed to.
fn conditions(call: &Call) -> (String, Vec<Bound>) {
    let mut clause = "organization = ?".to_owned();
    let mut values: Vec<Bound> = vec![call.organization().into()];
    for (parameter, condition) in [
        ("name", "instr(lower(name), ?) > 0"),
        ("version", "version = ?"),
        ("definitionType", "definition_type = ?"),
        ("key", "key = ?"),
    ] {
        let Some(value) = call.query(parameter) else {
            continue;
        };
        clause.push_str(" AND ");
        clause.push_str(condition);
        if parameter == "name" {
            values.push(value.to_lowercase().into());
        } else {
            values.push(value.into());
        }
    }
    (clause, values)
}

/// `POST /services`
pub(crate) async fn create(call: &Call) -> Outcome<Response> {
    let content = Content::read(call).await?;
    let service = id::uuid()?;
    let mut statements = insert(call, &service, &content)?;
    statements.push(write::audit(call, "service.create", &service)?);
    call.db.batch(statements).await.map_err(taken)?;
    let row = row::find(call, &service).await?;
    let response = etag::changed(201, row.generation, &row.shown())?;
    let location = format!("/api/am/service-catalog/v1/services/{service}");
    reply::with_header(response, "location", &location)
}

/// `GET /services/{serviceId}`
pub(crate) async fn get(call: &Call) -> Outcome<Response> {
    let row = row::find(call, call.path("serviceId")).await?;
    etag::generation(call, row.generation, &row.shown())
}

/// `PUT /services/{serviceId}`
pub(crate) async fn update(call: &Call) -> Outcome<Response> {
    let row = row::find(call, call.path("serviceId")).await?;
    etag::require_match(call, row.generation)?;
    let content = Content::read(call).await?;
    content.require_identity(&row)?;
    let mut statements = replace(&row, &content, call);
    statements.push(write::audit(call, "service.update", &row.id)?);
    guard::or(call.db.batch(statements).await, guard::changed_meanwhile)?;
    let row = row::find(call, &row.id).await?;
    etag::changed(200, row.generation, &row.shown())
}

/// `DELETE /services/{serviceId}`: not while APIs are made of it.
pub(crate) async fn delete(call: &Call) -> Outcome<Response> {
    let row = row::find(call, call.path("serviceId")).await?;
    etag::require_match(call, row.generation)?;
    let statements = vec![
        guard::require("NOT EXISTS (SELECT 1 FROM service_use WHERE service_id = ?)").bind(&row.id),
        sql("DELETE FROM service WHERE id = ?").bind(&row.id),
        write::audit(call, "service.delete", &row.id)?,
        blob::sweep(&[&row.definition]),
    ];
    guard::or(call.db.batch(statements).await, || {
        Failure::because("409", "APIs are made of this service; delete them first")
    })?;
    reply::empty(204)
}

/// `GET /services/{serviceId}/definition`
pub(crate) async fn definition(call: &Call) -> Outcome<Response> {
    let row = row::find(call, call.path("serviceId")).await?;
    let text = blob::read(&call.db, &row.definition).await?;
    let is_json = text.trim_start().starts_with('{');
    let headers = Headers::new();
    headers.set(
        "content-type",
        if is_json {
            "application/json"
        } else {
            "application/yaml"
        },
    )?;
    headers.set("x-content-type-options", "nosniff")?;
    headers.set("content-disposition", "attachment; filename=\"definition\"")?;
    headers.set("etag", &format!("\"{}\"", row.generation))?;
    Ok(Response::ok(text)?.with_headers(headers))
}

/// `GET /services/{serviceId}/usage`: the APIs that are made of it.
pub(crate) async fn usage(call: &Call) -> Outcome<Response> {
    #[derive(Deserialize)]
    struct Api {
        id: String,
        name: String,
        context: String,
        version: String,
        provider: String,
    }
    let row = row::find(call, call.path("serviceId")).await?;
    let apis: Vec<Api> = call
        .db
        .all(
            sql("SELECT id, name, context, version, provider FROM service_use JOIN api ON api.id = api_id \
                 WHERE service_id = ? ORDER BY name, version")
            .bind(&row.id),
        )
        .await?;
    let list: Vec<Value> = apis
        .iter()
        .map(|api| {
            json!({
                "id": api.id, "name": api.name, "displayName": api.name, "context": api.context, "version": api.version,
                "provider": api.provider,
            })
        })
        .collect();
    etag::content(call, &page::whole(list))
}

/// `GET /settings`
pub(crate) async fn about(call: &Call) -> Outcome<Response> {
    etag::content(call, &json!({"scopes": settings::scopes(routes::SERVICES)}))
}

/// The statements that make a service of that id.
fn insert(call: &Call, service: &str, content: &Content) -> Outcome<Vec<Statement>> {
    let (definition, mut statements) = blob::keep(&content.definition);
    let said = &content.said;
    statements.push(
        sql("INSERT INTO service (id, organization, name, version, key, url, description, definition_type, definition, \
             definition_url, security_type, mutual_tls, digest, created_at, updated_at) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(service)
        .bind(call.organization())
        .bind(&said.name)
        .bind(&said.version)
        .bind(content.key())
        .bind(&said.service_url)
        .bind(said.description.clone().unwrap_or_default())
        .bind(&said.definition_type)
        .bind(definition.as_str())
        .bind(said.definition_url.clone().unwrap_or_default())
        .bind(content.security())
        .bind(said.mutual_tls == Some(true))
        .bind(content.digest())
        .bind(call.now)
        .bind(call.now),
    );
    Ok(statements)
}

/// The statements that make `content` what a service is.
fn replace(row: &ServiceRow, content: &Content, call: &Call) -> Vec<Statement> {
    let (definition, kept) = blob::keep(&content.definition);
    let said = &content.said;
    let mut statements = vec![guard::unchanged("service", &row.id, row.generation)];
    statements.extend(kept);
    statements.push(
        sql("UPDATE service SET url = ?, description = ?, definition_type = ?, definition = ?, definition_url = ?, \
             security_type = ?, mutual_tls = ?, digest = ?, generation = generation + 1, updated_at = ? WHERE id = ?")
        .bind(&said.service_url)
        .bind(said.description.clone().unwrap_or_default())
        .bind(&said.definition_type)
        .bind(definition.as_str())
        .bind(said.definition_url.clone().unwrap_or_default())
        .bind(content.security())
        .bind(said.mutual_tls == Some(true))
        .bind(content.digest())
        .bind(call.now)
        .bind(&row.id),
    );
    statements.push(blob::sweep(&[&row.definition]));
    statements
}

fn taken(failure: Failure) -> Failure {
    let by = |what: &str| Failure::because("409", format!("there is a service of that {what}"));
    let failure = guard::taken(failure, "service.key", by("key"));
    guard::taken(failure, "service.", by("name and version"))
}

/// A key that nobody has named.
pub(crate) fn unknown(key: &str) -> Failure {
    refusal::one(
        "404",
        "serviceKey",
        format!("there is no service with the key `{key}`"),
    )
}
