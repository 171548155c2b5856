//! A value that keeps a schema, for lack of an example: the schema's own example, default or first allowed value, or
//! else the smallest that fits.

use serde_json::{Map, Value, json};

use crate::contract::{compile::members, schema::Schemas};

/// Makes one.
pub(super) fn value(schemas: &Schemas<'_>, schema: &Value) -> Value {
    made(schemas, schema, 0)
}

fn made(schemas: &Schemas<'_>, schema: &Value, depth: u32) -> Value {
    let schema = schemas.followed(schema);
    let first = |key: &str| schema.get(key).and_then(Value::as_array)?.first();
    let said = schema
        .get("example")
        .or_else(|| first("examples"))
        .or_else(|| schema.get("const"))
        .or_else(|| schema.get("default"))
        .or_else(|| first("enum"));
    if let Some(said) = said {
        return said.clone();
    }
    if depth >= MOST_DEPTH {
        return Value::Null;
    }
    if let Some(parts) = schema.get("allOf").and_then(Value::as_array) {
        let mut whole = object(schemas, schema, depth);
        for part in parts {
            let part = made(schemas, part, depth + 1);
            if let Value::Object(part) = part {
                whole.extend(part);
            } else if whole.is_empty() {
                return part;
            }
        }
        return Value::Object(whole);
    }
    if let Some(alternative) = first("oneOf").or_else(|| first("anyOf")) {
        return made(schemas, alternative, depth + 1);
    }
    match kind(schema) {
        Some("string") => Value::String(text(schema)),
        Some("integer" | "number") => number(schema),
        Some("boolean") => json!(true),
        Some("array") => array(schemas, schema, depth),
        Some("object") => Value::Object(object(schemas, schema, depth)),
        None if schema.get("properties").is_some() => Value::Object(object(schemas, schema, depth)),
        _ => Value::Null,
    }
}

/// The type, or the first of several that is not `null`.
fn kind(schema: &Value) -> Option<&str> {
    let said = schema.get("type")?;
    let first = || {
        said.as_array()?
            .iter()
            .filter_map(Value::as_str)
            .find(|it| *it != "null")
    };
    said.as_str().or_else(first)
}

fn object(schemas: &Schemas<'_>, schema: &Value, depth: u32) -> Map<String, Value> {
    let required = |name: &String| {
        let list = schema.get("required").and_then(Value::as_array);
        list.is_some_and(|it| it.iter().any(|it| it == name))
    };
    // Below the first levels only what must be there, so that a schema which refers to itself ends.
    members(schema.get("properties"))
        .filter(|(name, inner)| {
            inner.get("writeOnly") != Some(&Value::Bool(true)) && (depth < 4 || required(name))
        })
        .map(|(name, inner)| (name.clone(), made(schemas, inner, depth + 1)))
        .filter(|(name, inner)| !inner.is_null() || required(name))
        .collect()
}

fn array(schemas: &Schemas<'_>, schema: &Value, depth: u32) -> Value {
    let least = schema.get("minItems").and_then(Value::as_u64).unwrap_or(1);
    let item = schema
        .get("items")
        .map_or(Value::Null, |items| made(schemas, items, depth + 1));
    let count = match (item.is_null(), least) {
        (true, 0 | 1) => 0,
        (_, least) => usize::try_from(least.clamp(1, 5)).unwrap_or(1),
    };
    Value::Array(vec![item; count])
}

fn number(schema: &Value) -> Value {
    let bound = |key: &str| schema.get(key).filter(|it| it.is_number());
    if let Some(least) = bound("minimum") {
        return least.clone();
    }
    let above = schema.get("exclusiveMinimum").and_then(Value::as_i64);
    above.map_or_else(|| json!(0), |above| json!(above + 1))
}

fn text(schema: &Value) -> String {
    let made = match schema
        .get("format")
        .and_then(Value::as_str)
        .unwrap_or_default()
    {
        "date" => "2026-01-31",
        "date-time" => "2026-01-31T10:00:00Z",
        "time" => "10:00:00Z",
        "email" => "ann@example.com",
        "uuid" => "0f8fad5b-d9cb-469f-a165-70867728950e",
        "ipv4" => "192.0.2.1",
        "ipv6" => "2001:db8::1",
        "hostname" => "example.com",
        "uri" | "url" => "https://example.com/",
        "byte" => "dGV4dA==",
        _ => {
            let bound = |key: &str| schema.get(key).and_then(Value::as_u64);
            let least = bound("minLength").unwrap_or(1).min(1_000);
            let most = bound("maxLength").unwrap_or(u64::MAX);
            let length = usize::try_from(least.max(4).min(most)).unwrap_or(4);
            return "text".chars().cycle().take(length).collect();
        }
    };
    made.to_owned()
}

/// References inside each other.
const MOST_DEPTH: u32 = 12;
