//! Parts that the parameters of several kinds have.

use super::{Given, Wrong};

pub(super) fn text(given: &Given, name: &str) -> String {
    given.get(name).cloned().unwrap_or_default()
}

/// The name of a header that a policy may touch, in lower case.
pub(super) fn header_name(given: &Given, attribute: &'static str) -> Result<String, Wrong> {
    let name = text(given, attribute).trim().to_ascii_lowercase();
    if !is_token(&name) {
        return Err((attribute, "is not the name of a header".to_owned()));
    }
    if KEPT.contains(&name.as_str()) || name.starts_with("x-postern-") || name.starts_with("cf-") {
        return Err((attribute, format!("`{name}` is the gateway's own affair")));
    }
    Ok(name)
}

/// Parts with commas between them; none when there is nothing.
pub(super) fn list(given: &Given, attribute: &str) -> Vec<String> {
    let text = text(given, attribute);
    let parts = text.split(',').map(str::trim).filter(|it| !it.is_empty());
    parts.map(str::to_owned).collect()
}

/// Names of headers that a policy may read, in lower case.
pub(super) fn header_names(given: &Given, attribute: &'static str) -> Result<Vec<String>, Wrong> {
    let names = list(given, attribute).into_iter();
    let names: Vec<String> = names.map(|it| it.to_ascii_lowercase()).collect();
    match names.iter().find(|name| !is_token(name)) {
        Some(bad) => Err((attribute, format!("`{bad}` is not the name of a header"))),
        None => Ok(names),
    }
}

fn is_token(name: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !name.is_empty() && name.bytes().all(is_part)
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
