//! Documents of an API: their rows, who may read which, and their content.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use runtime::{Failure, Outcome, db::sql, reply};
use serde::Deserialize;
use serde_json::json;
use worker::{Headers, Response};

use crate::{blob, call::Call, etag, page::Page, time::iso};

/// A row of `document`.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct DocumentRow {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) kind: String,
    pub(crate) other_name: String,
    pub(crate) summary: String,
    pub(crate) source: String,
    pub(crate) source_url: String,
    pub(crate) visibility: String,
    pub(crate) content: String,
    pub(crate) content_type: String,
    pub(crate) file_name: String,
    pub(crate) generation: i64,
    pub(crate) created_at: i64,
    pub(crate) created_by: String,
    pub(crate) updated_at: i64,
    pub(crate) updated_by: String,
}

const COLUMNS: &str = "id, name, kind, other_name, summary, source, source_url, visibility, content, content_type, \
    file_name, generation, created_at, created_by, updated_at, updated_by";

/// Who reads.
#[derive(Clone, Copy)]
pub(crate) enum Reader {
    /// Through the publisher API: everything.
    Publisher,
    /// Through the developer portal: what is meant for whoever sees the API, and more for who is signed in.
    Consumer,
}

/// The visibilities that a reader may read, as SQL.
pub(crate) fn readable(call: &Call, reader: Reader) -> &'static str {
    match (reader, &call.principal) {
        (Reader::Publisher, _) => "visibility IN ('API_LEVEL', 'OWNER_ONLY', 'PRIVATE')",
        (Reader::Consumer, Some(_)) => "visibility IN ('API_LEVEL', 'OWNER_ONLY')",
        (Reader::Consumer, None) => "visibility = 'API_LEVEL'",
    }
}

/// The documents of an API, page by page.
pub(crate) async fn list(call: &Call, api: &str, reader: Reader) -> Outcome<serde_json::Value> {
    #[derive(Deserialize)]
    struct Count {
        total: i64,
    }
    let page = Page::of(call)?;
    let filter = format!("api_id = ? AND {}", readable(call, reader));
    let count = sql(format!(
        "SELECT count(*) AS total FROM document WHERE {filter}"
    ))
    .bind(api);
    let count: Option<Count> = call.db.first(count).await?;
    let rows: Vec<DocumentRow> = call
        .db
        .all(
            sql(format!(
                "SELECT {COLUMNS} FROM document WHERE {filter} ORDER BY name COLLATE NOCASE, id LIMIT ? OFFSET ?"
            ))
            .bind(api)
            .bind(page.limit)
            .bind(page.offset),
        )
        .await?;
    let shown = rows.iter().map(DocumentRow::shown).collect();
    Ok(page.list(call, shown, count.map_or(0, |count| count.total)))
}

/// Every document of an API that a reader may read.
pub(crate) async fn every(call: &Call, api: &str, reader: Reader) -> Outcome<Vec<DocumentRow>> {
    let query = format!(
        "SELECT {COLUMNS} FROM document WHERE api_id = ? AND {} ORDER BY name LIMIT 500",
        readable(call, reader)
    );
    call.db.all(sql(query).bind(api)).await
}

/// The document of the path's `documentId`, of this API.
pub(crate) async fn of_path(call: &Call, api: &str, reader: Reader) -> Outcome<DocumentRow> {
    find(call, api, call.path("documentId"), reader).await
}

/// The document of that id, of this API.
pub(crate) async fn find(call: &Call, api: &str, id: &str, reader: Reader) -> Outcome<DocumentRow> {
    let query = sql(format!(
        "SELECT {COLUMNS} FROM document WHERE id = ? AND api_id = ? AND {}",
        readable(call, reader)
    ));
    call.db
        .first(query.bind(id).bind(api))
        .await?
        .ok_or_else(|| Failure::code("900315"))
}

/// What a document says: text as it was written, a file as it was uploaded, an address as a way there.
pub(crate) async fn content(call: &Call, row: &DocumentRow) -> Outcome<Response> {
    if row.source == "URL" {
        let response = reply::empty(303)?;
        return reply::with_header(response, "location", &row.source_url);
    }
    if row.content.is_empty() {
        return Err(Failure::code("900314"));
    }
    let tag = format!("\"{}\"", row.content);
    if etag::is_held(call, &tag)? {
        return reply::with_header(reply::empty(304)?, "etag", &tag);
    }
    let text = blob::read(&call.db, &row.content).await?;
    let response = if row.source == "FILE" {
        file(&text, &row.content_type)?
    } else {
        reply::text(200, &row.content_type, text)?
    };
    let disposition = if row.source == "FILE" {
        format!("attachment; filename=\"{}\"", ascii(&row.file_name))
    } else {
        "inline".to_owned()
    };
    let response = reply::with_header(response, "content-disposition", &disposition)?;
    // Whatever it holds, a browser that opens it by its address runs none of it.
    let response = reply::with_header(
        response,
        "content-security-policy",
        "sandbox; default-src 'none'",
    )?;
    reply::with_header(response, "etag", &tag)
}

/// A file that is kept as base64.
pub(crate) fn file(encoded: &str, content_type: &str) -> Outcome<Response> {
    let bytes = STANDARD
        .decode(encoded)
        .map_err(|error| Failure::Internal(format!("a kept file is no base64: {error}")))?;
    let headers = Headers::new();
    headers.set("content-type", content_type)?;
    headers.set("cache-control", "no-store")?;
    headers.set("x-content-type-options", "nosniff")?;
    Ok(Response::from_bytes(bytes)?.with_headers(headers))
}

/// A file as it is kept.
pub(crate) fn encoded(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

fn ascii(name: &str) -> String {
    name.chars()
        .map(|character| if character.is_ascii() { character } else { '_' })
        .collect()
}

impl DocumentRow {
    /// WSO2's `Document`.
    pub(crate) fn shown(&self) -> serde_json::Value {
        let some = |text: &String| (!text.is_empty()).then(|| text.clone());
        lifecycle::defaults::without_nulls(json!({
            "documentId": self.id,
            "name": self.name,
            "type": self.kind,
            "summary": some(&self.summary),
            "sourceType": self.source,
            "sourceUrl": some(&self.source_url),
            "fileName": some(&self.file_name),
            "otherTypeName": some(&self.other_name),
            "visibility": self.visibility,
            "createdTime": iso(self.created_at),
            "createdBy": self.created_by,
            "lastUpdatedTime": iso(self.updated_at),
            "lastUpdatedBy": self.updated_by,
        }))
    }
}
