//! `/apis/{apiId}/swagger`.

use lifecycle::{Draft, operation};
use runtime::Outcome;
use worker::Response;

use super::import;
use crate::{
    apis::{row, write},
    blob,
    call::Call,
    etag, fetch,
    governance::gate::Step,
    guard, policies, refusal,
    upload::Upload,
};

/// `GET /apis/{apiId}/swagger`
pub(crate) async fn get(call: &Call) -> Outcome<Response> {
    let row = row::of_path(call).await?;
    let text = blob::read(&call.db, &row.definition).await?;
    etag::generation_text(call, row.generation, text)
}

/// `PUT /apis/{apiId}/swagger`
pub(crate) async fn update(call: &Call) -> Outcome<Response> {
    let row = row::of_path(call).await?;
    etag::require_match(call, row.generation)?;
    let upload = Upload::read(call).await?;
    let text = match upload.only(&["apiDefinition", "file", "url"]).await? {
        ("url", address) => fetch::definition(call, address.trim()).await?,
        (_, text) => text,
    };
    let definition = openapi::read(&text).map_err(refusal::of_definition)?;
    let advanced = policies::names(call, lifecycle::PolicyKind::Advanced).await?;
    let before = row.draft(call).await?;
    let operations = operation::keep_settings(
        import::operations(&definition, &advanced),
        before.operations.as_deref().unwrap_or_default(),
    );
    let mut draft = Draft {
        operations: Some(operations),
        ..before
    };
    draft.add_scopes(import::scopes(&definition));
    let draft = draft.with_defaults();
    write::check(call, &draft).await?;
    write::govern(
        call,
        Step::Update,
        Some(&row),
        (&draft, &definition.document),
    )
    .await?;
    let statements = write::replace(call, &row, &draft, &definition.document)?;
    guard::or(call.db.batch(statements).await, guard::changed_meanwhile)?;
    etag::changed(200, row.generation + 1, &definition.document)
}
