//! What an API answers without an upstream, known before it is deployed.

use serde::Serialize;
use serde_json::{Value, json};
pub use validate::mock::{Filled, filled};
use validate::{Mode, Source, mock::Example};

use crate::{Draft, Fault, contract};

/// The replies of one operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mock {
    /// Path template.
    pub path: String,
    /// Upper-case method.
    pub verb: String,
    /// The replies as JSON: a list of status, content type, name of the example, and body.
    pub content: String,
}

/// The replies that gateways choose from when the draft is deployed as one that is mocked, whether it is yet or not.
///
/// # Errors
/// What of the definition no contract can be made of, with its place.
pub fn mocks(draft: &Draft, document: &Value) -> Result<Vec<Mock>, Vec<Fault>> {
    let operations = draft.operations.as_deref().unwrap_or_default();
    let names: Vec<(String, &str)> = operations.iter().map(contract::named_as).collect();
    let sources: Vec<Source<'_>> = names
        .iter()
        .map(|(method, template)| Source {
            method,
            template,
            request: Mode::Off,
            reply: Mode::Off,
            is_mocked: true,
        })
        .collect();
    let compiled = validate::compile(document, &sources).map_err(contract::named)?;
    let replies = |source: &Source<'_>| {
        let operation = compiled.operation(source.method, source.template);
        let known = operation.filter(|it| !it.examples.is_empty());
        known.map_or_else(|| vec![contract::nothing()], |it| it.examples.clone())
    };
    Ok(sources
        .iter()
        .map(|source| Mock {
            path: source.template.to_owned(),
            verb: source.method.to_owned(),
            content: Value::Array(replies(source).iter().map(shown).collect()).to_string(),
        })
        .collect())
}

fn shown(example: &Example) -> Value {
    let body = serde_json::from_str(&example.body).unwrap_or_else(|_| json!(example.body));
    json!({
        "status": example.status,
        "contentType": example.content_type,
        "name": example.name,
        "body": body,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_operation_tells_its_replies() {
        let draft: Draft = serde_json::from_value(json!({"operations": [
            {"verb": "get", "target": "/pets"},
            {"verb": "POST", "target": "/pets"},
        ]}))
        .unwrap();
        let document = json!({"openapi": "3.0.3", "paths": {"/pets": {"get": {"responses": {"200": {"content": {
            "application/json": {"schema": {"type": "array", "items": {"type": "integer", "minimum": 3}}},
        }}}}}}});
        let mocks = mocks(&draft, &document).unwrap();
        let content = |at: usize| -> Value { serde_json::from_str(&mocks[at].content).unwrap() };
        assert_eq!(
            (mocks[0].verb.as_str(), mocks[0].path.as_str()),
            ("GET", "/pets")
        );
        assert_eq!(
            content(0),
            json!([{"status": 200, "contentType": "application/json", "name": "", "body": [3]}])
        );
        assert_eq!(
            content(1),
            json!([{"status": 200, "contentType": "", "name": "", "body": ""}])
        );
    }
}
