//! `/apis/{apiId}/thumbnail`: the picture of an API.

use lifecycle::document::picture;
use runtime::{
    Failure, Outcome,
    db::{Statement, sql},
    reply,
};
use serde::Deserialize;
use serde_json::json;
use worker::Response;

use crate::{
    apis::{row, write},
    blob,
    call::Call,
    documents, etag, refusal,
    upload::Upload,
};

/// `GET /apis/{apiId}/thumbnail` of the publisher.
pub(crate) async fn get(call: &Call) -> Outcome<Response> {
    let api = row::of_path(call).await?;
    show(call, &api.id).await
}

/// The picture of an API that the caller may see.
pub(crate) async fn show(call: &Call, api: &str) -> Outcome<Response> {
    let found = find(call, api)
        .await?
        .ok_or_else(|| Failure::because("404", "the API has no thumbnail"))?;
    let tag = format!("\"{}\"", found.content);
    if etag::is_held(call, &tag)? {
        return reply::with_header(reply::empty(304)?, "etag", &tag);
    }
    let text = blob::read(&call.db, &found.content).await?;
    let response = documents::file(&text, &found.content_type)?;
    reply::with_header(response, "etag", &tag)
}

/// `PUT /apis/{apiId}/thumbnail`
pub(crate) async fn put(call: &Call) -> Outcome<Response> {
    let api = row::of_path(call).await?;
    let form = Upload::read(call).await?;
    let file = form
        .file("file")
        .await?
        .ok_or_else(|| refusal::one("900700", "file", "is missing"))?;
    let before = find(call, &api.id).await?;
    let mut statements = statements(call, &api.id, &file.bytes)?;
    if let Some(before) = before {
        statements.push(blob::sweep(&[&before.content]));
    }
    call.db.batch(statements).await?;
    let path = format!("/api/am/publisher/v4/apis/{}/thumbnail", api.id);
    reply::json(
        200,
        &json!({"relativePath": path, "mediaType": picture(&file.bytes)}),
    )
}

/// The statements that give an API a picture.
///
/// # Errors
/// 413 for one that is too large, 400 for what is no picture.
pub(crate) fn statements(call: &Call, api: &str, bytes: &[u8]) -> Outcome<Vec<Statement>> {
    if bytes.len() > PICTURE_BYTES {
        return Err(Failure::because("413", "a thumbnail has 1 MiB at the most"));
    }
    let kind = picture(bytes)
        .ok_or_else(|| refusal::one("400", "file", "is no picture in PNG, JPEG, GIF or WebP"))?;
    let (hash, mut statements) = blob::keep(&documents::encoded(bytes));
    statements.push(
        sql("INSERT INTO thumbnail (api_id, content, content_type, updated_at) VALUES (?, ?, ?, ?) \
             ON CONFLICT (api_id) DO UPDATE SET content = excluded.content, content_type = excluded.content_type, \
             updated_at = excluded.updated_at")
        .bind(api)
        .bind(hash.as_str())
        .bind(kind)
        .bind(call.now),
    );
    statements.push(write::audit(call, "thumbnail.update", api)?);
    Ok(statements)
}

async fn find(call: &Call, api: &str) -> Outcome<Option<Row>> {
    call.db
        .first(sql("SELECT content, content_type FROM thumbnail WHERE api_id = ?").bind(api))
        .await
}

#[derive(Deserialize)]
struct Row {
    content: String,
    content_type: String,
}

const PICTURE_BYTES: usize = 1024 * 1024;
