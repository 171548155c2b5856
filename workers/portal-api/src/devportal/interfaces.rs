//! Definitions that are not OpenAPI, as consumers read them: of the revision that runs, with the gateway's addresses.

use interface::wsdl;
use runtime::{Failure, Outcome};
use serde_json::{Map, Value, json};
use worker::Response;

use super::{apis, visible};
use crate::{
    apis::{ApiRow, row, source},
    call::Call,
    etag,
    publisher::interfaces::{asyncapi, complexity, graphql, wsdl as described},
};

/// `GET /apis/{apiId}/graphql-schema`
pub(crate) async fn graphql_schema(call: &Call) -> Outcome<Response> {
    let (row, text) = running(call, &[graphql::KIND]).await?;
    etag::content(call, &graphql::shown(&row, &text))
}

/// `GET /apis/{apiId}/graphql-policies/complexity`
pub(crate) async fn complexity(call: &Call) -> Outcome<Response> {
    let row = visible::find(call, call.path("apiId")).await?;
    complexity::require(&row)?;
    let draft = row::draft(call, &apis::running_body(call, &row).await?).await?;
    etag::content(call, &complexity::shown(&draft))
}

/// `GET /apis/{apiId}/graphql-policies/complexity/types`
pub(crate) async fn complexity_types(call: &Call) -> Outcome<Response> {
    let (_, text) = running(call, &[graphql::KIND]).await?;
    etag::content(call, &complexity::listed(&complexity::schema(&text)?))
}

/// `GET /apis/{apiId}/wsdl`
pub(crate) async fn wsdl(call: &Call) -> Outcome<Response> {
    let (row, text) = running(call, &[described::KIND]).await?;
    let found = wsdl::read(&text)
        .map_err(|_| Failure::Internal(format!("WSDL of {} is broken", row.id)))?;
    let here = entrance(call, &row);
    let mut shown = text;
    for endpoint in found.endpoints.iter().filter(|it| !it.location.is_empty()) {
        for quote in ['"', '\''] {
            let quoted = |text: &str| format!("{quote}{text}{quote}");
            shown = shown.replace(&quoted(&endpoint.location), &quoted(&here));
        }
    }
    described::file(&row, shown)
}

/// `GET /apis/{apiId}/async-api-specification`
pub(crate) async fn asyncapi(call: &Call) -> Outcome<Response> {
    let (row, text) = running(call, asyncapi::KINDS).await?;
    let mut document: Map<String, Value> = serde_json::from_str(&text)?;
    let url = entrance(call, &row);
    let (scheme, rest) = url.split_once("://").unwrap_or(("https", &url));
    let protocol = match (row.kind.as_str(), scheme) {
        ("WS", "https") => "wss",
        ("WS", _) => "ws",
        (_, other) => other,
    };
    let is_second = document
        .get("asyncapi")
        .and_then(Value::as_str)
        .is_some_and(|it| it.starts_with('2'));
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let server = if is_second {
        json!({"url": format!("{protocol}://{rest}"), "protocol": protocol})
    } else {
        json!({"host": host, "pathname": format!("/{path}"), "protocol": protocol})
    };
    document.insert("servers".to_owned(), json!({"gateway": server}));
    etag::content(call, &document)
}

/// The API of the path, and the source of its revision that runs.
async fn running(call: &Call, kinds: &[&str]) -> Outcome<(ApiRow, String)> {
    let row = visible::find(call, call.path("apiId")).await?;
    let hash = apis::running_source(call, &row).await?;
    let text = source::read(call, &row, kinds, &hash).await?;
    Ok((row, text))
}

fn entrance(call: &Call, row: &ApiRow) -> String {
    format!("{}{}", call.variable("ORIGIN"), row.base_path)
}
