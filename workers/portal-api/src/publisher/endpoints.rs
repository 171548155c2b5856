//! `/apis/{apiId}/endpoints`: the endpoints of an API one by one. They are a part of its draft, so that revisions freeze them;
//! which of them gets calls is said by the API's `primaryProductionEndpointId` and `primarySandboxEndpointId`.

use lifecycle::{
    Draft,
    endpoint::{self, ApiEndpoint},
};
use runtime::{Failure, Outcome, id, reply};
use serde_json::{Value, json};
use worker::Response;

use super::apis;
use crate::{
    apis::{
        ApiRow,
        row::{self, Noun},
        secrets, write,
    },
    call::Call,
    etag,
    page::Page,
    refusal,
};

/// `GET /apis/{apiId}/endpoints`
pub(crate) async fn list(call: &Call) -> Outcome<Response> {
    let api = of_path(call).await?;
    let page = Page::of(call)?;
    let draft = api.draft(call).await?.without_secrets();
    let list = endpoint::all(&draft).iter().map(shown).collect();
    etag::content(call, &page.cut(call, list))
}

/// `POST /apis/{apiId}/endpoints`
pub(crate) async fn add(call: &Call) -> Outcome<Response> {
    let api = of_path(call).await?;
    etag::require_match(call, api.generation)?;
    let given: ApiEndpoint = call.json().await?;
    let new = ApiEndpoint {
        id: id::uuid()?,
        ..given
    };
    let (id, api) = put(call, api, new).await?;
    let location = format!("{}/endpoints/{id}", api.address());
    let response = etag::changed(201, api.generation, &one(call, &api, &id).await?)?;
    reply::with_header(response, "location", &location)
}

/// `GET /apis/{apiId}/endpoints/{endpointId}`
pub(crate) async fn get(call: &Call) -> Outcome<Response> {
    let api = of_path(call).await?;
    let found = one(call, &api, call.path("endpointId")).await?;
    etag::content(call, &found)
}

/// `PUT /apis/{apiId}/endpoints/{endpointId}`
pub(crate) async fn update(call: &Call) -> Outcome<Response> {
    let api = of_path(call).await?;
    etag::require_match(call, api.generation)?;
    let id = call.path("endpointId");
    one(call, &api, id).await?;
    let given: ApiEndpoint = call.json().await?;
    let changed = ApiEndpoint {
        id: id.to_owned(),
        ..given
    };
    let (id, api) = put(call, api, changed).await?;
    etag::changed(200, api.generation, &one(call, &api, &id).await?)
}

/// `DELETE /apis/{apiId}/endpoints/{endpointId}`
pub(crate) async fn delete(call: &Call) -> Outcome<Response> {
    let api = of_path(call).await?;
    etag::require_match(call, api.generation)?;
    let before = api.draft(call).await?;
    let mut draft = before.clone();
    match endpoint::remove(&mut draft, call.path("endpointId")) {
        Ok(true) => {}
        Ok(false) => return Err(missing()),
        Err(fault) => return Err(refusal::several("409", vec![fault])),
    }
    save(call, &api, draft, &before).await?;
    reply::empty(200)
}

async fn of_path(call: &Call) -> Outcome<ApiRow> {
    row::one(call, call.path("apiId"), Noun::Api).await
}

/// The endpoint as it is now.
async fn one(call: &Call, api: &ApiRow, id: &str) -> Outcome<Value> {
    let draft = api.draft(call).await?.without_secrets();
    let found = endpoint::all(&draft).into_iter().find(|it| it.id == id);
    found.as_ref().map(shown).ok_or_else(missing)
}

async fn put(call: &Call, api: ApiRow, endpoint: ApiEndpoint) -> Outcome<(String, ApiRow)> {
    let id = endpoint.id.clone();
    let before = api.draft(call).await?;
    let mut draft = before.clone();
    endpoint::put(&mut draft, endpoint).map_err(|fault| refusal::several("400", vec![fault]))?;
    let api = save(call, &api, draft, &before).await?;
    Ok((id, api))
}

async fn save(call: &Call, api: &ApiRow, mut draft: Draft, before: &Draft) -> Outcome<ApiRow> {
    // The row knows who the API is; the draft does not.
    let named = Draft {
        name: Some(api.name.clone()),
        version: Some(api.version.clone()),
        context: Some(api.context.clone()),
        kind: Some(api.kind.clone()),
        ..draft.clone()
    };
    write::check(call, &named).await?;
    let document = api.document(call).await?;
    let secrets = secrets::take(call, &api.id, &mut draft, Some(before)).await?;
    apis::store(call, api, &draft, (&document, secrets)).await
}

fn shown(endpoint: &ApiEndpoint) -> Value {
    lifecycle::defaults::without_nulls(json!(endpoint))
}

fn missing() -> Failure {
    Failure::because("404", "the API has no such endpoint")
}
