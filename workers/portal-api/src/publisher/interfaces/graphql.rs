//! GraphQL schemas.

use interface::graphql;
use lifecycle::{Draft, operation};
use runtime::{Outcome, reply};
use serde_json::json;
use worker::Response;

use super::{drafted, make, of_kind, refused, renew, text_of};
use crate::{
    apis::{ApiRow, row, source},
    call::Call,
    etag,
    publisher::import,
    refusal,
    upload::Upload,
};

/// `POST /apis/validate-graphql-schema`
pub(crate) async fn validate(call: &Call) -> Outcome<Response> {
    if call.flag("useIntrospection")? {
        let message =
            "upstreams are not asked for their schema; send it as `file` or its address as `url`";
        return Err(refusal::one("900703", "useIntrospection", message));
    }
    let upload = Upload::read(call).await?;
    let text = text_of(call, &upload, &["file", "url"]).await?;
    let answer = match graphql::read(&text) {
        Ok(schema) => {
            let operations = schema.operations.iter();
            let operations: Vec<_> = operations
                .map(|it| json!({"verb": it.verb, "target": it.target}))
                .collect();
            json!({
                "isValid": true,
                "errorMessage": "",
                "graphQLInfo": {
                    "operations": operations,
                    "graphQLSchema": {"name": "schema.graphql", "schemaDefinition": text},
                },
            })
        }
        Err(faults) => {
            let told = faults.iter().map(|fault| {
                if fault.place.is_empty() {
                    fault.message.clone()
                } else {
                    format!("{}: {}", fault.place, fault.message)
                }
            });
            json!({"isValid": false, "errorMessage": told.collect::<Vec<_>>().join("; ")})
        }
    };
    reply::json(200, &answer)
}

/// `POST /apis/import-graphql-schema`
pub(crate) async fn import(call: &Call) -> Outcome<Response> {
    let upload = Upload::read(call).await?;
    let text = text_of(call, &upload, &["file", "url", "schema"]).await?;
    let given = import::properties(&upload).await?;
    let schema = graphql::read(&text).map_err(refused)?;
    let known = given.operations.as_deref().unwrap_or_default();
    let draft = Draft {
        operations: Some(operation::keep_settings(drafted(&schema.operations), known)),
        kind: Some(KIND.to_owned()),
        ..given
    };
    make(call, draft, &text).await
}

/// `GET /apis/{apiId}/graphql-schema`
pub(crate) async fn get(call: &Call) -> Outcome<Response> {
    let row = row::of_path(call).await?;
    let text = source::read(call, &row, &[KIND], &row.source).await?;
    etag::generation(call, row.generation, &shown(&row, &text))
}

/// `PUT /apis/{apiId}/graphql-schema`
pub(crate) async fn update(call: &Call) -> Outcome<Response> {
    let row = of_kind(call, &[KIND]).await?;
    let upload = Upload::read(call).await?;
    let (_, text) = upload.only(&["schemaDefinition"]).await?;
    let schema = graphql::read(&text).map_err(refused)?;
    let mut valued = row.draft(call).await?.graphql_complexity;
    // What the schema no longer has counts nothing any more.
    if let Some(valued) = &mut valued {
        valued.retain(|it| schema.has(&it.owner, &it.field));
    }
    let operations = drafted(&schema.operations);
    renew(call, &row, (operations, valued), &text).await?;
    etag::changed(200, row.generation + 1, &shown(&row, &text))
}

/// WSO2's `GraphQLSchema`.
pub(crate) fn shown(row: &ApiRow, text: &str) -> serde_json::Value {
    json!({"name": format!("{}--{}{}.graphql", row.provider, row.name, row.version), "schemaDefinition": text})
}

/// The type of such an API.
pub(crate) const KIND: &str = "GRAPHQL";
