//! What is cheaper in JavaScript; see `edge.js`.

use js_sys::Promise;
use wasm_bindgen::{JsValue, closure::Closure, prelude::wasm_bindgen};
use web_sys::Request;

/// From a problem's code and the client's `Accept` to status, content type and body, as lines.
pub(crate) type RenderProblem = dyn Fn(u32, String) -> String;

#[wasm_bindgen(module = "/src/edge.js")]
extern "C" {
    pub(crate) fn intake(request: &Request) -> String;
    pub(crate) fn forward(
        request: &Request,
        env: &JsValue,
        context: &JsValue,
        plan: &str,
    ) -> Promise;
    pub(crate) fn answer(env: &JsValue, context: &JsValue, text: &str) -> Promise;
    pub(crate) fn later(context: &JsValue, work: &Promise);
    pub(crate) fn variable(env: &JsValue, name: &str) -> String;
    #[wasm_bindgen(js_name = onFailure)]
    pub(crate) fn on_failure(render: &Closure<RenderProblem>);
    #[wasm_bindgen(catch)]
    pub(crate) fn value(env: &JsValue, key: &str, cache_seconds: u32) -> Result<Promise, JsValue>;
    #[wasm_bindgen(catch)]
    pub(crate) fn lease(
        env: &JsValue,
        object: &str,
        body: &str,
        timeout_ms: u32,
    ) -> Result<Promise, JsValue>;
}
