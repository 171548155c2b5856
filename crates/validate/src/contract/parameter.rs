//! Parameters: found in the path, the query, the headers or the cookies, read as their style says, and held against
//! their schema.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Number, Value};

use super::{Contract, Direction, Violation, evaluate, place::Place, read, violation};

/// The parts of a call that have parameters.
#[derive(Clone, Copy, Debug)]
pub struct Call<'a> {
    /// The operation's template.
    pub template: &'a str,
    /// The path below the base path, canonical.
    pub path: &'a str,
    /// The query without its question mark.
    pub query: &'a str,
    /// Header names in lower case, and their values.
    pub headers: &'a [(&'a str, &'a str)],
}

/// One parameter that the contract names.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Parameter {
    pub(super) name: String,
    #[serde(rename = "in")]
    pub(super) part: Part,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) required: bool,
    #[serde(default)]
    pub(super) style: Style,
    pub(super) schema: Value,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Part {
    Path,
    Query,
    Header,
    Cookie,
}

/// How several values stand in one text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Style {
    /// Each value with the name again: `id=1&id=2`; of an object, each property as a parameter.
    #[default]
    Repeated,
    /// `1,2`, and of an object `a,1,b,2`.
    Commas,
    /// As commas, but of an object `a=1,b=2`.
    Pairs,
    /// `1 2`.
    Spaces,
    /// `1|2`.
    Pipes,
    /// Tabulators (Swagger 2.0).
    Tabs,
    /// `id[a]=1&id[b]=2`.
    Deep,
    /// JSON.
    Json,
}

impl Parameter {
    /// Adds what is wrong with it.
    pub(super) fn check(&self, contract: &Contract, call: &Call<'_>, found: &mut Vec<Violation>) {
        let name = self.place();
        let given = if self.style == Style::Deep {
            self.deep(contract, call)
        } else {
            self.plain(contract, call)
        };
        let instance = match given {
            Given::Nothing if self.required => {
                return found.push(violation(name, "is missing"));
            }
            Given::Nothing => return,
            Given::Unreadable(reason) => return found.push(violation(name, reason)),
            Given::Value(instance) => instance,
        };
        found.extend(evaluate::violations(
            contract,
            &self.schema,
            &instance,
            Place::root(&name),
            Direction::Request,
        ));
    }

    fn place(&self) -> String {
        let part = match self.part {
            Part::Path => "path",
            Part::Query => "query",
            Part::Header => "header",
            Part::Cookie => "cookie",
        };
        format!("{part}.{}", self.name)
    }

    fn plain(&self, contract: &Contract, call: &Call<'_>) -> Given {
        let values = self.values(call);
        if self.style == Style::Json {
            return match values.first() {
                None => Given::Nothing,
                Some(text) => match read::strictly(text.as_bytes()) {
                    Ok(value) => Given::Value(value),
                    Err(reason) => Given::Unreadable(reason),
                },
            };
        }
        let kind = kind(contract, &self.schema);
        if kind == "object" && self.style == Style::Repeated {
            return self.exploded(contract, call);
        }
        let Some(first) = values.first() else {
            return Given::Nothing;
        };
        Given::Value(match kind.as_str() {
            "array" => {
                let items = self.split(&values);
                let schema = inner(contract, &self.schema, "items");
                let read = |item: &String| scalar(contract, schema, item);
                Value::Array(items.iter().map(read).collect())
            }
            "object" => self.flat(contract, first),
            _ if values.len() > 1 => {
                return Given::Unreadable(format!("is given {} times", values.len()));
            }
            _ => scalar(contract, &self.schema, first),
        })
    }

    /// All values under the name, decoded.
    fn values(&self, call: &Call<'_>) -> Vec<String> {
        match self.part {
            Part::Path => in_path(call.template, call.path, &self.name)
                .into_iter()
                .collect(),
            Part::Query => pairs(call.query)
                .filter(|(name, _)| *name == self.name)
                .map(|(_, value)| value)
                .collect(),
            Part::Header => {
                let lower = self.name.to_ascii_lowercase();
                let all = call.headers.iter().filter(|(name, _)| *name == lower);
                all.map(|(_, value)| value.trim().to_owned()).collect()
            }
            Part::Cookie => call
                .headers
                .iter()
                .filter(|(name, _)| *name == "cookie")
                .flat_map(|(_, value)| value.split(';'))
                .filter_map(|pair| pair.trim().split_once('='))
                .filter(|(name, _)| *name == self.name)
                .map(|(_, value)| decoded(value))
                .collect(),
        }
    }

    fn split(&self, values: &[String]) -> Vec<String> {
        let separator = match self.style {
            Style::Spaces => ' ',
            Style::Pipes => '|',
            Style::Tabs => '\t',
            Style::Commas | Style::Pairs => ',',
            Style::Repeated | Style::Deep | Style::Json => return values.to_vec(),
        };
        values
            .iter()
            .flat_map(|value| value.split(separator))
            .map(|item| item.trim().to_owned())
            .collect()
    }

    /// An object in one text: `a,1,b,2`, or `a=1,b=2`.
    fn flat(&self, contract: &Contract, text: &str) -> Value {
        let mut object = Map::new();
        let mut parts = text.split(',');
        while let Some(part) = parts.next() {
            let (name, value) = match (self.style, part.split_once('=')) {
                (Style::Pairs, Some(pair)) => pair,
                _ => (part, parts.next().unwrap_or_default()),
            };
            let schema = property(contract, &self.schema, name);
            object.insert(name.to_owned(), scalar(contract, schema, value));
        }
        Value::Object(object)
    }

    /// An object whose properties are parameters themselves. Only those that it names are taken for its own.
    fn exploded(&self, contract: &Contract, call: &Call<'_>) -> Given {
        let schema = followed(contract, &self.schema);
        let named = schema.get("properties").and_then(Value::as_object);
        let mut object = Map::new();
        for (name, value) in pairs(call.query) {
            if let Some(schema) = named.and_then(|it| it.get(&name)) {
                object.insert(name, scalar(contract, schema, &value));
            }
        }
        match object.is_empty() {
            true => Given::Nothing,
            false => Given::Value(Value::Object(object)),
        }
    }

    fn deep(&self, contract: &Contract, call: &Call<'_>) -> Given {
        let mut object = Map::new();
        for (name, value) in pairs(call.query) {
            let inside = name
                .strip_prefix(&self.name)
                .and_then(|rest| rest.strip_prefix('[')?.strip_suffix(']'));
            if let Some(name) = inside {
                let schema = property(contract, &self.schema, name);
                object.insert(name.to_owned(), scalar(contract, schema, &value));
            }
        }
        match object.is_empty() {
            true => Given::Nothing,
            false => Given::Value(Value::Object(object)),
        }
    }
}

enum Given {
    Nothing,
    Unreadable(String),
    Value(Value),
}

/// The text that stands for a name of the template.
fn in_path(template: &str, path: &str, name: &str) -> Option<String> {
    let wanted = format!("{{{name}}}");
    let mut segments = path.split('/');
    for part in template.split('/') {
        let segment = segments.next()?;
        let Some((before, after)) = part.split_once(&wanted) else {
            continue;
        };
        // Of several names in one segment, where each ends cannot be known; all of it is taken.
        let inner = match after.contains('{') || before.contains('}') {
            true => segment,
            false => segment.strip_prefix(before)?.strip_suffix(after)?,
        };
        return Some(decoded(inner));
    }
    None
}

fn pairs(query: &str) -> impl Iterator<Item = (String, String)> {
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let spaced = |text: &str| decoded(&text.replace('+', " "));
            (spaced(name), spaced(value))
        })
}

/// Percent-decoded, as far as it can be.
pub(crate) fn decoded(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let mut ahead = rest.clone();
        let code = match byte {
            b'%' => hex(ahead.next()).zip(hex(ahead.next())),
            _ => None,
        };
        match code {
            Some((high, low)) => {
                bytes.push(high << 4 | low);
                rest = ahead;
            }
            None => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex(byte: Option<u8>) -> Option<u8> {
    let digit = char::from(byte?).to_digit(16)?;
    u8::try_from(digit).ok()
}

/// A text as a value of the type that its schema has; as the text that it is when it is none.
fn scalar(contract: &Contract, schema: &Value, text: &str) -> Value {
    let as_text = || Value::String(text.to_owned());
    match kind(contract, schema).as_str() {
        "integer" | "number" => {
            let is_plain = text.bytes().all(|byte| {
                byte.is_ascii_digit() || matches!(byte, b'-' | b'.' | b'e' | b'E' | b'+')
            });
            let number = is_plain.then(|| text.parse::<Number>().ok()).flatten();
            number.map_or_else(as_text, Value::Number)
        }
        "boolean" => match text {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            _ => as_text(),
        },
        "null" if text.is_empty() || text == "null" => Value::Null,
        _ => as_text(),
    }
}

fn followed<'a>(contract: &'a Contract, schema: &'a Value) -> &'a Value {
    let mut at = schema;
    for _ in 0..10 {
        let number = at.get("$ref").and_then(Value::as_u64);
        match number.and_then(|number| contract.numbered(number)) {
            Some(next) => at = next,
            None => break,
        }
    }
    at
}

/// The type that a schema has: the first one that is not `null`, also inside its alternatives; empty for any.
fn kind(contract: &Contract, schema: &Value) -> String {
    kind_within(contract, schema, 0)
}

fn kind_within(contract: &Contract, schema: &Value, depth: u32) -> String {
    let schema = followed(contract, schema);
    let said = match schema.get("type") {
        Some(Value::String(kind)) => Some(kind.as_str()),
        Some(Value::Array(kinds)) => kinds
            .iter()
            .filter_map(Value::as_str)
            .find(|kind| *kind != "null"),
        _ => None,
    };
    if let Some(kind) = said {
        return kind.to_owned();
    }
    if depth >= 5 {
        return String::new();
    }
    for keyword in ["allOf", "anyOf", "oneOf"] {
        let parts = schema.get(keyword).and_then(Value::as_array);
        for part in parts.into_iter().flatten() {
            let kind = kind_within(contract, part, depth + 1);
            if !kind.is_empty() {
                return kind;
            }
        }
    }
    String::new()
}

fn inner<'a>(contract: &'a Contract, schema: &'a Value, keyword: &str) -> &'a Value {
    let schema = followed(contract, schema);
    schema.get(keyword).unwrap_or(&Value::Bool(true))
}

fn property<'a>(contract: &'a Contract, schema: &'a Value, name: &str) -> &'a Value {
    let schema = followed(contract, schema);
    let named = schema.get("properties").and_then(|it| it.get(name));
    named
        .or_else(|| schema.get("additionalProperties"))
        .unwrap_or(&Value::Bool(true))
}
