//! `/apis/{apiId}/revisions` and `restore-revision`.

use lifecycle::Draft;
use runtime::{
    Failure, Outcome,
    db::{Statement, sql},
    id, reply,
};
use serde::Deserialize;
use serde_json::Value;
use worker::Response;

use super::revision_row::{self, RevisionRow};
use crate::{
    apis::{ApiRow, row, shape, source, write},
    blob,
    call::Call,
    deployments, etag, guard, page, refusal, workflows,
};

/// `GET /apis/{apiId}/revisions`
pub(crate) async fn list(call: &Call) -> Outcome<Response> {
    let row = row::of_path(call).await?;
    reply::json(200, &page::whole(shown(call, &row).await?))
}

/// `POST /apis/{apiId}/revisions`
pub(crate) async fn create(call: &Call) -> Outcome<Response> {
    let row = row::of_path(call).await?;
    let body: Body = call.json_or_default().await?;
    let description = body.description.unwrap_or_default();
    if description.chars().count() > DESCRIPTION_LIMIT {
        let message = format!("is longer than {DESCRIPTION_LIMIT} characters");
        return Err(refusal::one("400", "description", message));
    }
    let revision = id::uuid()?;
    let statements = vec![
        write::unchanged(&row),
        insert(call, &row, &revision, &description)?,
        write::audit(call, "revision.create", &revision)?,
    ];
    guard::or(call.db.batch(statements).await, guard::changed_meanwhile)?;
    let made = revision_row::find(call, &row.id, &revision).await?;
    let response = reply::json(201, &made.shown(&[]))?;
    let location = format!("{}/revisions/{revision}", row.address());
    reply::with_header(response, "location", &location)
}

/// `GET /apis/{apiId}/revisions/{revisionId}`
pub(crate) async fn get(call: &Call) -> Outcome<Response> {
    let row = row::of_path(call).await?;
    let revision = revision_row::find(call, &row.id, call.path("revisionId")).await?;
    reply::json(
        200,
        &revision.shown(&deployments::acknowledged(call, &row.id).await?),
    )
}

/// `DELETE /apis/{apiId}/revisions/{revisionId}`
pub(crate) async fn delete(call: &Call) -> Outcome<Response> {
    let row = row::of_path(call).await?;
    let revision = revision_row::find(call, &row.id, call.path("revisionId")).await?;
    let statements = vec![
        guard::require("NOT EXISTS (SELECT 1 FROM deployment WHERE revision_id = ?)")
            .bind(&revision.id),
        workflows::withdraw(&revision.id),
        sql("DELETE FROM revision WHERE id = ?").bind(&revision.id),
        write::audit(call, "revision.delete", &revision.id)?,
        blob::sweep(&[&revision.body, &revision.definition, &revision.source]),
    ];
    guard::or(call.db.batch(statements).await, || Failure::code("900348"))?;
    reply::json(200, &page::whole(shown(call, &row).await?))
}

/// `POST /apis/{apiId}/restore-revision?revisionId=`
pub(crate) async fn restore(call: &Call) -> Outcome<Response> {
    let row = row::of_path(call).await?;
    let revision = revision_row::find(call, &row.id, call.required("revisionId")?).await?;
    let frozen = row::draft(call, &revision.body).await?;
    // Which version is the default one is a matter of all versions, not of this one's past.
    let draft = Draft {
        is_default_version: Some(row.is_default_version == 1),
        ..frozen
    };
    let document: Value = serde_json::from_str(&blob::read(&call.db, &revision.definition).await?)?;
    let mut statements = write::replace(call, &row, &draft, &document)?;
    statements.push(source::point(&row.id, &revision.source));
    statements.push(blob::sweep(&[&row.source]));
    guard::or(call.db.batch(statements).await, guard::changed_meanwhile)?;
    let row = row::of_path(call).await?;
    etag::changed(201, row.generation, &shape::whole(&row, draft))
}

/// The next number is taken inside the batch, so that two at once get two numbers.
fn insert(call: &Call, row: &ApiRow, revision: &str, description: &str) -> Outcome<Statement> {
    Ok(sql(
        "INSERT INTO revision (id, api_id, number, description, body, definition, source, created_at, created_by) \
         SELECT ?, ?, 1 + coalesce((SELECT max(number) FROM revision WHERE api_id = ?), 0), ?, ?, ?, ?, ?, ?",
    )
    .bind(revision)
    .bind(&row.id)
    .bind(&row.id)
    .bind(description)
    .bind(&row.body)
    .bind(&row.definition)
    .bind(&row.source)
    .bind(call.now)
    .bind(call.user()?))
}

/// All revisions that meet `query` (`deployed:true`, `deployed:false`).
async fn shown(call: &Call, row: &ApiRow) -> Outcome<Vec<Value>> {
    let running = deployments::acknowledged(call, &row.id).await?;
    let is_running =
        |revision: &RevisionRow| running.iter().any(|one| one.revision_id == revision.id);
    let wanted = match call.query("query").map(str::trim) {
        Some("deployed:true") => Some(true),
        Some("deployed:false") => Some(false),
        _ => None,
    };
    Ok(revision_row::all(call, &row.id)
        .await?
        .iter()
        .filter(|revision| wanted.is_none_or(|wanted| wanted == is_running(revision)))
        .map(|revision| revision.shown(&running))
        .collect())
}

/// What a client sends of a revision; the rest is said by the platform and only read.
#[derive(Default, Deserialize)]
#[serde(
    rename_all = "camelCase",
    deny_unknown_fields,
    default,
    expecting = "an object"
)]
struct Body {
    description: Option<String>,
    #[serde(rename = "displayName")]
    _display_name: Option<String>,
    #[serde(rename = "id")]
    _id: Option<String>,
    #[serde(rename = "createdTime")]
    _created_time: Option<Value>,
    #[serde(rename = "apiInfo")]
    _api: Option<Value>,
    #[serde(rename = "deploymentInfo")]
    _deployments: Option<Value>,
}

const DESCRIPTION_LIMIT: usize = 255;
