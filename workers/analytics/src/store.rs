//! Batches to the stores of their organizations and months.

use model::{OrganizationId, Timestamp};
use runtime::{Outcome, body, reply};
use serde::Deserialize;
use usage::{Batch, month};
use wasm_bindgen::JsValue;
use worker::{Env, Method, Request, RequestInit, Response};

use crate::{engine, keeper::Keeper};

/// Gives a batch to whoever keeps the statistics; [`EVENTS_AT_ONCE`] tells how many events the next may have.
pub(crate) async fn store(request: &Request, env: &Env) -> Outcome<Response> {
    let text = body::text(request, EVENTS_LIMIT).await?;
    let keeper = Keeper::of(env);
    let stored = keep(env, keeper, &text).await?;
    if stored.status_code() != 204 {
        return Ok(stored);
    }
    let most = keeper.events_at_once().to_string();
    reply::with_header(reply::empty(204)?, EVENTS_AT_ONCE, &most)
}

async fn keep(env: &Env, keeper: Keeper, text: &str) -> Outcome<Response> {
    if keeper != Keeper::Embedded {
        let batch: Batch = body::parse(text)?;
        engine::write(env, &batch.events)?;
    }
    if keeper == Keeper::Engine {
        return reply::empty(204);
    }
    embed(env, text).await
}

/// A gateway's batch is nearly always of one organization and one month, whose store reads it as it is.
async fn embed(env: &Env, text: &str) -> Outcome<Response> {
    let owners: Owners = body::parse(text)?;
    let mut owners = owners
        .events
        .into_iter()
        .map(|it| (it.organization, month(it.at)));
    let Some((organization, month)) = owners.next() else {
        return reply::empty(204);
    };
    if owners.all(|(other, at)| other == organization && at == month) {
        return send(env, &organization, &month, "/events", text).await;
    }
    let batch: Batch = body::parse(text)?;
    for ((organization, month), part) in batch.by_store() {
        let json = serde_json::to_string(&part)?;
        let stored = send(env, &organization, &month, "/events", &json).await?;
        if stored.status_code() != 204 {
            return Ok(stored);
        }
    }
    reply::empty(204)
}

/// Whose events a batch brings, and of when; the rest is for the store to read.
#[derive(Deserialize)]
struct Owners {
    events: Vec<Owned>,
}

#[derive(Deserialize)]
struct Owned {
    #[serde(rename = "o")]
    organization: OrganizationId,
    #[serde(rename = "t")]
    at: Timestamp,
}

/// Asks the store of an organization and a month.
pub(crate) async fn send(
    env: &Env,
    organization: &OrganizationId,
    month: &str,
    path: &str,
    json: &str,
) -> Outcome<Response> {
    let name = format!("{}/{month}", organization.as_str());
    let stub = env.durable_object("STATS")?.get_by_name(&name)?;
    let mut init = RequestInit::new();
    init.with_method(Method::Post)
        .with_body(Some(JsValue::from_str(json)));
    let request = Request::new_with_init(&format!("http://stats{path}"), &init)?;
    Ok(stub.fetch_with_request(request).await?)
}

/// The header by which gateways are told.
const EVENTS_AT_ONCE: &str = "events-at-once";
/// 1,000 events of the longest names.
const EVENTS_LIMIT: usize = 4 * 1024 * 1024;
