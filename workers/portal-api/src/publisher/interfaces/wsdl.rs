//! WSDL.

use interface::wsdl::{self, Description};
use lifecycle::{
    Draft, address,
    draft::{Address, Addresses, EndpointConfig, Operation},
    naming,
};
use runtime::{Outcome, reply};
use serde_json::{Value, json};
use worker::Response;

use super::{listed, make, of_kind, refused, renew, text_of};
use crate::{
    apis::{ApiRow, row, source},
    call::Call,
    download, etag,
    publisher::import,
    refusal,
    upload::Upload,
};

/// `POST /apis/validate-wsdl`
pub(crate) async fn validate(call: &Call) -> Outcome<Response> {
    let upload = Upload::read(call).await?;
    let text = text_of(call, &upload, PARTS).await?;
    let answer = match wsdl::read(&text) {
        Err(faults) => json!({"isValid": false, "errors": listed(faults)}),
        Ok(found) => json!({"isValid": true, "errors": [], "wsdlInfo": described(&found)}),
    };
    reply::json(200, &answer)
}

/// `POST /apis/import-wsdl`: envelopes pass as they are, so that one operation takes all of them.
pub(crate) async fn import(call: &Call) -> Outcome<Response> {
    let upload = Upload::read(call).await?;
    let text = text_of(call, &upload, PARTS).await?;
    let kind = upload.text("implementationType").await?;
    if kind.as_deref().is_some_and(|kind| kind != KIND) {
        let message = "gateways pass envelopes on as they are: only `SOAP` is taken";
        return Err(refusal::one("400", "implementationType", message));
    }
    let given = import::properties(&upload).await?;
    let found = wsdl::read(&text).map_err(refused)?;
    let draft = Draft {
        name: given
            .name
            .clone()
            .or_else(|| Some(naming::name_from(&found.name))),
        context: given
            .context
            .clone()
            .or_else(|| Some(naming::context_from(&found.name))),
        version: given.version.clone().or_else(|| Some("1.0.0".to_owned())),
        operations: given.operations.clone().or_else(|| Some(vec![envelope()])),
        endpoint_config: given
            .endpoint_config
            .clone()
            .or_else(|| endpoints(&found, call.allow_private())),
        wsdl_info: json!({"type": "WSDL"}).as_object().cloned(),
        kind: Some(KIND.to_owned()),
        ..given
    };
    make(call, draft, &text).await
}

/// `GET /apis/{apiId}/wsdl-info`
pub(crate) async fn about(call: &Call) -> Outcome<Response> {
    let row = row::of_path(call).await?;
    source::read(call, &row, &[KIND], &row.source).await?;
    reply::json(200, &json!({"type": "WSDL"}))
}

/// `GET /apis/{apiId}/wsdl`
pub(crate) async fn get(call: &Call) -> Outcome<Response> {
    let row = row::of_path(call).await?;
    let text = source::read(call, &row, &[KIND], &row.source).await?;
    file(&row, text)
}

/// `PUT /apis/{apiId}/wsdl`
pub(crate) async fn update(call: &Call) -> Outcome<Response> {
    let row = of_kind(call, &[KIND]).await?;
    let upload = Upload::read(call).await?;
    let text = text_of(call, &upload, PARTS).await?;
    wsdl::read(&text).map_err(refused)?;
    let kept = row.draft(call).await?.operations.unwrap_or_default();
    renew(call, &row, (kept, None), &text).await?;
    etag::changed(200, row.generation + 1, &json!({"type": "WSDL"}))
}

/// A description to be saved, never to be shown as a page.
pub(crate) fn file(row: &ApiRow, text: String) -> Outcome<Response> {
    let name: String = row
        .name
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect();
    let file = format!("{name}.wsdl");
    download::bytes(&file, "application/wsdl+xml", text.into_bytes())
}

fn described(found: &Description) -> Value {
    let endpoints = found.endpoints.iter();
    let endpoints: Vec<Value> = endpoints
        .map(|it| json!({"name": it.name, "location": it.location}))
        .collect();
    json!({"version": found.version, "endpoints": endpoints})
}

fn envelope() -> Operation {
    Operation {
        verb: Some("POST".to_owned()),
        target: Some("/*".to_owned()),
        ..Operation::default()
    }
}

/// The first address that may be called, for both kinds of key.
fn endpoints(found: &Description, allow_private: bool) -> Option<EndpointConfig> {
    let is_callable = |url: &&str| address::parse(url, allow_private).is_ok();
    let url = found
        .endpoints
        .iter()
        .map(|it| it.location.as_str())
        .find(is_callable)?;
    let one = || {
        Some(Addresses::One(Address {
            url: Some(url.to_owned()),
            ..Address::default()
        }))
    };
    Some(EndpointConfig {
        endpoint_type: Some("address".to_owned()),
        production_endpoints: one(),
        sandbox_endpoints: one(),
        ..EndpointConfig::default()
    })
}

const PARTS: &[&str] = &["file", "url"];
/// The type of such an API.
pub(crate) const KIND: &str = "SOAP";
