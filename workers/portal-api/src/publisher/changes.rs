//! What has changed between two states of an API or a product, and what of it breaks callers.

use lifecycle::difference;
use openapi::diff;
use runtime::{Outcome, reply};
use serde_json::{Value, json};
use worker::Response;

use super::revision_row;
use crate::{apis::row, call::Call, page};

/// `GET /apis/{apiId}/revisions/{revisionId}/changes?until=`: from that revision to another, or to the working copy.
pub(crate) async fn since(call: &Call) -> Outcome<Response> {
    let row = row::of_path(call).await?;
    let from = revision_row::find(call, &row.id, call.path("revisionId")).await?;
    let (name, body, definition) = match call.query("until") {
        None => (
            "working copy".to_owned(),
            row.body.clone(),
            row.definition.clone(),
        ),
        Some(id) => {
            let until = revision_row::find(call, &row.id, id).await?;
            (until.name(), until.body, until.definition)
        }
    };
    let settings = if from.body == body {
        Vec::new()
    } else {
        let before = row::draft(call, &from.body).await?;
        difference::between(&before, &row::draft(call, &body).await?)
    };
    let changes = if from.definition == definition {
        Vec::new()
    } else {
        let before = row::document(call, &from.definition).await?;
        diff::changes(&before, &row::document(call, &definition).await?)
    };
    let answer = json!({
        "from": from.name(),
        "until": name,
        "isBreaking": changes.iter().any(|change| change.is_breaking),
        "settings": page::whole(settings.into_iter().map(|it| json!(it)).collect::<Vec<Value>>()),
        "definition": page::whole(changes.into_iter().map(|it| json!(it)).collect::<Vec<Value>>()),
    });
    reply::json(200, &answer)
}
