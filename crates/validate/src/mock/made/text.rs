//! Texts: of their format, of their pattern, or as long as is demanded.

use serde_json::Value;

use super::pattern;

pub(super) fn made(schema: &Value) -> String {
    let bound = |key: &str| schema.get(key).and_then(Value::as_u64);
    let least = usize::try_from(bound("minLength").unwrap_or_default()).unwrap_or(usize::MAX);
    let most = usize::try_from(bound("maxLength").unwrap_or(u64::MAX)).unwrap_or(usize::MAX);
    if let Some(pattern) = schema.get("pattern").and_then(Value::as_str)
        && let Some(made) = pattern::made(pattern, least, most)
    {
        return made;
    }
    let format = schema.get("format").and_then(Value::as_str);
    if let Some(sample) = format.and_then(sample) {
        return sample.to_owned();
    }
    let length = least.max(4).min(most).min(MOST_LENGTH);
    "text".chars().cycle().take(length).collect()
}

fn sample(format: &str) -> Option<&'static str> {
    Some(match format {
        "date" => "2026-01-31",
        "date-time" => "2026-01-31T10:00:00Z",
        "time" => "10:00:00Z",
        "email" | "idn-email" => "ann@example.com",
        "uuid" => "0f8fad5b-d9cb-469f-a165-70867728950e",
        "ipv4" => "192.0.2.1",
        "ipv6" => "2001:db8::1",
        "hostname" | "idn-hostname" => "example.com",
        "uri" | "url" | "iri" => "https://example.com/",
        "uri-reference" => "/example",
        "byte" => "dGV4dA==",
        "duration" => "PT1H",
        _ => return None,
    })
}

const MOST_LENGTH: usize = 10_000;
