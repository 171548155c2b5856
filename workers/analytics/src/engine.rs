//! Cloudflare's Analytics Engine: points are written through a binding, and asked for over the account's SQL API.

use futures_util::future::try_join;
use js_sys::{Array, Function, Reflect};
use runtime::{Failure, Outcome};
use usage::{
    Event, Parts, Query,
    engine::{
        Point, point, read_latencies, read_names, read_sums, read_upstream_latencies, statements,
    },
};
use wasm_bindgen::{JsCast, JsValue};
use worker::{AbortSignal, Env, Fetch, Headers, Method, Request, RequestInit};

use crate::{
    ask::{Backend, unreadable},
    keeper::variable,
};

/// The SQL API, by the address and the token that the operator has set.
pub(crate) struct Engine {
    address: String,
    token: String,
    dataset: String,
}

impl Engine {
    pub(crate) fn new(env: &Env) -> Outcome<Self> {
        let engine = Self {
            address: variable(env, "ENGINE_URL"),
            token: variable(env, "ENGINE_TOKEN"),
            dataset: variable(env, "ENGINE_DATASET"),
        };
        let is_name = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
        if engine.address.is_empty()
            || engine.dataset.is_empty()
            || !engine.dataset.chars().all(is_name)
        {
            let missing =
                "`EVENT_STORE` is `engine`, without `ENGINE_URL` or a usable `ENGINE_DATASET`";
            return Err(Failure::Internal(missing.to_owned()));
        }
        Ok(engine)
    }

    async fn run(&self, sql: String) -> Outcome<String> {
        let headers = Headers::new();
        headers.set("authorization", &format!("Bearer {}", self.token))?;
        headers.set("content-type", "text/plain")?;
        let mut init = RequestInit::new();
        init.with_method(Method::Post)
            .with_headers(headers)
            .with_body(Some(JsValue::from_str(&sql)));
        let request = Request::new_with_init(&self.address, &init)?;
        let signal = AbortSignal::from(web_sys::AbortSignal::timeout_with_u32(DEADLINE_MS));
        let mut answer = Fetch::Request(request).send_with_signal(&signal).await?;
        let text = answer.text().await?;
        match answer.status_code() {
            200 => Ok(text),
            status => Err(Failure::Internal(format!(
                "the analytics engine answered {status}: {text}"
            ))),
        }
    }
}

impl Backend for Engine {
    const NAME: &'static str = "analyticsEngine";

    async fn parts(&self, query: &Query) -> Outcome<(Parts, f64)> {
        let wanted = statements(query, &self.dataset);
        let (sums, names) = try_join(self.run(wanted.sums), self.run(wanted.names)).await?;
        let mut parts = Parts::default();
        let interval = read_sums(&sums, query, &mut parts).map_err(unreadable)?;
        if !query.only_counts {
            let (latencies, upstream) = try_join(
                self.run(wanted.latencies),
                self.run(wanted.upstream_latencies),
            )
            .await?;
            read_latencies(&latencies, query, &mut parts).map_err(unreadable)?;
            read_upstream_latencies(&upstream, query, &mut parts).map_err(unreadable)?;
        }
        read_names(&names, &mut parts).map_err(unreadable)?;
        Ok((parts, interval))
    }
}

/// Writes a point for each event. The engine takes 250 of an invocation, which is what gateways are told to
/// put into a batch ([`crate::keeper::Keeper::events_at_once`]).
pub(crate) fn write(env: &Env, events: &[Event]) -> Outcome<()> {
    let points: Vec<Point> = events.iter().map(point).collect();
    let points = js_sys::JSON::parse(&serde_json::to_string(&points)?).map_err(failed)?;
    let dataset = Reflect::get(env, &JsValue::from_str("EVENTS")).map_err(failed)?;
    let write: Function = Reflect::get(&dataset, &JsValue::from_str("writeDataPoint"))
        .and_then(JsCast::dyn_into)
        .map_err(failed)?;
    for point in Array::from(&points).iter() {
        write.call1(&dataset, &point).map_err(failed)?;
    }
    Ok(())
}

#[expect(clippy::needless_pass_by_value, reason = "the signature of `map_err`")]
fn failed(error: JsValue) -> Failure {
    Failure::Internal(format!("the analytics engine: {error:?}"))
}

const DEADLINE_MS: u32 = 10_000;
