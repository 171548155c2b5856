//! `/apis/{apiId}/documents`, for those who write them.

use lifecycle::document::{self, Document};
use runtime::{
    Failure, Outcome,
    db::{Statement, sql},
    id, reply,
};
use worker::Response;

use crate::{
    apis::{row, write},
    blob,
    call::Call,
    documents::{self, DocumentRow, Reader},
    etag, guard, refusal, searchable,
    upload::Upload,
};

/// `GET /apis/{apiId}/documents`
pub(crate) async fn list(call: &Call) -> Outcome<Response> {
    let api = row::of_path(call).await?;
    etag::content(
        call,
        &documents::list(call, &api.id, Reader::Publisher).await?,
    )
}

/// `POST /apis/{apiId}/documents`
pub(crate) async fn create(call: &Call) -> Outcome<Response> {
    let api = row::of_path(call).await?;
    let body = checked(call).await?;
    let document = id::uuid()?;
    let content = Content {
        text: inline(&body).map(str::to_owned),
        ..Content::default()
    };
    let statements = insert(call, &api.id, &document, (&body, &content))?;
    call.db.batch(statements).await.map_err(name_taken)?;
    let row = find(call, &api.id, &document).await?;
    let response = etag::changed(201, row.generation, &row.shown())?;
    let location = format!("{}/documents/{document}", api.address());
    reply::with_header(response, "location", &location)
}

/// What a document holds, as far as it is known when it is made.
#[derive(Default)]
pub(super) struct Content {
    /// Text, or a file in base64.
    pub(super) text: Option<String>,
    /// Of a file.
    pub(super) kind: String,
    /// Of a file.
    pub(super) name: String,
}

/// The statements that make a document of this id, in place of the one of the same name.
pub(super) fn replace(
    call: &Call,
    api: &str,
    document: &str,
    (said, content): (&Document, &Content),
) -> Outcome<Vec<Statement>> {
    let old = "SELECT id FROM document WHERE api_id = ? AND name = ?";
    let mut statements = vec![
        sql(format!(
            "DELETE FROM words WHERE rowid IN (SELECT id FROM searchable WHERE kind = 'DOC' AND subject IN ({old}))"
        ))
        .bind(api)
        .bind(&said.name),
        sql(format!("DELETE FROM searchable WHERE kind = 'DOC' AND subject IN ({old})"))
            .bind(api)
            .bind(&said.name),
        sql("DELETE FROM document WHERE api_id = ? AND name = ?")
            .bind(api)
            .bind(&said.name),
    ];
    statements.extend(insert(call, api, document, (said, content))?);
    Ok(statements)
}

fn insert(
    call: &Call,
    api: &str,
    document: &str,
    (said, content): (&Document, &Content),
) -> Outcome<Vec<Statement>> {
    let (hash, mut statements) = kept(content.text.as_deref());
    let kind = if content.kind.is_empty() {
        text_type(&said.source_type)
    } else {
        &content.kind
    };
    statements.push(
        sql("INSERT INTO document (id, organization, api_id, name, kind, other_name, summary, source, source_url, \
             visibility, content, content_type, file_name, created_at, created_by, updated_at, updated_by) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(document)
        .bind(call.organization())
        .bind(api)
        .bind(&said.name)
        .bind(&said.kind)
        .bind(said.other_type_name.clone().unwrap_or_default())
        .bind(said.summary.clone().unwrap_or_default())
        .bind(&said.source_type)
        .bind(said.source_url.clone().unwrap_or_default())
        .bind(said.visibility())
        .bind(hash)
        .bind(kind)
        .bind(&content.name)
        .bind(call.now)
        .bind(call.user()?)
        .bind(call.now)
        .bind(call.user()?),
    );
    let text = content
        .text
        .as_deref()
        .filter(|_| said.source_type != "FILE");
    statements.extend(searchable::document(
        api,
        document,
        &said.name,
        &words(said, text),
    ));
    statements.push(write::audit(call, "document.create", document)?);
    Ok(statements)
}

/// `GET /apis/{apiId}/documents/{documentId}`
pub(crate) async fn get(call: &Call) -> Outcome<Response> {
    let row = of_path(call).await?.1;
    etag::generation(call, row.generation, &row.shown())
}

/// `PUT /apis/{apiId}/documents/{documentId}`: what is said of it; another source lets go of its content.
pub(crate) async fn update(call: &Call) -> Outcome<Response> {
    let (api, row) = of_path(call).await?;
    etag::require_match(call, row.generation)?;
    let body = checked(call).await?;
    let given = inline(&body);
    let (hash, mut statements) = match given {
        Some(_) => kept(given),
        None if body.source_type == row.source => (row.content.clone(), Vec::new()),
        None => (String::new(), Vec::new()),
    };
    let is_file = body.source_type == "FILE" && row.source == "FILE";
    statements.insert(0, unchanged(&row));
    statements.push(
        sql("UPDATE document SET name = ?, kind = ?, other_name = ?, summary = ?, source = ?, source_url = ?, \
             visibility = ?, content = ?, content_type = ?, file_name = ?, generation = generation + 1, updated_at = ?, \
             updated_by = ? WHERE id = ?")
        .bind(&body.name)
        .bind(&body.kind)
        .bind(body.other_type_name.clone().unwrap_or_default())
        .bind(body.summary.clone().unwrap_or_default())
        .bind(&body.source_type)
        .bind(body.source_url.clone().unwrap_or_default())
        .bind(body.visibility())
        .bind(hash)
        .bind(if is_file { row.content_type.as_str() } else { text_type(&body.source_type) })
        .bind(if is_file { row.file_name.as_str() } else { "" })
        .bind(call.now)
        .bind(call.user()?)
        .bind(&row.id),
    );
    statements.extend(searchable::document(
        &api,
        &row.id,
        &body.name,
        &words(&body, given),
    ));
    statements.push(write::audit(call, "document.update", &row.id)?);
    statements.push(blob::sweep(&[&row.content]));
    guard::or(call.db.batch(statements).await, guard::changed_meanwhile).map_err(name_taken)?;
    let row = find(call, &api, &row.id).await?;
    etag::changed(200, row.generation, &row.shown())
}

/// `DELETE /apis/{apiId}/documents/{documentId}`
pub(crate) async fn delete(call: &Call) -> Outcome<Response> {
    let (_, row) = of_path(call).await?;
    etag::require_match(call, row.generation)?;
    let mut statements = vec![unchanged(&row)];
    statements.extend(searchable::forget("DOC", &row.id));
    statements.push(sql("DELETE FROM document WHERE id = ?").bind(&row.id));
    statements.push(write::audit(call, "document.delete", &row.id)?);
    statements.push(blob::sweep(&[&row.content]));
    guard::or(call.db.batch(statements).await, guard::changed_meanwhile)?;
    reply::empty(200)
}

/// `GET /apis/{apiId}/documents/{documentId}/content`
pub(crate) async fn content(call: &Call) -> Outcome<Response> {
    documents::content(call, &of_path(call).await?.1).await
}

/// `POST /apis/{apiId}/documents/{documentId}/content`: a part `file` or a part `inlineContent`.
pub(crate) async fn put_content(call: &Call) -> Outcome<Response> {
    let (api, row) = of_path(call).await?;
    etag::require_match(call, row.generation)?;
    let form = Upload::read(call).await?;
    let (text, kind, name) = match row.source.as_str() {
        "FILE" => {
            let file = form
                .file("file")
                .await?
                .ok_or_else(|| missing("file", &row.source))?;
            let kind = document::served_as(&file.kind);
            (
                documents::encoded(&file.bytes),
                kind,
                document::file_name(&file.name),
            )
        }
        "INLINE" | "MARKDOWN" => {
            let text = form.text("inlineContent").await?;
            let text = text.ok_or_else(|| missing("inlineContent", &row.source))?;
            (text, text_type(&row.source), String::new())
        }
        _ => {
            return Err(refusal::one(
                "400",
                "",
                "the document is an address, and has no content here",
            ));
        }
    };
    let (hash, kept) = blob::keep(&text);
    let mut statements = vec![unchanged(&row)];
    statements.extend(kept);
    statements.push(
        sql("UPDATE document SET content = ?, content_type = ?, file_name = ?, generation = generation + 1, \
             updated_at = ?, updated_by = ? WHERE id = ?")
        .bind(hash.as_str())
        .bind(kind)
        .bind(name)
        .bind(call.now)
        .bind(call.user()?)
        .bind(&row.id),
    );
    if row.source != "FILE" {
        let words = format!("{} {text}", row.summary);
        statements.extend(searchable::document(&api, &row.id, &row.name, &words));
    }
    statements.push(write::audit(call, "document.update", &row.id)?);
    statements.push(blob::sweep(&[&row.content]));
    guard::or(call.db.batch(statements).await, guard::changed_meanwhile)?;
    let row = find(call, &api, &row.id).await?;
    etag::changed(200, row.generation, &row.shown())
}

/// `POST /apis/{apiId}/documents/validate?name=`: 200 when the name is taken, 404 when it is free, as the peer does.
pub(crate) async fn validate(call: &Call) -> Outcome<Response> {
    let api = row::of_path(call).await?;
    let name = call.required("name")?;
    let found: Option<serde_json::Value> = call
        .db
        .first(
            sql("SELECT id FROM document WHERE api_id = ? AND name = ? COLLATE NOCASE")
                .bind(&api.id)
                .bind(name),
        )
        .await?;
    found.ok_or_else(|| Failure::code("900315"))?;
    reply::empty(200)
}

async fn of_path(call: &Call) -> Outcome<(String, DocumentRow)> {
    let api = row::of_path(call).await?;
    let row = documents::of_path(call, &api.id, Reader::Publisher).await?;
    Ok((api.id, row))
}

async fn find(call: &Call, api: &str, document: &str) -> Outcome<DocumentRow> {
    documents::find(call, api, document, Reader::Publisher).await
}

async fn checked(call: &Call) -> Outcome<Document> {
    let body: Document = call.json().await?;
    refusal::unless_empty("400", body.faults())?;
    Ok(body)
}

/// The text that came along, for sources that have one.
fn inline(body: &Document) -> Option<&str> {
    let has_text = matches!(body.source_type.as_str(), "INLINE" | "MARKDOWN");
    body.inline_content
        .as_deref()
        .filter(|text| has_text && !text.is_empty())
}

fn kept(text: Option<&str>) -> (String, Vec<Statement>) {
    text.map_or_else(
        || (String::new(), Vec::new()),
        |text| {
            let (hash, statements) = blob::keep(text);
            (hash.as_str().to_owned(), statements)
        },
    )
}

fn words(body: &Document, content: Option<&str>) -> String {
    format!(
        "{} {}",
        body.summary.as_deref().unwrap_or_default(),
        content.unwrap_or_default()
    )
}

fn text_type(source: &str) -> &'static str {
    match source {
        "MARKDOWN" => "text/markdown; charset=utf-8",
        "INLINE" => "text/plain; charset=utf-8",
        _ => "",
    }
}

fn missing(part: &str, source: &str) -> Failure {
    refusal::one(
        "900700",
        part,
        format!("is missing; a document of source `{source}` needs it"),
    )
}

/// Undoes the batch when the document was changed since it was read.
fn unchanged(row: &DocumentRow) -> Statement {
    guard::unchanged("document", &row.id, row.generation)
}

fn name_taken(failure: Failure) -> Failure {
    guard::taken(failure, "document.", Failure::code("900312"))
}
