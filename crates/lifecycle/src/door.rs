//! Where bodies come in: JSON text becomes a known shape, or one fault that names the property.

use serde::de::DeserializeOwned;

use crate::Fault;

/// Reads JSON of a known shape. Shapes refuse unknown properties by `deny_unknown_fields`.
///
/// # Errors
/// One fault whose place is the path of the property (`operations[2].verb`), or the line and column of text that is
/// not JSON.
pub fn parse<T: DeserializeOwned>(text: &str) -> Result<T, Fault> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        fault(&path, error.inner())
    })?;
    reader.end().map_err(|error| fault(".", &error))?;
    Ok(value)
}

fn fault(path: &str, error: &serde_json::Error) -> Fault {
    let text = error.to_string();
    let reason = text.split(" at line ").next().unwrap_or_default();
    if error.is_syntax() || error.is_eof() {
        return Fault {
            place: format!("line {}, column {}", error.line(), error.column()),
            message: format!("the body is not well-formed JSON: {reason}"),
        };
    }
    let path = if path == "." { "" } else { path };
    match quoted_after(reason, "unknown field `") {
        Some(name) => Fault {
            place: below(path, name),
            message: format!("unknown property `{name}`"),
        },
        None => match quoted_after(reason, "missing field `") {
            Some(name) => Fault {
                place: below(path, name),
                message: format!("`{name}` is missing"),
            },
            None => Fault {
                place: path.to_owned(),
                message: plain(reason),
            },
        },
    }
}

/// `name` under `path`; the reader may already have named it.
fn below(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.to_owned()
    } else if path == name || path.ends_with(&format!(".{name}")) {
        path.to_owned()
    } else {
        format!("{path}.{name}")
    }
}

fn quoted_after<'a>(text: &'a str, opening: &str) -> Option<&'a str> {
    text.strip_prefix(opening)?.split('`').next()
}

/// Rust's word for an object is no word for a client.
fn plain(reason: &str) -> String {
    let reason = reason
        .replace("map", "object")
        .replace("sequence", "array")
        .replace("unit value", "null");
    match reason.split_once("expected struct ") {
        Some((before, _)) => format!("{before}expected an object"),
        None => reason,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Draft;

    #[test]
    fn each_refusal_names_its_property() {
        let check = |text: &str, place: &str, message: &str| {
            let fault = parse::<Draft>(text).unwrap_err();
            assert_eq!(
                (fault.place.as_str(), fault.message.as_str()),
                (place, message),
                "{text}"
            );
        };
        check(r#"{"nam": "a"}"#, "nam", "unknown property `nam`");
        check(
            r#"{"operations": [{"verb": "GET"}, {"verbs": "GET"}]}"#,
            "operations[1].verbs",
            "unknown property `verbs`",
        );
        check(
            r#"{"name": 3}"#,
            "name",
            "invalid type: integer `3`, expected a string",
        );
        check(
            r#"{"scopes": [{}]}"#,
            "scopes[0].scope",
            "`scope` is missing",
        );
        check(
            r#"{"corsConfiguration": 4}"#,
            "corsConfiguration",
            "invalid type: integer `4`, expected an object",
        );
        check(
            "{",
            "line 1, column 1",
            "the body is not well-formed JSON: EOF while parsing an object",
        );
    }
}
