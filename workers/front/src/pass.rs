//! Handing a request over to another Worker, untouched.

use js_sys::Promise;
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use web_sys::{Request, Response};

/// The path of the request's URL, as the platform's URL parser left it; `None` when its `Host` is no host.
pub(crate) fn path(request: &Request) -> Option<String> {
    path_of(request)
}

/// Is the variable `name` set to `on`?
pub(crate) fn is_on(env: &JsValue, name: &str) -> bool {
    variable(env, name) == "on"
}

/// Sends the request to the Worker behind `binding`; a binding that cannot be called rejects the promise.
pub(crate) fn to_service(env: &JsValue, binding: &str, request: &Request) -> Promise {
    pass(env, binding, request).unwrap_or_else(|error| Promise::reject(&error))
}

#[wasm_bindgen(module = "/src/pass.js")]
extern "C" {
    #[wasm_bindgen(js_name = path)]
    fn path_of(request: &Request) -> Option<String>;
    fn variable(env: &JsValue, name: &str) -> String;
    #[wasm_bindgen(catch)]
    fn pass(env: &JsValue, name: &str, request: &Request) -> Result<Promise, JsValue>;
    #[wasm_bindgen(catch)]
    pub(crate) async fn asset(
        env: &JsValue,
        request: &Request,
        path: Option<&str>,
    ) -> Result<JsValue, JsValue>;
    /// Does the client take `encoding`, and does nobody on the way there compress? Cloudflare does.
    pub(crate) fn takes(request: &Request, encoding: &str) -> bool;
    /// A copy around the same body; one that is `packed` is not compressed once more.
    #[wasm_bindgen(catch)]
    pub(crate) fn writable(response: &Response, packed: bool) -> Result<Response, JsValue>;
}
