//! `AsyncAPI` documents.

use interface::asyncapi::{self, Definition};
use lifecycle::{
    Draft,
    draft::{Address, Addresses, EndpointConfig},
    naming, operation,
};
use runtime::{Outcome, reply};
use serde_json::{Value, json};
use worker::Response;

use super::{drafted, listed, make, of_kind, refused, renew, text_of};
use crate::{
    apis::{row, source},
    call::Call,
    etag,
    publisher::import,
    refusal,
    upload::Upload,
};

/// `POST /apis/validate-asyncapi`
pub(crate) async fn validate(call: &Call) -> Outcome<Response> {
    let with_content = call.flag("returnContent")?;
    let upload = Upload::read(call).await?;
    let text = text_of(call, &upload, &["file", "url"]).await?;
    let answer = match asyncapi::read(&text) {
        Err(faults) => json!({"isValid": false, "errors": listed(faults)}),
        Ok(definition) => json!({
            "isValid": true,
            "content": with_content.then(|| definition.document.to_string()),
            "info": described(&definition),
            "errors": [],
        }),
    };
    reply::json(200, &lifecycle::defaults::without_nulls(answer))
}

/// `POST /apis/import-asyncapi`
pub(crate) async fn import(call: &Call) -> Outcome<Response> {
    let upload = Upload::read(call).await?;
    let text = text_of(call, &upload, &["file", "url"]).await?;
    let given = import::properties(&upload).await?;
    let definition = asyncapi::read(&text).map_err(refused)?;
    let kind = given
        .kind
        .clone()
        .unwrap_or_else(|| kind_of(&definition.protocol).to_owned());
    if !KINDS.contains(&kind.as_str()) {
        let message = format!("`{kind}` is none of `{}`", KINDS.join("`, `"));
        return Err(refusal::one("400", "additionalProperties.type", message));
    }
    let known = given.operations.as_deref().unwrap_or_default();
    let draft = Draft {
        name: given
            .name
            .clone()
            .or_else(|| Some(naming::name_from(&definition.title))),
        version: given
            .version
            .clone()
            .or_else(|| Some(naming::version_from(&definition.version))),
        context: given
            .context
            .clone()
            .or_else(|| Some(naming::context_from(&definition.title))),
        description: given
            .description
            .clone()
            .or_else(|| definition.description.clone()),
        operations: Some(operation::keep_settings(
            drafted(&definition.operations),
            known,
        )),
        endpoint_config: given
            .endpoint_config
            .clone()
            .or_else(|| endpoints(&kind, &definition, call.allow_private())),
        kind: Some(kind),
        ..given
    };
    make(call, draft, &definition.document.to_string()).await
}

/// `GET /apis/{apiId}/asyncapi`
pub(crate) async fn get(call: &Call) -> Outcome<Response> {
    let row = row::of_path(call).await?;
    let text = source::read(call, &row, KINDS, &row.source).await?;
    etag::generation_text(call, row.generation, text)
}

/// `PUT /apis/{apiId}/asyncapi`
pub(crate) async fn update(call: &Call) -> Outcome<Response> {
    let row = of_kind(call, KINDS).await?;
    let upload = Upload::read(call).await?;
    let text = text_of(call, &upload, &["apiDefinition", "file", "url"]).await?;
    let definition = asyncapi::read(&text).map_err(refused)?;
    let document = definition.document.to_string();
    let operations = drafted(&definition.operations);
    renew(call, &row, (operations, None), &document).await?;
    etag::changed(200, row.generation + 1, &definition.document)
}

fn described(definition: &Definition) -> Value {
    json!({
        "name": naming::name_from(&definition.title),
        "version": naming::version_from(&definition.version),
        "context": naming::context_from(&definition.title),
        "description": definition.description,
        "asyncAPIVersion": definition.format_version,
        "protocol": kind_of(&definition.protocol),
        "endpoints": definition.servers,
        "asyncTransportProtocols": [definition.protocol],
    })
}

/// The type of API that a protocol means.
fn kind_of(protocol: &str) -> &'static str {
    match protocol {
        "ws" | "wss" => "WS",
        "sse" | "http" | "https" => "SSE",
        "websub" => "WEBSUB",
        _ => "ASYNC",
    }
}

/// The first server that may be called, for both kinds of key.
fn endpoints(kind: &str, definition: &Definition, allow_private: bool) -> Option<EndpointConfig> {
    if kind != "WS" {
        return import::endpoints(&definition.servers, allow_private);
    }
    let is_callable = |url: &&String| {
        let plain = url.replacen("ws", "http", 1);
        url.starts_with("ws") && lifecycle::address::parse(&plain, allow_private).is_ok()
    };
    let url = definition.servers.iter().find(is_callable)?;
    let one = || {
        Some(Addresses::One(Address {
            url: Some(url.clone()),
            ..Address::default()
        }))
    };
    Some(EndpointConfig {
        endpoint_type: Some("ws".to_owned()),
        production_endpoints: one(),
        sandbox_endpoints: one(),
        ..EndpointConfig::default()
    })
}

/// The types of such APIs.
pub(crate) const KINDS: &[&str] = &["WS", "SSE", "WEBSUB", "WEBHOOK", "ASYNC"];
