//! This month's counters to a collector of metrics that speaks OTLP over HTTP with JSON, every minute.

use js_sys::decode_uri_component;
use model::Timestamp;
use runtime::{Db, Failure, Outcome, call as service, db::sql};
use serde::Deserialize;
use usage::{
    Answer, Query,
    export::{SCRAPED, otlp},
    month_start,
};
use wasm_bindgen::JsValue;
use worker::{AbortSignal, Env, Fetch, Headers, Method, Request, RequestInit, RequestRedirect};

/// Tells the collector, if there is one; what it does not take is told again in a minute, since sums only grow.
pub(crate) async fn push_or_log(env: &Env) {
    let address = variable(env, "OTLP_ENDPOINT");
    if address.is_empty() {
        return;
    }
    if let Err(failure) = push(env, &address, runtime::clock::now()).await {
        worker::console_error!("metrics: {failure:?}");
    }
}

async fn push(env: &Env, address: &str, now: Timestamp) -> Outcome<()> {
    #[derive(Deserialize)]
    struct Row {
        id: String,
    }
    let all: Vec<Row> = Db::of(env)?.all(sql("SELECT id FROM organization")).await?;
    for Row { id } in all {
        let from = month_start(now);
        let query = Query {
            group_by: SCRAPED.to_vec(),
            ..Query::of(id.as_str().into(), from, now)
        };
        let answer = service::post(env, "ANALYTICS", "/internal/query", &query).await?;
        let answer: Answer = service::expect_json(answer).await?;
        if answer.list.is_empty() {
            continue;
        }
        send(env, address, &otlp(&answer, &id, from, now).to_string()).await?;
    }
    Ok(())
}

async fn send(env: &Env, address: &str, json: &str) -> Outcome<()> {
    let headers = Headers::new();
    headers.set("content-type", "application/json")?;
    // Pairs with commas between them and values encoded for addresses, as OpenTelemetry's own variable has them.
    for pair in variable(env, "OTLP_HEADERS").split(',') {
        if let Some((name, value)) = pair.split_once('=') {
            let value = decode_uri_component(value.trim())
                .map_err(|_| Failure::Internal("`OTLP_HEADERS` is not encoded".to_owned()))?;
            headers.set(name.trim(), &String::from(value))?;
        }
    }
    let mut init = RequestInit::new();
    init.with_method(Method::Post)
        .with_headers(headers)
        .with_redirect(RequestRedirect::Manual)
        .with_body(Some(JsValue::from_str(json)));
    let address = format!("{}/v1/metrics", address.trim_end_matches('/'));
    let request = Request::new_with_init(&address, &init)?;
    let signal = AbortSignal::from(web_sys::AbortSignal::timeout_with_u32(TIMEOUT_MS));
    let answer = Fetch::Request(request).send_with_signal(&signal).await?;
    match answer.status_code() {
        200..=299 => Ok(()),
        status => Err(Failure::Internal(format!(
            "the collector answered {status}"
        ))),
    }
}

/// A variable or secret; empty when it is not set, which stock workerd says as `null`.
fn variable(env: &Env, name: &str) -> String {
    let value = js_sys::Reflect::get(env, &name.into()).ok();
    value.and_then(|it| it.as_string()).unwrap_or_default()
}

const TIMEOUT_MS: u32 = 10_000;
