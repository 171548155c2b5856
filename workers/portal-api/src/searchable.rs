//! The words by which APIs, their definitions and their documents are found. Each is kept under a number in
//! `searchable`, and in SQLite's full text under the same number; both are written by the batch of the change.

use runtime::db::{Statement, sql};
use serde_json::Value;

use crate::apis::write;
use lifecycle::Draft;

/// What an API is found by.
pub(crate) fn api(api: &str, provider: &str, draft: &Draft, document: &Value) -> Vec<Statement> {
    let name = write::text(draft.name.as_ref());
    let tags = draft
        .tags
        .iter()
        .flatten()
        .cloned()
        .collect::<Vec<_>>()
        .join(" ");
    let text = format!(
        "{} {} {provider} {} {tags} {}",
        write::text(draft.context.as_ref()),
        write::text(draft.version.as_ref()),
        write::text(draft.display_name.as_ref()),
        write::text(draft.description.as_ref()),
    );
    let mut statements = put(api, "API", api, (&name, &text));
    let definition = lifecycle::search::words(document, TEXT_BYTES);
    statements.extend(put(api, "DEFINITION", api, (&name, &definition)));
    statements
}

/// What a document is found by.
pub(crate) fn document(api: &str, document: &str, name: &str, text: &str) -> Vec<Statement> {
    let end = (0..=TEXT_BYTES.min(text.len()))
        .rev()
        .find(|end| text.is_char_boundary(*end))
        .unwrap_or_default();
    put(
        api,
        "DOC",
        document,
        (name, text.get(..end).unwrap_or_default()),
    )
}

/// Nothing of that kind and subject is found any more.
pub(crate) fn forget(kind: &str, subject: &str) -> Vec<Statement> {
    vec![
        sql("DELETE FROM words WHERE rowid IN (SELECT id FROM searchable WHERE kind = ? AND subject = ?)")
            .bind(kind)
            .bind(subject),
        sql("DELETE FROM searchable WHERE kind = ? AND subject = ?").bind(kind).bind(subject),
    ]
}

/// Nothing of an API is found any more.
pub(crate) fn forget_api(api: &str) -> Vec<Statement> {
    vec![
        sql("DELETE FROM words WHERE rowid IN (SELECT id FROM searchable WHERE api_id = ?)")
            .bind(api),
        sql("DELETE FROM searchable WHERE api_id = ?").bind(api),
    ]
}

fn put(api: &str, kind: &str, subject: &str, (name, text): (&str, &str)) -> Vec<Statement> {
    let number = "SELECT id FROM searchable WHERE kind = ? AND subject = ?";
    vec![
        sql("INSERT INTO searchable (api_id, kind, subject) VALUES (?, ?, ?) ON CONFLICT (kind, subject) DO NOTHING")
            .bind(api)
            .bind(kind)
            .bind(subject),
        sql(format!("DELETE FROM words WHERE rowid = ({number})")).bind(kind).bind(subject),
        sql(format!("INSERT INTO words (rowid, name, text) SELECT id, ?, ? FROM ({number})"))
            .bind(name)
            .bind(text)
            .bind(kind)
            .bind(subject),
    ]
}

/// More words than a person would look for; a row holds 2 MB.
const TEXT_BYTES: usize = 256 * 1024;
