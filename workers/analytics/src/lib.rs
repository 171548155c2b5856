//! Analytics: takes events from gateways, keeps them added up, and answers questions.
//!
//! | call (over a service binding) | does |
//! |---|---|
//! | `POST /internal/events` with a [`Batch`] | stores each organization's events in its [`StatStore`]; 204, once per batch |
//! | `POST /internal/query` with a [`Query`] | 200 with an [`usage::Answer`] |
//!
//! A batch that fails in the middle may be sent again as it is: each store counts it once.
//! A later way in: stock workerd sends `writeDataPoint` as a POST of its own shape, one per point; it belongs here too.

mod recent;
mod rollups;
mod salts;
mod stat_store;

use model::OrganizationId;
use runtime::{Failure, Outcome, body, reply};
use serde::{Deserialize, Serialize};
use usage::{Batch, Query};
use wasm_bindgen::JsValue;
use worker::{Context, Env, Method, Request, RequestInit, Response, event};

pub use stat_store::StatStore;

/// Dispatches the two internal calls.
#[event(fetch)]
async fn fetch(request: Request, env: Env, _context: Context) -> worker::Result<Response> {
    let outcome = match (request.method(), request.path().as_str()) {
        (Method::Post, "/internal/events") => store(&request, &env).await,
        (Method::Post, "/internal/query") => ask(&request, &env).await,
        (_, "/internal/events" | "/internal/query") => Err(Failure::code("405")),
        _ => Err(Failure::code("404")),
    };
    Ok(reply::finish(outcome, ""))
}

/// A gateway's batch is nearly always of one organization, whose store reads it as it is.
async fn store(request: &Request, env: &Env) -> Outcome<Response> {
    let text = body::text(request, EVENTS_LIMIT).await?;
    let owners: Owners = body::parse(&text)?;
    let mut owners = owners.events.into_iter().map(|event| event.organization);
    let Some(first) = owners.next() else {
        return reply::empty(204);
    };
    if owners.all(|other| other == first) {
        return send(env, &first, "/events", &text).await;
    }
    let batch: Batch = body::parse(&text)?;
    for (organization, part) in batch.by_organization() {
        let stored = call(env, &organization, "/events", &part).await?;
        if stored.status_code() != 204 {
            return Ok(stored);
        }
    }
    reply::empty(204)
}

/// Whose events a batch brings; the rest is for the store to read.
#[derive(Deserialize)]
struct Owners {
    events: Vec<Owned>,
}

#[derive(Deserialize)]
struct Owned {
    #[serde(rename = "o")]
    organization: OrganizationId,
}

async fn ask(request: &Request, env: &Env) -> Outcome<Response> {
    let query: Query = body::json(request).await?;
    query
        .spans()
        .map_err(|invalid| Failure::because("400", invalid.to_string()))?;
    call(env, &query.organization, "/query", &query).await
}

/// Calls the organization's store.
async fn call<T: Serialize>(
    env: &Env,
    organization: &OrganizationId,
    path: &str,
    value: &T,
) -> Outcome<Response> {
    send(env, organization, path, &serde_json::to_string(value)?).await
}

async fn send(
    env: &Env,
    organization: &OrganizationId,
    path: &str,
    json: &str,
) -> Outcome<Response> {
    let stub = env
        .durable_object("STATS")?
        .get_by_name(organization.as_str())?;
    let mut init = RequestInit::new();
    init.with_method(Method::Post)
        .with_body(Some(JsValue::from_str(json)));
    let request = Request::new_with_init(&format!("http://stats{path}"), &init)?;
    Ok(stub.fetch_with_request(request).await?)
}

/// 1,000 events of the longest names.
const EVENTS_LIMIT: usize = 4 * 1024 * 1024;
