//! What a YAML scalar means in JSON.

use std::borrow::Cow;

use granit_parser::{ScalarStyle, Tag};
use serde_json::{Number, Value};

/// A scalar as JSON. Only plain scalars can be anything but text, unless a tag says so.
pub(super) fn value(text: Cow<'_, str>, style: ScalarStyle, tag: Option<&Tag>) -> Value {
    let plain = style == ScalarStyle::Plain;
    match tag.and_then(Tag::core_suffix) {
        None if plain && tag.is_none_or(|tag| tag.original() != "!") => resolved(text),
        Some("int" | "float" | "bool" | "null") => resolved(text),
        None | Some(_) => Value::String(text.into_owned()),
    }
}

/// The core schema of YAML 1.2 (section 10.3.2), but for what a JSON number cannot write back: leading zeros, a plus
/// sign and infinities stay text.
fn resolved(text: Cow<'_, str>) -> Value {
    match text.as_ref() {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        other => number(other).map_or_else(|| Value::String(text.into_owned()), Value::Number),
    }
}

fn number(text: &str) -> Option<Number> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if let Some(hex) = digits.strip_prefix("0x") {
        return radix(text, hex, 16);
    }
    if let Some(octal) = digits.strip_prefix("0o") {
        return radix(text, octal, 8);
    }
    let mut characters = digits.bytes();
    let first = characters.next()?;
    let second = characters.next();
    let zero_padded = first == b'0' && second.is_some_and(|byte| byte.is_ascii_digit());
    let may_begin = first.is_ascii_digit()
        || (first == b'.' && second.is_some_and(|byte| byte.is_ascii_digit()));
    let all_numeric = digits
        .bytes()
        .all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-'));
    if zero_padded || !may_begin || !all_numeric {
        return None;
    }
    if let Ok(small) = text.parse::<i64>() {
        return Some(small.into());
    }
    if let Ok(large) = text.parse::<u64>() {
        return Some(large.into());
    }
    text.parse::<f64>().ok().and_then(Number::from_f64)
}

/// `0x1F` and `0o17`, which YAML 1.2 reads as numbers (and without a sign only).
fn radix(text: &str, digits: &str, base: u32) -> Option<Number> {
    let signed = text.starts_with('-') || digits.starts_with(['+', '-']);
    (!signed)
        .then(|| u64::from_str_radix(digits, base).ok())
        .flatten()
        .map(Number::from)
}
