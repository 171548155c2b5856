//! XML as JSON and JSON as XML, each the other's way back.
//!
//! An element is a name of an object; elements of one name beside each other are a list; an attribute is a name with an
//! `@` before it; text beside those is `#text`. An element that has nothing but text is that text, and an empty one `null`.

use roxmltree::{Document, Node, ParsingOptions};
use serde_json::{Map, Value};

use crate::{Fault, MOST_BYTES};

/// An XML body as JSON: an object with the outermost element in it. Texts stay texts.
///
/// # Errors
/// It is no XML in UTF-8, has a document type, or is too deep or too large.
pub fn to_json(body: &[u8]) -> Result<Vec<u8>, Fault> {
    let text = std::str::from_utf8(body).map_err(|_| Fault::new("is not XML in UTF-8"))?;
    let options = ParsingOptions {
        nodes_limit: MOST_NODES,
        ..ParsingOptions::default()
    };
    let document = Document::parse_with_options(text, options)
        .map_err(|error| Fault::new(format!("is no XML that can be read, at {}", error.pos())))?;
    let root = document.root_element();
    let mut object = Map::new();
    object.insert(name(root), element(root, 0)?);
    Ok(Value::Object(object).to_string().into_bytes())
}

/// The name with the prefix that the document gives it.
fn name(node: Node<'_, '_>) -> String {
    let local = node.tag_name().name();
    let space = node.tag_name().namespace();
    let prefix = space.and_then(|space| node.lookup_prefix(space));
    match prefix {
        Some(prefix) if !prefix.is_empty() => format!("{prefix}:{local}"),
        Some(_) | None => local.to_owned(),
    }
}

fn element(node: Node<'_, '_>, depth: usize) -> Result<Value, Fault> {
    if depth > MOST_DEEP {
        return Err(Fault::new(format!("is nested deeper than {MOST_DEEP}")));
    }
    let mut object = Map::new();
    for attribute in node.attributes() {
        object.insert(
            format!("@{}", attribute.name()),
            Value::from(attribute.value()),
        );
    }
    let mut text = String::new();
    for child in node.children() {
        if child.is_element() {
            add(&mut object, name(child), element(child, depth + 1)?);
        } else if let Some(part) = child.text().filter(|_| child.is_text()) {
            text.push_str(part);
        }
    }
    let text = text.trim();
    Ok(match (object.is_empty(), text.is_empty()) {
        (true, true) => Value::Null,
        (true, false) => Value::from(text),
        (false, true) => Value::Object(object),
        (false, false) => {
            object.insert("#text".to_owned(), Value::from(text));
            Value::Object(object)
        }
    })
}

fn add(object: &mut Map<String, Value>, name: String, value: Value) {
    match object.get_mut(&name) {
        None => drop(object.insert(name, value)),
        Some(Value::Array(list)) => list.push(value),
        Some(first) => {
            let list = vec![first.take(), value];
            *first = Value::Array(list);
        }
    }
}

/// A JSON body as XML, below an element `root`; a list outside of any object is so many elements `item`.
///
/// # Errors
/// It is no JSON, a name in it can be no element's, or what comes of it is too long.
pub fn from_json(body: &[u8], root: &str) -> Result<Vec<u8>, Fault> {
    let value: Value = serde_json::from_slice(body).map_err(|error| {
        Fault::new(format!(
            "is no JSON that can be read, at line {} column {}",
            error.line(),
            error.column()
        ))
    })?;
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    write(&mut text, root, &value, 0)?;
    match Document::parse(&text) {
        Ok(_) => Ok(text.into_bytes()),
        // Names are what they should be, so it is their prefixes; the upstream would be the first to see that.
        Err(_) => Err(Fault::new(
            "has names with a prefix that none of them declares, or with one that is reserved",
        )),
    }
}

fn write(text: &mut String, name: &str, value: &Value, depth: usize) -> Result<(), Fault> {
    if depth > MOST_DEEP {
        return Err(Fault::new(format!("is nested deeper than {MOST_DEEP}")));
    }
    if !is_name(name) {
        return Err(Fault::new(format!(
            "`{}` can be no element's name",
            shown(name)
        )));
    }
    if text.len() > MOST_BYTES {
        return Err(Fault::new(format!(
            "would be longer than {MOST_BYTES} bytes"
        )));
    }
    let inner = match value {
        Value::Array(list) => {
            text.push('<');
            text.push_str(name);
            text.push('>');
            for item in list {
                write(text, "item", item, depth + 1)?;
            }
            return close(text, name);
        }
        Value::Object(object) => return write_object(text, name, object, depth),
        Value::Null => String::new(),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::String(inner) => inner.clone(),
    };
    text.push('<');
    text.push_str(name);
    text.push('>');
    escape(text, &inner);
    close(text, name)
}

fn write_object(
    text: &mut String,
    name: &str,
    object: &Map<String, Value>,
    depth: usize,
) -> Result<(), Fault> {
    text.push('<');
    text.push_str(name);
    for (key, value) in object {
        if let Some(attribute) = key.strip_prefix('@') {
            if !is_name(attribute) {
                return Err(Fault::new(format!(
                    "`{}` can be no attribute's name",
                    shown(attribute)
                )));
            }
            text.push_str(&format!(" {attribute}=\""));
            escape(text, &plain(value));
            text.push('"');
        }
    }
    text.push('>');
    for (key, value) in object.iter().filter(|(key, _)| !key.starts_with('@')) {
        match value {
            _ if key == "#text" => escape(text, &plain(value)),
            Value::Array(list) => {
                for item in list {
                    write(text, key, item, depth + 1)?;
                }
            }
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::String(_)
            | Value::Object(_) => {
                write(text, key, value, depth + 1)?;
            }
        }
    }
    close(text, name)
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "the last word of functions that may fail"
)]
fn close(text: &mut String, name: &str) -> Result<(), Fault> {
    text.push_str("</");
    text.push_str(name);
    text.push('>');
    Ok(())
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
    }
}

/// Characters that XML 1.0 cannot have at all are left out.
fn escape(text: &mut String, inner: &str) {
    for letter in inner.chars() {
        match letter {
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            '&' => text.push_str("&amp;"),
            '"' => text.push_str("&quot;"),
            '\t' | '\n' | '\r' => text.push(letter),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {}
            _ => text.push(letter),
        }
    }
}

/// The names that are meant by most: letters, digits and `_-.`, with at most one prefix.
fn is_name(name: &str) -> bool {
    let is_part = |part: &str| {
        let mut letters = part.chars();
        letters
            .next()
            .is_some_and(|it| it.is_alphabetic() || it == '_')
            && letters.all(|it| it.is_alphanumeric() || "_-.".contains(it))
    };
    let (prefix, local) = name.split_once(':').unwrap_or(("x", name));
    name.len() <= MOST_NAME && is_part(prefix) && is_part(local)
}

fn shown(name: &str) -> String {
    name.chars().take(50).flat_map(char::escape_debug).collect()
}

const MOST_DEEP: usize = 100;
const MOST_NODES: u32 = 200_000;
const MOST_NAME: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;

    /// As a value: the order of names is nobody's business.
    fn json(xml: &str) -> Result<Value, String> {
        let made = to_json(xml.as_bytes()).map_err(|it| it.to_string())?;
        Ok(serde_json::from_slice(&made).unwrap())
    }

    fn value(text: &str) -> Value {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn elements_attributes_lists_and_texts_are_told_apart() {
        for (xml, expected) in [
            ("<a/>", r#"{"a":null}"#),
            ("<a> x &lt; </a>", r#"{"a":"x <"}"#),
            (
                "<a b=\"1\"><c>2</c><c>3</c><d/></a>",
                r#"{"a":{"@b":"1","c":["2","3"],"d":null}}"#,
            ),
            (
                "<a b='1'>t<!-- no --></a>",
                r##"{"a":{"#text":"t","@b":"1"}}"##,
            ),
            ("<a><![CDATA[<x>]]></a>", r#"{"a":"<x>"}"#),
            (
                "<s:a xmlns:s='urn:s'><s:b>1</s:b></s:a>",
                r#"{"s:a":{"s:b":"1"}}"#,
            ),
        ] {
            assert_eq!(json(xml), Ok(value(expected)), "{xml}");
        }
    }

    #[test]
    fn what_would_grow_or_cannot_be_read_is_refused() {
        let bomb = "<!DOCTYPE a [<!ENTITY e 'eeee'>]><a>&e;</a>";
        let deep = format!("{}{}", "<a>".repeat(500), "</a>".repeat(500));
        for bad in [bomb, deep.as_str(), "<a>", "", "{}"] {
            assert!(json(bad).is_err(), "{bad:.40}");
        }
        assert!(to_json(b"<a>\xff</a>").is_err());
    }

    #[test]
    fn json_is_written_as_it_would_be_read() {
        let written = from_json(
            br#"{"a":{"@b":"1<","c":[2,"x&y"],"d":null,"e":true},"f":[[1]]}"#,
            "root",
        )
        .unwrap();
        let text = String::from_utf8(written).unwrap();
        let (_, element) = text.split_once('\n').unwrap();
        assert_eq!(
            element,
            "<root><a b=\"1&lt;\"><c>2</c><c>x&amp;y</c><d></d><e>true</e></a><f><item>1</item></f></root>"
        );
        let back = json(&text).unwrap();
        let expected =
            r#"{"root":{"a":{"@b":"1<","c":["2","x&y"],"d":null,"e":"true"},"f":{"item":"1"}}}"#;
        assert_eq!(back, value(expected));
        for bad in [
            r#"{"a b":1}"#,
            r#"{"<x>":1}"#,
            r#"{"@1":1}"#,
            "{",
            r#"{"":1}"#,
            r#"[{"xmlns:x":"y"}]"#,
            r#"{"s:a":"no such prefix"}"#,
        ] {
            assert!(from_json(bad.as_bytes(), "root").is_err(), "{bad}");
        }
    }
}
