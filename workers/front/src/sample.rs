//! The upstream of the sample API: a small pet store that always answers the same, so that the first call of a fresh
//! platform works without a network.

use runtime::{Failure, Outcome, reply};
use serde_json::{Map, Value, json};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Request, Response, Url};

use crate::refuse;

/// Answers a request below [`ROOT`].
pub(crate) async fn serve(request: &Request, path: &str) -> Response {
    let rest = path.strip_prefix(ROOT).unwrap_or_default();
    let segments: Vec<&str> = rest.split('/').skip(1).collect();
    let outcome = match (request.method().as_str(), segments.as_slice()) {
        ("GET", ["pet", "findByStatus"]) => Ok(by_status(&status_asked(request))),
        ("GET", ["pet", id]) => pet(id),
        ("POST", ["pet"]) => created(request).await,
        ("GET", ["store", "inventory"]) => Ok(inventory()),
        ("GET", ["headers"]) => Ok(headers_seen(request)),
        _ => Err(Failure::code("404")),
    };
    match outcome.and_then(|body| reply::json(200, &body)) {
        Ok(response) => response.into(),
        Err(failure) => refuse(request, failure),
    }
}

/// The store has pets 1 to 1,000,000; whatever is asked of the same id is always the same pet.
fn pet(id: &str) -> Outcome<Value> {
    match id.parse::<u32>() {
        Ok(number) if (1..=1_000_000).contains(&number) => Ok(describe(number)),
        _ => Err(Failure::because("404", format!("there is no pet `{id}`"))),
    }
}

fn describe(number: u32) -> Value {
    json!({
        "id": number,
        "name": pick(NAMES, number),
        "category": { "id": number % 3 + 1, "name": pick(KINDS, number) },
        "photoUrls": [],
        "tags": [],
        "status": pick(STATUSES, number),
    })
}

fn by_status(status: &str) -> Value {
    let pets = (1..=12).map(describe);
    pets.filter(|pet| pet.get("status").and_then(Value::as_str) == Some(status))
        .collect()
}

fn status_asked(request: &Request) -> String {
    Url::new(&request.url())
        .ok()
        .and_then(|url| url.search_params().get("status"))
        .unwrap_or_else(|| String::from("available"))
}

fn inventory() -> Value {
    json!({ "available": 4, "pending": 4, "sold": 4 })
}

/// Nothing is stored: the pet that was sent comes back, with an id when it had none.
async fn created(request: &Request) -> Outcome<Value> {
    let text = text_of(request)
        .await
        .map_err(|_| Failure::because("400", "the body cannot be read"))?;
    let mut pet: Map<String, Value> = serde_json::from_str(&text)
        .map_err(|_| Failure::because("400", "the body is not a JSON object"))?;
    pet.entry("id").or_insert(json!(13));
    Ok(Value::Object(pet))
}

async fn text_of(request: &Request) -> Result<String, JsValue> {
    let text = JsFuture::from(request.text()?).await?;
    Ok(text.as_string().unwrap_or_default())
}

/// What reached the upstream: shows that no credential does.
fn headers_seen(request: &Request) -> Value {
    let mut seen = Map::new();
    for entry in request.headers().entries().into_iter().flatten() {
        let pair = js_sys::Array::from(&entry);
        if let (Some(name), Some(value)) = (pair.get(0).as_string(), pair.get(1).as_string()) {
            seen.insert(name, Value::String(value));
        }
    }
    json!({ "headers": seen })
}

fn pick<'a>(words: &[&'a str], number: u32) -> &'a str {
    let position = number as usize % words.len().max(1);
    words.get(position).copied().unwrap_or_default()
}

/// Where the sample upstream is mounted.
const ROOT: &str = "/sample/petstore";
const NAMES: &[&str] = &["Bella", "Milo", "Luna", "Oscar", "Ruby", "Felix", "Nala"];
const KINDS: &[&str] = &["dog", "cat", "rabbit"];
const STATUSES: &[&str] = &["available", "pending", "sold"];
