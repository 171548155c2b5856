//! The front Worker: serves the pages and passes every other request on.
//!
//! [`dispatch`] has the table of paths; the rest carries out what it says. Requests for other Workers are handed over
//! as they came, body stream and all, and the promise of the answer goes back without being awaited here.

mod dispatch;
mod pages;
mod pass;
mod sample;

use js_sys::Promise;
use runtime::{Failure, reply};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::future_to_promise;
use web_sys::{Request, Response};

use dispatch::Destination;

/// The fetch event. Not `#[event(fetch)]`, whose handler is async and would await every answer inside Wasm.
#[wasm_bindgen]
pub fn fetch(request: Request, env: JsValue, _context: JsValue) -> Promise {
    let Some(path) = pass::path(&request) else {
        return answer(async move { refuse(&request, Failure::because("400", NO_HOST)) });
    };
    match dispatch::destination(&path, pass::is_on(&env, "SAMPLE_UPSTREAM")) {
        Destination::Service(binding) => pass::to_service(&env, binding, &request),
        Destination::Nowhere => answer(async move { not_found(&request) }),
        Destination::Page { fallback } => {
            answer(async move { pages::serve(&env, &request, &path, fallback).await })
        }
        Destination::Sample => answer(async move { sample::serve(&request, &path).await }),
    }
}

const NO_HOST: &str = "the `Host` header is not a host name with an optional port";

fn answer(response: impl Future<Output = Response> + 'static) -> Promise {
    future_to_promise(async move { Ok(response.await.into()) })
}

/// The problem that every unknown path of ours gets.
fn not_found(request: &Request) -> Response {
    refuse(request, Failure::code("404"))
}

fn refuse(request: &Request, failure: Failure) -> Response {
    let accept = request.headers().get("accept").ok().flatten();
    reply::finish(Err(failure), &accept.unwrap_or_default()).into()
}
