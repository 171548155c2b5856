//! Replies of an API without an upstream: the examples of its definition, or values made to keep its schemas.

mod filled;
pub(crate) mod made;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use filled::{Filled, filled};
use made::Maker;

use crate::contract::{compile::members, covers, essence, is_json};

/// One reply that can be given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Example {
    /// HTTP status.
    pub status: u16,
    /// Content type; empty where there is no body.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub content_type: String,
    /// The example's name in the definition; empty where it has none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The body.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub body: String,
}

/// What a caller would like: `Prefer: code=404, example=empty`, and `Accept`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wish<'a> {
    status: Option<&'a str>,
    example: Option<&'a str>,
    accept: &'a str,
}

impl<'a> Wish<'a> {
    /// Reads a `Prefer` header (RFC 7240) and an `Accept` header; either may be empty.
    #[must_use]
    pub fn read(prefer: &'a str, accept: &'a str) -> Self {
        let mut wish = Self {
            accept,
            ..Self::default()
        };
        for preference in prefer.split([',', ';']) {
            let Some((name, value)) = preference.split_once('=') else {
                continue;
            };
            let value = value.trim().trim_matches('"');
            match name.trim().to_ascii_lowercase().as_str() {
                "code" | "status" => wish.status = Some(value),
                "example" => wish.example = Some(value),
                _ => {}
            }
        }
        wish
    }
}

/// The reply that fits a wish best: the status and the name asked for, or else the first success; of these, the content
/// type that is preferred. `None` when what was asked for by name does not exist.
#[must_use]
pub fn choose<'a>(examples: &'a [Example], wish: &Wish<'_>) -> Option<&'a Example> {
    let mut fitting: Vec<&Example> = examples.iter().collect();
    if let Some(status) = wish.status {
        fitting.retain(|it| it.status.to_string() == status);
    }
    if let Some(name) = wish.example {
        fitting.retain(|it| it.name == name);
    }
    if wish.status.is_none() {
        let status = fitting
            .iter()
            .map(|it| it.status)
            .min_by_key(|status| (status / 100 != 2, *status))?;
        fitting.retain(|it| it.status == status);
    }
    for range in wish.accept.split(',') {
        let range = essence(range);
        let found = fitting.iter().find(|it| covers(&range, &it.content_type));
        if let Some(found) = found {
            return Some(found);
        }
    }
    fitting.first().copied()
}

/// All replies that an operation of the definition can give.
pub(crate) fn examples(maker: &Maker<'_>, operation: &Value) -> Vec<Example> {
    let mut found = Vec::new();
    for (status, reply) in members(operation.get("responses")) {
        let reply = maker.schemas.followed(reply);
        let status = match status.as_str() {
            "default" => 200,
            other => other.replace(['X', 'x'], "0").parse().unwrap_or_default(),
        };
        if !(200..600).contains(&status) {
            continue;
        }
        let before = found.len();
        for (kind, media) in members(reply.get("content")) {
            of_media(maker, status, &essence(kind), media, &mut found);
        }
        of_swagger(maker, status, reply, &mut found);
        if found.len() == before {
            found.push(Example {
                status,
                content_type: String::new(),
                name: String::new(),
                body: String::new(),
            });
        }
    }
    found.truncate(MOST_EXAMPLES);
    found
}

fn of_media(maker: &Maker<'_>, status: u16, kind: &str, media: &Value, found: &mut Vec<Example>) {
    let before = found.len();
    let mut add = |name: &str, value: &Value| {
        found.push(Example {
            status,
            content_type: concrete(kind),
            name: name.to_owned(),
            body: written(value),
        });
    };
    if let Some(example) = media.get("example") {
        add("", example);
    }
    for (name, example) in members(media.get("examples")) {
        if let Some(value) = maker.schemas.followed(example).get("value") {
            add(name, value);
        }
    }
    if found.len() == before {
        let schema = media.get("schema").unwrap_or(&Value::Null);
        let value = maker.value(schema);
        found.push(Example {
            status,
            content_type: concrete(kind),
            name: String::new(),
            body: match says(kind, &value) {
                true => written(&value),
                false => String::new(),
            },
        });
    }
}

/// Swagger 2.0: `examples` by content type, and one `schema`.
fn of_swagger(maker: &Maker<'_>, status: u16, reply: &Value, found: &mut Vec<Example>) {
    let mut add = |kind: &str, value: &Value| {
        found.push(Example {
            status,
            content_type: concrete(kind),
            name: String::new(),
            body: written(value),
        });
    };
    let mut has_any = false;
    for (kind, value) in members(reply.get("examples")) {
        has_any = true;
        add(&essence(kind), value);
    }
    if !has_any && let Some(schema) = reply.get("schema") {
        add("application/json", &maker.value(schema));
    }
}

/// Can a body of this content type say the value? Only texts are made for what is not JSON.
fn says(kind: &str, value: &Value) -> bool {
    is_json(&concrete(kind)) || value.is_string()
}

fn concrete(kind: &str) -> String {
    match kind.contains('*') {
        true => "application/json".to_owned(),
        false => kind.to_owned(),
    }
}

/// A text is its own body; whatever else is JSON.
fn written(value: &Value) -> String {
    let text = match (value.as_str(), value.is_null()) {
        (Some(text), _) => text.to_owned(),
        (None, true) => String::new(),
        (None, false) => value.to_string(),
    };
    match text.len() > MOST_BYTES {
        true => String::new(),
        false => text,
    }
}

/// Of one operation.
const MOST_EXAMPLES: usize = 50;
/// Of one example.
const MOST_BYTES: usize = 256 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    fn example(status: u16, content_type: &str, name: &str) -> Example {
        Example {
            status,
            content_type: content_type.to_owned(),
            name: name.to_owned(),
            body: String::new(),
        }
    }

    #[test]
    fn callers_choose_by_status_name_and_type() {
        let all = [
            example(404, "application/json", ""),
            example(200, "application/json", "full"),
            example(200, "application/xml", "full"),
            example(200, "application/json", "empty"),
        ];
        let check = |prefer: &str, accept: &str, expected: Option<usize>| {
            let found = choose(&all, &Wish::read(prefer, accept));
            assert_eq!(
                found,
                expected.and_then(|at| all.get(at)),
                "{prefer} {accept}"
            );
        };
        check("", "", Some(1));
        check("code=404", "*/*", Some(0));
        check("example=empty", "", Some(3));
        check(
            "code=200, example=\"full\"",
            "text/html, application/xml;q=0.9",
            Some(2),
        );
        check("", "application/*", Some(1));
        check("code=500", "", None);
    }
}
