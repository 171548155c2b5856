//! What is fetched in JavaScript; see `sources.js`.

use js_sys::Promise;
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

#[wasm_bindgen(module = "/src/sources.js")]
extern "C" {
    #[wasm_bindgen(catch)]
    pub(crate) fn value(
        env: &JsValue,
        key: &str,
        cache_seconds: u32,
        timeout_ms: u32,
    ) -> Result<Promise, JsValue>;
    #[wasm_bindgen(catch)]
    pub(crate) fn reference(
        env: &JsValue,
        digest: &str,
        timeout_ms: u32,
    ) -> Result<Promise, JsValue>;
    #[wasm_bindgen(catch)]
    pub(crate) fn secret(env: &JsValue, name: &str, timeout_ms: u32) -> Result<Promise, JsValue>;
    #[wasm_bindgen(catch)]
    pub(crate) fn introduction(
        env: &JsValue,
        body: &str,
        timeout_ms: u32,
    ) -> Result<Promise, JsValue>;
    #[wasm_bindgen(catch)]
    pub(crate) fn login(env: &JsValue, body: &str, timeout_ms: u32) -> Result<Promise, JsValue>;
    #[wasm_bindgen(catch, js_name = issuerKeys)]
    pub(crate) fn issuer_keys(
        env: &JsValue,
        key_manager: &str,
        timeout_ms: u32,
    ) -> Result<Promise, JsValue>;
    #[wasm_bindgen(catch)]
    pub(crate) fn uses(env: &JsValue, body: &str, timeout_ms: u32) -> Result<Promise, JsValue>;
    #[wasm_bindgen(catch)]
    pub(crate) fn slots(
        env: &JsValue,
        object: &str,
        body: &str,
        timeout_ms: u32,
    ) -> Result<Promise, JsValue>;
    #[wasm_bindgen(catch)]
    pub(crate) fn relay(
        env: &JsValue,
        object: &str,
        body: &str,
        timeout_ms: u32,
    ) -> Result<Promise, JsValue>;
    pub(crate) fn pause(ms: u32) -> Promise;
    #[wasm_bindgen(catch)]
    pub(crate) fn lease(
        env: &JsValue,
        object: &str,
        body: &str,
        timeout_ms: u32,
    ) -> Result<Promise, JsValue>;
}
