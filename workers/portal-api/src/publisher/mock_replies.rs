//! What an API answers without an upstream: `/apis/{apiId}/generate-mock-scripts` and `generated-mock-scripts`. The names
//! are WSO2's, whose gateways run scripts; ours answer with the examples of the definition.

use lifecycle::mock;
use runtime::Outcome;
use serde_json::json;
use worker::Response;

use crate::{
    apis::{row, write},
    call::Call,
    etag,
    governance::gate::Step,
    guard, refusal,
};

/// `POST /apis/{apiId}/generate-mock-scripts`: examples for the replies that have none; the definition with them.
pub(crate) async fn generate(call: &Call) -> Outcome<Response> {
    let row = row::of_path(call).await?;
    etag::require_match(call, row.generation)?;
    let filled = mock::filled(&row.document(call).await?);
    if filled.made.is_empty() {
        return etag::changed(200, row.generation, &filled.document);
    }
    let draft = row.draft(call).await?;
    let change = (&draft, &filled.document);
    write::govern(call, Step::Update, Some(&row), change).await?;
    let statements = write::replace(call, &row, &draft, &filled.document)?;
    guard::or(call.db.batch(statements).await, guard::changed_meanwhile)?;
    etag::changed(200, row.generation + 1, &filled.document)
}

/// `GET /apis/{apiId}/generated-mock-scripts`
pub(crate) async fn list(call: &Call) -> Outcome<Response> {
    let row = row::of_path(call).await?;
    let (draft, document) = (row.draft(call).await?, row.document(call).await?);
    let list = mock::mocks(&draft, &document).map_err(|it| refusal::several("400", it))?;
    etag::content(call, &json!({ "list": list }))
}
