//! Definitions that are not OpenAPI: what they have in common. The text is kept as it came, beside an OpenAPI document
//! that is made of the operations.

pub(crate) mod asyncapi;
pub(crate) mod complexity;
pub(crate) mod graphql;
pub(crate) mod wsdl;

use interface::Fault;
use lifecycle::{
    Draft,
    draft::{FieldComplexity, Operation},
    operation,
};
use runtime::{Failure, Outcome};
use serde_json::{Value, json};
use worker::Response;

use crate::{
    apis::{ApiRow, source, write},
    blob,
    call::Call,
    etag, fetch,
    governance::gate::Step,
    guard, refusal,
    upload::Upload,
};

/// The text of a definition: of the part `url`, fetched, or of any other of `parts`.
async fn text_of(call: &Call, upload: &Upload, parts: &[&'static str]) -> Outcome<String> {
    match upload.only(parts).await? {
        ("url", address) => fetch::definition(call, address.trim()).await,
        (_, text) => Ok(text),
    }
}

/// Makes an API of a draft and of the text that it was read from.
async fn make(call: &Call, draft: Draft, text: &str) -> Outcome<Response> {
    let draft = draft.with_defaults();
    write::check(call, &draft).await?;
    let document = document(&draft)?;
    write::create_with(call, draft, &document, |api| Ok(source::keep(api, text))).await
}

/// Makes `text` the definition of an API, with the operations that were read from it. What the publisher had set on
/// operations that are still there stays.
async fn renew(
    call: &Call,
    row: &ApiRow,
    (operations, valued): (Vec<Operation>, Option<Vec<FieldComplexity>>),
    text: &str,
) -> Outcome<()> {
    let before = row.draft(call).await?;
    let known = before.operations.as_deref().unwrap_or_default();
    let draft = Draft {
        name: Some(row.name.clone()),
        version: Some(row.version.clone()),
        context: Some(row.context.clone()),
        operations: Some(operation::keep_settings(operations, known)),
        graphql_complexity: valued,
        ..before
    }
    .with_defaults();
    write::check(call, &draft).await?;
    let made = document(&draft)?;
    write::govern(call, Step::Update, Some(row), (&draft, &made)).await?;
    let mut statements = write::replace(call, row, &draft, &made)?;
    statements.extend(source::keep(&row.id, text));
    statements.push(blob::sweep(&[&row.source]));
    guard::or(call.db.batch(statements).await, guard::changed_meanwhile)?;
    Ok(())
}

fn document(draft: &Draft) -> Outcome<Value> {
    let (title, version) = (
        write::text(draft.name.as_ref()),
        write::text(draft.version.as_ref()),
    );
    openapi::from_operations(&title, &version, &write::operations(draft))
        .map_err(refusal::of_definition)
}

/// Operations as a draft has them.
fn drafted(operations: &[interface::Operation]) -> Vec<Operation> {
    let one = |operation: &interface::Operation| Operation {
        verb: Some(operation.verb.to_owned()),
        target: Some(operation.target.clone()),
        ..Operation::default()
    };
    operations.iter().map(one).collect()
}

/// The row of the path, if it is of one of these types and unchanged.
async fn of_kind(call: &Call, kinds: &[&str]) -> Outcome<ApiRow> {
    let row = crate::apis::row::of_path(call).await?;
    etag::require_match(call, row.generation)?;
    if kinds.contains(&row.kind.as_str()) {
        return Ok(row);
    }
    let detail = format!("this API is of type `{}`", row.kind);
    Err(Failure::because("400", detail))
}

fn refused(faults: Vec<Fault>) -> Failure {
    refusal::several("900754", faults)
}

/// Faults in the list of an answer that says that something is not valid.
fn listed(faults: Vec<Fault>) -> Vec<Value> {
    let one = |fault: Fault| json!({"code": "invalid", "message": fault.message, "description": fault.place});
    faults.into_iter().map(one).collect()
}
