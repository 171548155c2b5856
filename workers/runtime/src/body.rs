//! What the client sent, read with a limit and parsed with its faults named.

use js_sys::{Reflect, Uint8Array};
use serde::de::DeserializeOwned;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{ReadableStream, ReadableStreamDefaultReader};
use worker::Request;

use crate::{Failure, Outcome};

/// 10 MiB: the largest definition that a client may upload.
pub const UPLOAD_LIMIT: usize = 10 * 1024 * 1024;

/// 1 MiB: more than any other JSON body has a reason to be.
pub const JSON_LIMIT: usize = 1024 * 1024;

/// The whole body, refused with 413 when it is longer than `limit` bytes: by its announced length before any of it is
/// kept, and by what arrives while it is. What is refused is still taken in and thrown away, up to [`DISCARD_LIMIT`]:
/// a client that is cut off while it sends sees a broken connection instead of the answer.
///
/// # Errors
/// 413 beyond the limit; internal when the stream breaks.
pub async fn bytes(request: &Request, limit: usize) -> Outcome<Vec<u8>> {
    let Some(stream) = request.inner().body() else {
        return Ok(Vec::new());
    };
    if announced_length(request)?.is_some_and(|length| length > limit) {
        discard(&reader_of(&stream)).await;
        return Err(too_large(limit));
    }
    collect(&stream, limit).await
}

/// All of a stream, given up when it is longer than `limit` bytes.
///
/// # Errors
/// 413 beyond the limit; internal when the stream breaks.
pub async fn collect(stream: &ReadableStream, limit: usize) -> Outcome<Vec<u8>> {
    let reader = reader_of(stream);
    let mut collected = Vec::new();
    while let Some(chunk) = next(&reader).await.map_err(|error| broken(&error))? {
        if collected.len() + chunk.length() as usize > limit {
            discard(&reader).await;
            return Err(too_large(limit));
        }
        collected.extend_from_slice(&chunk.to_vec());
    }
    Ok(collected)
}

/// Takes in what is left, up to [`DISCARD_LIMIT`] bytes, and keeps none of it.
async fn discard(reader: &ReadableStreamDefaultReader) {
    let mut thrown_away = 0;
    while let Ok(Some(chunk)) = next(reader).await {
        thrown_away += chunk.length() as usize;
        if thrown_away > DISCARD_LIMIT {
            break;
        }
    }
    drop(reader.cancel());
}

fn reader_of(stream: &ReadableStream) -> ReadableStreamDefaultReader {
    stream.get_reader().unchecked_into()
}

/// The next part of a stream; `None` at its end.
async fn next(reader: &ReadableStreamDefaultReader) -> Result<Option<Uint8Array>, JsValue> {
    let step = JsFuture::from(reader.read()).await?;
    if Reflect::get(&step, &JsValue::from_str("done"))?.is_truthy() {
        return Ok(None);
    }
    Ok(Some(Uint8Array::new(&Reflect::get(
        &step,
        &JsValue::from_str("value"),
    )?)))
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

/// 32 MiB: who sends more than that beyond the limit is cut off.
const DISCARD_LIMIT: usize = 32 * 1024 * 1024;
