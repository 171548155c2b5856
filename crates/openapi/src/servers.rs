//! The addresses that a definition names, as absolute URLs.

use std::collections::HashSet;

use serde_json::Value;

use crate::definition::Format;
use crate::fault::{FaultCode, Findings};
use crate::pointer::Pointer;

/// Absolute URLs without trailing slash, each once, in the order of the document.
pub(crate) fn read(document: &Value, format: Format, findings: &mut Findings) -> Vec<String> {
    let found = match format {
        Format::Swagger2 => from_host(document),
        Format::OpenApi30 | Format::OpenApi31 | Format::OpenApi32 => {
            from_servers(document, findings)
        }
    };
    let mut met = HashSet::new();
    let each_once = found.into_iter().filter(|url| met.insert(url.clone()));
    each_once.collect()
}

/// 2.0: each of `schemes` (https where there are none) on `host` with `basePath`.
fn from_host(document: &Value) -> Vec<String> {
    let Some(host) = document.get("host").and_then(Value::as_str) else {
        return Vec::new();
    };
    let base_path = text(document, "basePath").unwrap_or_default();
    let schemes: Vec<&str> = document
        .get("schemes")
        .and_then(Value::as_array)
        .map(|list| list.iter().filter_map(Value::as_str).collect())
        .filter(|list: &Vec<_>| !list.is_empty())
        .unwrap_or_else(|| vec!["https"]);
    schemes
        .into_iter()
        .filter_map(|scheme| absolute(&format!("{scheme}://{host}{base_path}")))
        .collect()
}

fn from_servers(document: &Value, findings: &mut Findings) -> Vec<String> {
    let at = Pointer::ROOT.at("servers");
    let Some(servers) = document.get("servers") else {
        return Vec::new();
    };
    let Some(servers) = servers.as_array() else {
        findings.fault(FaultCode::WrongType, &at, "`servers` must be a list");
        return Vec::new();
    };
    let mut found = Vec::new();
    for (index, server) in servers.iter().enumerate() {
        let index = index.to_string();
        let at = at.at(&index);
        let Some(url) = text(server, "url") else {
            findings.warn(FaultCode::MissingField, &at, "this server has no `url`");
            continue;
        };
        let filled = filled_in(url, server.get("variables"));
        match absolute(&filled) {
            Some(url) => found.push(url),
            None => findings.warn(
                FaultCode::RelativeServer,
                &at.at("url"),
                format_args!(
                    "`{filled}` is not an absolute address; set the API's endpoint by hand"
                ),
            ),
        }
    }
    found
}

/// The URL with each `{variable}` replaced by its default (else the first of its words); unknown ones stay.
fn filled_in(url: &str, variables: Option<&Value>) -> String {
    if url.len() > MAX_URL {
        return String::new();
    }
    let mut filled = url.to_owned();
    let variables = variables.and_then(Value::as_object).into_iter().flatten();
    for (name, variable) in variables.take(MAX_VARIABLES) {
        let fallback = || {
            let words = variable.get("enum").and_then(Value::as_array);
            words.and_then(|words| words.first())
        };
        let value = match variable.get("default").or_else(fallback) {
            Some(Value::String(word)) => word.clone(),
            Some(Value::Number(number)) => number.to_string(),
            Some(Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_)) | None => {
                continue;
            }
        };
        filled = filled.replace(&format!("{{{name}}}"), &value);
        if filled.len() > MAX_URL {
            return String::new();
        }
    }
    filled
}

/// The URL without its trailing slash, if it is one that a gateway could call.
fn absolute(url: &str) -> Option<String> {
    let url = url.trim();
    let (scheme, rest) = url.split_once("://")?;
    let known = ["https", "http", "wss", "ws"]
        .iter()
        .any(|known| scheme.eq_ignore_ascii_case(known));
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let plausible = !host.is_empty()
        && url.len() <= MAX_URL
        && !url.contains(['{', '}', '\\', '"', '<', '>'])
        && !url.chars().any(|c| c.is_control() || c.is_whitespace());
    (known && plausible).then(|| url.trim_end_matches('/').to_owned())
}

fn text<'v>(value: &'v Value, name: &str) -> Option<&'v str> {
    value.get(name).and_then(Value::as_str)
}

/// Longest URL in bytes: what HTTP implementations agree to take, and a stop for variables that multiply.
const MAX_URL: usize = 8_000;

/// Variables of one server; real ones have three or four.
const MAX_VARIABLES: usize = 100;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(format: Format, document: &Value, expected: &[&str], warnings: usize) {
        let mut findings = Findings::default();
        assert_eq!(
            read(document, format, &mut findings),
            expected,
            "{document}"
        );
        assert_eq!(findings.warnings.list.len(), warnings, "{document}");
    }

    #[test]
    fn swagger_servers_come_from_host() {
        for (document, expected) in [
            (json!({}), vec![]),
            (json!({"basePath": "/v1"}), vec![]),
            (json!({"host": "a.example"}), vec!["https://a.example"]),
            (
                json!({"host": "a.example:81", "basePath": "/v1/", "schemes": ["http", "https"]}),
                vec!["http://a.example:81/v1", "https://a.example:81/v1"],
            ),
            (
                json!({"host": "a.example", "schemes": []}),
                vec!["https://a.example"],
            ),
            (json!({"host": "", "schemes": ["https"]}), vec![]),
        ] {
            check(Format::Swagger2, &document, &expected, 0);
        }
    }

    #[test]
    fn server_variables_take_their_defaults() {
        for (url, expected) in [
            ("https://a.example/", Some("https://a.example")),
            (
                "https://{region}.a.example:{port}/{v}",
                Some("https://eu.a.example:443/x"),
            ),
            ("https://{unknown}.example", None),
            ("/v1", None),
            ("a.example/v1", None),
            ("ftp://a.example", None),
            ("https://", None),
            ("javascript:alert(1)", None),
        ] {
            let document = json!({"servers": [{"url": url, "variables": {
                "region": {"default": "eu"}, "port": {"default": 443}, "v": {"enum": ["x", "y"]}
            }}]});
            let expected: Vec<_> = expected.into_iter().collect();
            check(Format::OpenApi30, &document, &expected, 1 - expected.len());
        }
    }

    #[test]
    fn multiplying_variables_stay_bounded() {
        let doubling = "{a}".repeat(2_000);
        let document = json!({"servers": [{"url": "https://{a}.example", "variables": {
            "a": {"default": doubling}, "b": {"default": "x"}
        }}]});
        check(Format::OpenApi31, &document, &[], 1);
    }

    #[test]
    fn same_server_is_listed_once() {
        let document =
            json!({"servers": [{"url": "https://a.example"}, {"url": "https://a.example/"}]});
        check(Format::OpenApi31, &document, &["https://a.example"], 0);
    }
}
