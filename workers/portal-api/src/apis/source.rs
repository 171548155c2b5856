//! What an API was made of beside its OpenAPI document: a GraphQL schema, a WSDL or an `AsyncAPI` document.

use runtime::{
    Failure, Outcome,
    db::{Statement, sql},
};

use super::ApiRow;
use crate::{blob, call::Call};

/// The statements that keep `text` as the source of an API.
pub(crate) fn keep(api: &str, text: &str) -> Vec<Statement> {
    let (hash, mut statements) = blob::keep(text);
    statements.push(point(api, hash.as_str()));
    statements
}

/// The statement that makes a text that is kept already the source of an API.
pub(crate) fn point(api: &str, hash: &str) -> Statement {
    sql("UPDATE api SET source = ? WHERE id = ?")
        .bind(hash)
        .bind(api)
}

/// The text of an API of this type; 404 for one of another, or without.
pub(crate) async fn read(call: &Call, row: &ApiRow, kinds: &[&str], hash: &str) -> Outcome<String> {
    if hash.is_empty() || !kinds.contains(&row.kind.as_str()) {
        let detail = format!("this API of type `{}` has no such document", row.kind);
        return Err(Failure::because("404", detail));
    }
    blob::read(&call.db, hash).await
}
