//! What the client sent, read with a limit and parsed with its faults named.

use js_sys::{Reflect, Uint8Array};
use serde::de::DeserializeOwned;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use worker::Request;

use crate::{Failure, Outcome};

/// 10 MiB: the largest definition that a client may upload.
pub const UPLOAD_LIMIT: usize = 10 * 1024 * 1024;

/// 1 MiB: more than any other JSON body has a reason to be.
pub const JSON_LIMIT: usize = 1024 * 1024;

/// The whole body, refused with 413 as soon as it is longer than `limit` bytes: by its announced length before it is
/// read, and by what arrives while it is.
///
/// # Errors
/// 413 beyond the limit; internal when the stream breaks.
pub async fn bytes(request: &Request, limit: usize) -> Outcome<Vec<u8>> {
    if announced_length(request)?.is_some_and(|length| length > limit) {
        return Err(too_large(limit));
    }
    match request.inner().body() {
        Some(stream) => collect(&stream, limit).await,
        None => Ok(Vec::new()),
    }
}

/// All of a stream, given up as soon as it is longer than `limit` bytes.
///
/// # Errors
/// 413 beyond the limit; internal when the stream breaks.
pub async fn collect(stream: &web_sys::ReadableStream, limit: usize) -> Outcome<Vec<u8>> {
    let reader: web_sys::ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
    let mut collected = Vec::new();
    loop {
        let step = JsFuture::from(reader.read())
            .await
            .map_err(|error| broken(&error))?;
        if Reflect::get(&step, &JsValue::from_str("done"))
            .map_err(|error| broken(&error))?
            .is_truthy()
        {
            return Ok(collected);
        }
        let chunk =
            Reflect::get(&step, &JsValue::from_str("value")).map_err(|error| broken(&error))?;
        collected.extend_from_slice(&Uint8Array::new(&chunk).to_vec());
        if collected.len() > limit {
            drop(reader.cancel());
            return Err(too_large(limit));
        }
    }
}

/// The body as UTF-8 text.
///
/// # Errors
/// As [`bytes`]; 400 when it is not UTF-8.
pub async fn text(request: &Request, limit: usize) -> Outcome<String> {
    String::from_utf8(bytes(request, limit).await?)
        .map_err(|_| Failure::because("400", "the body is not UTF-8 text"))
}

/// The body as JSON of a known shape. Shapes refuse unknown properties by `deny_unknown_fields`.
///
/// # Errors
/// 415 for another content type, 413 beyond [`JSON_LIMIT`], 400 with the place and the reason otherwise.
pub async fn json<T: DeserializeOwned>(request: &Request) -> Outcome<T> {
    json_within(request, JSON_LIMIT).await
}

/// As [`json`], with another limit in bytes.
///
/// # Errors
/// As [`json`].
pub async fn json_within<T: DeserializeOwned>(request: &Request, limit: usize) -> Outcome<T> {
    require_content_type(request, "application/json")?;
    parse(&text(request, limit).await?)
}

/// Parses JSON text of a known shape.
///
/// # Errors
/// 400 with the line, the column and the reason.
pub fn parse<T: DeserializeOwned>(text: &str) -> Outcome<T> {
    serde_json::from_str(text).map_err(|error| {
        let place = format!("line {}, column {}", error.line(), error.column());
        let reason = error.to_string();
        let reason = reason
            .split(" at line ")
            .next()
            .unwrap_or_default()
            .to_owned();
        problem::Problem::new("400")
            .detail(reason.clone())
            .fault(place, reason)
            .into()
    })
}

/// Refuses any other content type with 415.
///
/// # Errors
/// 415 with the type that would do.
pub fn require_content_type(request: &Request, expected: &str) -> Outcome<()> {
    let given = request.headers().get("content-type")?.unwrap_or_default();
    let kind = given.split(';').next().unwrap_or_default().trim();
    if kind.eq_ignore_ascii_case(expected) {
        return Ok(());
    }
    Err(Failure::because(
        "415",
        format!("send the body as `{expected}`, not `{kind}`"),
    ))
}

fn announced_length(request: &Request) -> Outcome<Option<usize>> {
    Ok(request
        .headers()
        .get("content-length")?
        .and_then(|length| length.parse().ok()))
}

fn too_large(limit: usize) -> Failure {
    Failure::because("413", format!("the body is larger than {limit} bytes"))
}

fn broken(error: &JsValue) -> Failure {
    Failure::Internal(format!("request body: {error:?}"))
}
