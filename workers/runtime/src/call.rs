//! Calls from one Worker to another over a service binding. They never leave the platform, and `front` never forwards
//! `/internal/*`, so being called is proof enough of who calls.

use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::JsValue;
use worker::{Env, Fetcher, Headers, Method, RequestInit, Response};

use crate::{Failure, Outcome};

/// Sends JSON to `path` (for example `/internal/tokens`) of the Worker bound as `binding`.
///
/// # Errors
/// When the Worker cannot be reached. The answer's status is the caller's to judge.
pub async fn post<T: Serialize>(
    env: &Env,
    binding: &str,
    path: &str,
    value: &T,
) -> Outcome<Response> {
    let headers = Headers::new();
    headers.set("content-type", "application/json")?;
    let mut init = RequestInit::new();
    init.with_method(Method::Post)
        .with_headers(headers)
        .with_body(Some(JsValue::from_str(&serde_json::to_string(value)?)));
    send(env, binding, path, init).await
}

/// Any other call.
///
/// # Errors
/// As [`post`].
pub async fn send(env: &Env, binding: &str, path: &str, init: RequestInit) -> Outcome<Response> {
    let service: Fetcher = env.service(binding)?;
    let host = binding.to_ascii_lowercase();
    Ok(service
        .fetch(format!("http://{host}{path}"), Some(init))
        .await?)
}

/// Reads a good JSON answer; a problem of the other Worker becomes ours with its own body lost, so callers that want to
/// pass an answer on return it as it is instead.
///
/// # Errors
/// Internal for any status but 2xx.
pub async fn expect_json<T: DeserializeOwned>(mut response: Response) -> Outcome<T> {
    let status = response.status_code();
    let text = response.text().await?;
    if !(200..300).contains(&status) {
        return Err(Failure::Internal(format!(
            "internal call answered {status}"
        )));
    }
    Ok(serde_json::from_str(&text)?)
}
