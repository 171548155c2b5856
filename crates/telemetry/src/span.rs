//! What a collector is told: the JSON form of OTLP's `ExportTraceServiceRequest`.
//!
//! Numbers of 64 bits are texts there, as protobuf's JSON has them; names of traces and spans are hexadecimal digits.

use serde::{Serialize, Serializer, ser::SerializeMap};

/// A piece of work in a trace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Span {
    /// 32 digits.
    pub trace_id: String,
    /// 16 digits.
    pub span_id: String,
    /// 16 digits; absent at the root of a trace.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent_span_id: Option<String>,
    /// Of few values: a method and a template, never a path.
    pub name: String,
    /// Whose work it is.
    pub kind: SpanKind,
    /// Milliseconds since the epoch.
    #[serde(rename = "startTimeUnixNano", serialize_with = "nanoseconds")]
    pub started_ms: i64,
    /// Milliseconds since the epoch.
    #[serde(rename = "endTimeUnixNano", serialize_with = "nanoseconds")]
    pub ended_ms: i64,
    /// Names of OpenTelemetry's semantic conventions, or ours with `postern.` before them.
    pub attributes: Vec<Attribute>,
    /// It failed.
    #[serde(rename = "status", serialize_with = "status")]
    pub is_error: bool,
}

/// Whose work a span is, with its number in OTLP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpanKind {
    /// A call that came.
    Server = 2,
    /// A call that was made.
    Client = 3,
}

impl Serialize for SpanKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(*self as u8)
    }
}

/// A name and what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Attribute {
    /// A text.
    Text(&'static str, String),
    /// A number.
    Number(&'static str, i64),
}

impl Serialize for Attribute {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        match self {
            Self::Text(key, text) => {
                map.serialize_entry("key", key)?;
                map.serialize_entry("value", &Text { text })?;
            }
            Self::Number(key, number) => {
                map.serialize_entry("key", key)?;
                let number = number.to_string();
                map.serialize_entry("value", &Number { number })?;
            }
        }
        map.end()
    }
}

#[derive(Serialize)]
struct Text<'a> {
    #[serde(rename = "stringValue")]
    text: &'a str,
}

#[derive(Serialize)]
struct Number {
    #[serde(rename = "intValue")]
    number: String,
}

/// Spans on their way to a collector, with who tells of them.
#[derive(Clone, Copy, Debug)]
pub struct Export<'a> {
    /// About the gateway itself, for example its name.
    pub resource: &'a [Attribute],
    /// What it did.
    pub spans: &'a [Span],
}

impl Serialize for Export<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1))?;
        let resource = Resource {
            attributes: self.resource,
        };
        let scope_spans = [ScopeSpans {
            scope: Scope { name: "postern" },
            spans: self.spans,
        }];
        let whole = [ResourceSpans {
            resource,
            scope_spans,
        }];
        map.serialize_entry("resourceSpans", &whole)?;
        map.end()
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ResourceSpans<'a> {
    resource: Resource<'a>,
    scope_spans: [ScopeSpans<'a>; 1],
}

#[derive(Serialize)]
struct Resource<'a> {
    attributes: &'a [Attribute],
}

#[derive(Serialize)]
struct ScopeSpans<'a> {
    scope: Scope,
    spans: &'a [Span],
}

#[derive(Serialize)]
struct Scope {
    name: &'static str,
}

fn nanoseconds<S: Serializer>(milliseconds: &i64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&(i128::from(*milliseconds) * 1_000_000))
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the shape that serde asks for"
)]
fn status<S: Serializer>(is_error: &bool, serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(None)?;
    if *is_error {
        map.serialize_entry("code", &ERROR)?;
    }
    map.end()
}

/// `STATUS_CODE_ERROR`; nothing at all says that it is not set.
const ERROR: u8 = 2;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn is_written_as_the_protocol_has_it() -> Result<(), serde_json::Error> {
        let span = Span {
            trace_id: "4bf92f3577b34da6a3ce929d0e0e4736".to_owned(),
            span_id: "00f067aa0ba902b7".to_owned(),
            parent_span_id: None,
            name: "GET /pets/{id}".to_owned(),
            kind: SpanKind::Server,
            started_ms: 1_764_185_000_123,
            ended_ms: 1_764_185_000_130,
            attributes: vec![
                Attribute::Text("http.request.method", "GET".to_owned()),
                Attribute::Number("http.response.status_code", 502),
            ],
            is_error: true,
        };
        let resource = [Attribute::Text("service.name", "postern".to_owned())];
        let export = Export {
            resource: &resource,
            spans: &[span],
        };
        let wanted = json!({"resourceSpans": [{
            "resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "postern"}}]},
            "scopeSpans": [{"scope": {"name": "postern"}, "spans": [{
                "traceId": "4bf92f3577b34da6a3ce929d0e0e4736",
                "spanId": "00f067aa0ba902b7",
                "name": "GET /pets/{id}",
                "kind": 2,
                "startTimeUnixNano": "1764185000123000000",
                "endTimeUnixNano": "1764185000130000000",
                "attributes": [
                    {"key": "http.request.method", "value": {"stringValue": "GET"}},
                    {"key": "http.response.status_code", "value": {"intValue": "502"}},
                ],
                "status": {"code": 2},
            }]}],
        }]});
        assert_eq!(serde_json::to_value(export)?, wanted);
        Ok(())
    }
}
