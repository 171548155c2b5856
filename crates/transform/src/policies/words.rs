//! Parts that the parameters of several kinds have.

use super::{Given, Wrong};

pub(super) fn text(given: &Given, name: &str) -> String {
    given.get(name).cloned().unwrap_or_default()
}

/// The name of a header that a policy may touch, in lower case.
pub(super) fn header_name(given: &Given, attribute: &'static str) -> Result<String, Wrong> {
    let name = text(given, attribute).trim().to_ascii_lowercase();
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    if name.is_empty() || !name.bytes().all(is_token) {
        return Err((attribute, "is not the name of a header".to_owned()));
    }
    if KEPT.contains(&name.as_str()) || name.starts_with("x-postern-") || name.starts_with("cf-") {
        return Err((attribute, format!("`{name}` is the gateway's own affair")));
    }
    Ok(name)
}

/// The value of a header or a part of one line.
pub(super) fn line(given: &Given, attribute: &'static str) -> Result<String, Wrong> {
    let value = text(given, attribute);
    if value.chars().any(char::is_control) || !value.is_ascii() {
        return Err((attribute, "is not one line of ASCII".to_owned()));
    }
    Ok(value)
}

pub(super) fn query_name(given: &Given, attribute: &'static str) -> Result<String, Wrong> {
    let name = text(given, attribute);
    if name.is_empty() {
        return Err((attribute, "is empty".to_owned()));
    }
    Ok(name)
}

/// Framing, what belongs to one connection, and what could sign somebody in to the portals.
const KEPT: [&str; 10] = [
    "connection",
    "content-length",
    "host",
    "keep-alive",
    "set-cookie",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "x-request-id",
];
