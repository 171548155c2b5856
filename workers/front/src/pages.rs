//! The static pages: a file, or a portal's page for a path that only the portal's own router knows.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Request, Response};

use runtime::Failure;

use crate::{not_found, pass, refuse};

/// The file that the request asks for, else the page `fallback`, with the headers that a browser needs to be strict.
pub(crate) async fn serve(env: &JsValue, request: &Request, fallback: Option<&str>) -> Response {
    match find(env, request, fallback).await {
        Ok(found) if found.status() == 404 => not_found(request),
        Ok(found) => guard(&found).unwrap_or(found),
        Err(error) => refuse(
            request,
            Failure::Internal(format!("the pages do not answer: {error:?}")),
        ),
    }
}

async fn find(
    env: &JsValue,
    request: &Request,
    fallback: Option<&str>,
) -> Result<Response, JsValue> {
    let found: Response = pass::asset(env, request, None).await?.dyn_into()?;
    match fallback {
        Some(page) if found.status() == 404 => {
            pass::asset(env, request, Some(page)).await?.dyn_into()
        }
        _ => Ok(found),
    }
}

/// A copy of the answer, whose headers may be written, around the same body stream.
fn guard(found: &Response) -> Result<Response, JsValue> {
    let guarded = pass::writable(found)?;
    let headers = guarded.headers();
    for (name, value) in HEADERS {
        headers.set(name, value)?;
    }
    Ok(guarded)
}

/// Scripts and styles come from our own files only; nothing may frame a portal, and no address leaks to other sites.
const HEADERS: &[(&str, &str)] = &[
    (
        "content-security-policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
         connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    (
        "permissions-policy",
        "camera=(), microphone=(), geolocation=()",
    ),
];
