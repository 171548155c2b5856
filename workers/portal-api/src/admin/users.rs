//! `/users`, `/roles`, `/signing-keys` and their likes: kept by the keys Worker; here only the right to ask is looked at, and the words passed on.

use runtime::{Outcome, body, call as service};
use wasm_bindgen::JsValue;
use worker::{Headers, Method, RequestInit, Response};

use crate::call::Call;

/// `GET` and `POST /users`
pub(crate) async fn users(call: &Call) -> Outcome<Response> {
    forward(call, "/internal/users").await
}

/// `GET`, `PUT` and `DELETE /users/{userId}`
pub(crate) async fn user(call: &Call) -> Outcome<Response> {
    forward(
        call,
        &format!("/internal/users/{}", segment(call.path("userId"))),
    )
    .await
}

/// `POST /users/{userId}/password`
pub(crate) async fn password(call: &Call) -> Outcome<Response> {
    forward(
        call,
        &format!("/internal/users/{}/password", segment(call.path("userId"))),
    )
    .await
}

/// `DELETE /users/{userId}/second-factors`
pub(crate) async fn second_factors(call: &Call) -> Outcome<Response> {
    let user = segment(call.path("userId"));
    forward(call, &format!("/internal/users/{user}/second-factors")).await
}

/// `DELETE /users/{userId}/sessions`
pub(crate) async fn sessions(call: &Call) -> Outcome<Response> {
    let user = segment(call.path("userId"));
    forward(call, &format!("/internal/users/{user}/sessions")).await
}

/// `GET` and `PUT /people-policy`
pub(crate) async fn policy(call: &Call) -> Outcome<Response> {
    forward(call, "/internal/people-policy").await
}

/// `GET` and `POST /identity-providers`
pub(crate) async fn providers(call: &Call) -> Outcome<Response> {
    forward(call, "/internal/identity-providers").await
}

/// `GET`, `PUT` and `DELETE /identity-providers/{providerId}`
pub(crate) async fn provider(call: &Call) -> Outcome<Response> {
    let provider = segment(call.path("providerId"));
    forward(call, &format!("/internal/identity-providers/{provider}")).await
}

/// `GET` and `POST /signing-keys`
pub(crate) async fn signing_keys(call: &Call) -> Outcome<Response> {
    forward(call, "/internal/signing-keys").await
}

/// `POST /signing-keys/{keyId}/withdraw`
pub(crate) async fn withdraw_key(call: &Call) -> Outcome<Response> {
    let key = segment(call.path("keyId"));
    forward(call, &format!("/internal/signing-keys/{key}/withdraw")).await
}

/// `GET` and `PUT /signing-key-schedule`
pub(crate) async fn key_schedule(call: &Call) -> Outcome<Response> {
    forward(call, "/internal/signing-key-schedule").await
}

/// `GET /roles`
pub(crate) async fn roles(call: &Call) -> Outcome<Response> {
    forward(call, "/internal/roles").await
}

/// The same request to the keys Worker, for the caller's organization and in the caller's name.
pub(super) async fn forward(call: &Call, path: &str) -> Outcome<Response> {
    if matches!(call.request.method(), Method::Post | Method::Put) {
        body::require_content_type(&call.request, "application/json")?;
        let text = body::text(&call.request, body::JSON_LIMIT).await?;
        return forward_body(call, path, &text).await;
    }
    send(call, call.request.method(), path, None).await
}

/// As [`forward`], with other words.
pub(crate) async fn forward_body(call: &Call, path: &str, text: &str) -> Outcome<Response> {
    send(call, call.request.method(), path, Some(text)).await
}

/// Any request to the keys Worker, in the caller's name.
pub(super) async fn send(
    call: &Call,
    method: Method,
    path: &str,
    text: Option<&str>,
) -> Outcome<Response> {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("organization", call.organization());
    query.append_pair("actor", call.user()?);
    for (name, value) in &call.query {
        if name != "organization" && name != "actor" {
            query.append_pair(name, value);
        }
    }
    let headers = Headers::new();
    // For the audit log, and for slowing down who guesses.
    for name in ["cf-connecting-ip", "user-agent"] {
        if let Some(value) = call.header(name)? {
            headers.set(name, &value)?;
        }
    }
    let mut init = RequestInit::new();
    init.with_method(method);
    if let Some(text) = text {
        headers.set("content-type", "application/json")?;
        init.with_body(Some(JsValue::from_str(text)));
    }
    init.with_headers(headers);
    service::send(
        &call.env,
        "KEYS",
        &format!("{path}?{}", query.finish()),
        init,
    )
    .await
}

/// One segment of a path, whatever the caller put into it.
pub(super) fn segment(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
