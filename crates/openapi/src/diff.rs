//! What has changed from one document to the next, and what of it breaks those who call.
//!
//! The caller's side is taken: a request that was good before has to be good after, and a reply must not be without
//! what callers have read in it.

mod schema;

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::{definition::Format, paths::inlined, template};
use schema::{Side, Walk};

/// One change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// Method and path, and where in the operation: `GET /pets, reply 200`.
    pub place: String,
    /// What has changed: lower case, names in backticks.
    pub message: String,
    /// A caller of before may fail.
    pub is_breaking: bool,
}

/// What has changed from `before` to `after`; at most [`MOST`], breaking changes first.
#[must_use]
pub fn changes(before: &Value, after: &Value) -> Vec<Change> {
    let (old, new) = (Operations::of(before), Operations::of(after));
    let mut walk = Walk::new(before, after);
    for (key, was) in &old.all {
        match new.all.get(key) {
            None => walk.breaks(&was.name, "is gone"),
            Some(now) => walk.operation(was, now),
        }
    }
    for (key, now) in &new.all {
        if !old.all.contains_key(key) {
            walk.tells(&now.name, "is new");
        }
    }
    let mut found = walk.found;
    found.sort_by_key(|change| !change.is_breaking);
    found.truncate(MOST);
    found
}

/// Operations by method and the shape of their path: other names of parameters are the same calls.
struct Operations {
    all: BTreeMap<(String, String), Operation>,
}

/// An operation with what it has from its path.
struct Operation {
    name: String,
    parameters: BTreeMap<(String, String), Value>,
    body: Option<Value>,
    replies: BTreeMap<String, Value>,
    /// Names of credentials, each with its scopes; empty for none, `None` for what the document says for all.
    security: Value,
}

impl Operations {
    fn of(document: &Value) -> Self {
        let format = Format::of(document);
        let mut all = BTreeMap::new();
        let paths = document.get("paths").and_then(Value::as_object);
        for (path, item) in paths.into_iter().flatten() {
            let item = inlined(document, item);
            let shared = list(item.get("parameters"));
            for method in format.methods() {
                let Some(Value::Object(operation)) = item.get(*method) else {
                    continue;
                };
                let method = method.to_ascii_uppercase();
                let key = (method.clone(), template::nameless(path));
                let name = format!("{method} {path}");
                all.insert(key, Operation::of(document, name, operation, &shared));
            }
        }
        Self { all }
    }
}

impl Operation {
    fn of(document: &Value, name: String, said: &Map<String, Value>, shared: &[Value]) -> Self {
        let own = list(said.get("parameters"));
        let mut parameters = BTreeMap::new();
        let mut body = said
            .get("requestBody")
            .map(|it| resolved(document, it).clone());
        for parameter in shared.iter().chain(&own) {
            let parameter = resolved(document, parameter);
            let word = |name: &str| {
                parameter
                    .get(name)
                    .and_then(Value::as_str)
                    .unwrap_or_default()
            };
            if word("in") == "body" {
                // Swagger 2.0: its only media type is whatever the API consumes.
                let schema = parameter.get("schema").cloned().unwrap_or_default();
                let required = parameter.get("required").cloned().unwrap_or_default();
                body = Some(
                    serde_json::json!({"required": required, "content": {"*": {"schema": schema}}}),
                );
                continue;
            }
            // A parameter of the path is known by its place in it, not by its name.
            let place = parameters
                .keys()
                .filter(|(kind, _): &&(String, String)| kind == "path")
                .count();
            let name = match word("in") {
                "path"
                    if !parameters.contains_key(&("path".to_owned(), word("name").to_owned())) =>
                {
                    position(&name, word("name")).unwrap_or(place).to_string()
                }
                "header" => word("name").to_ascii_lowercase(),
                _ => word("name").to_owned(),
            };
            parameters.insert((word("in").to_owned(), name), parameter.clone());
        }
        let replies = said.get("responses").and_then(Value::as_object);
        let replies = replies.into_iter().flatten().map(|(status, reply)| {
            let mut reply = resolved(document, reply).clone();
            if let Some(schema) = reply.get("schema").cloned() {
                reply = serde_json::json!({"content": {"*": {"schema": schema}}});
            }
            (status.clone(), reply)
        });
        let security = said.get("security").or_else(|| document.get("security"));
        Self {
            name,
            parameters,
            body,
            replies: replies.collect(),
            security: security.cloned().unwrap_or_default(),
        }
    }
}

impl Walk<'_> {
    fn operation(&mut self, was: &Operation, now: &Operation) {
        let name = &now.name;
        for (key, parameter) in &was.parameters {
            let place = format!("{name}, {} `{}`", key.0, title(parameter));
            match now.parameters.get(key) {
                None => self.tells(&place, "is gone"),
                Some(other) => self.parameter(&place, parameter, other),
            }
        }
        for (key, parameter) in &now.parameters {
            if !was.parameters.contains_key(key) {
                let place = format!("{name}, {} `{}`", key.0, title(parameter));
                if is_required(parameter) {
                    self.breaks(&place, "is new, and required");
                } else {
                    self.tells(&place, "is new");
                }
            }
        }
        self.body(name, was.body.as_ref(), now.body.as_ref());
        for (status, reply) in &was.replies {
            let place = format!("{name}, reply {status}");
            match now.replies.get(status) {
                None if status.starts_with('2') => self.breaks(&place, "is gone"),
                None => self.tells(&place, "is gone"),
                Some(other) => self.content(&place, reply, other, Side::Reply),
            }
        }
        for status in now
            .replies
            .keys()
            .filter(|it| !was.replies.contains_key(*it))
        {
            self.tells(&format!("{name}, reply {status}"), "is new");
        }
        self.security(name, &was.security, &now.security);
    }

    fn parameter(&mut self, place: &str, was: &Value, now: &Value) {
        match (is_required(was), is_required(now)) {
            (false, true) => self.breaks(place, "is required now"),
            (true, false) => self.tells(place, "is not required any more"),
            _ => {}
        }
        // Swagger 2.0 has the schema in the parameter itself.
        let (old, new) = (
            was.get("schema").unwrap_or(was),
            now.get("schema").unwrap_or(now),
        );
        self.schema(place, old, new, Side::Request);
    }

    fn body(&mut self, name: &str, was: Option<&Value>, now: Option<&Value>) {
        let place = format!("{name}, body");
        match (was, now) {
            (None, Some(now)) if is_required(now) => self.breaks(&place, "is new, and required"),
            (None, Some(_)) => self.tells(&place, "is new"),
            (Some(_), None) => self.tells(&place, "is gone"),
            (Some(was), Some(now)) => {
                if is_required(now) && !is_required(was) {
                    self.breaks(&place, "is required now");
                }
                self.content(&place, was, now, Side::Request);
            }
            (None, None) => {}
        }
    }

    fn content(&mut self, place: &str, was: &Value, now: &Value, side: Side) {
        let media = |it: &Value| {
            it.get("content")
                .and_then(Value::as_object)
                .cloned()
                .unwrap_or_default()
        };
        let (old, new) = (media(was), media(now));
        let any = |all: &Map<String, Value>| all.contains_key("*");
        for (kind, said) in &old {
            let is_any = any(&old) || any(&new);
            let other = new
                .get(kind)
                .or_else(|| new.values().next().filter(|_| is_any));
            match other {
                None => self.breaks(&format!("{place}, `{kind}`"), "is gone"),
                Some(other) => {
                    let none = Value::Bool(true);
                    let schema =
                        |it: &Value| it.get("schema").cloned().unwrap_or_else(|| none.clone());
                    let at = if kind == "*" {
                        place.to_owned()
                    } else {
                        format!("{place}, `{kind}`")
                    };
                    self.schema(&at, &schema(said), &schema(other), side);
                }
            }
        }
        for kind in new
            .keys()
            .filter(|kind| !old.contains_key(*kind) && !any(&old) && *kind != "*")
        {
            self.tells(&format!("{place}, `{kind}`"), "is new");
        }
    }

    /// A caller who could come in by one way before, and by none of the ways that it meets now.
    fn security(&mut self, name: &str, was: &Value, now: &Value) {
        let (old, new) = (ways(was), ways(now));
        let meets = |had: &Vec<(String, Vec<String>)>| {
            new.iter().any(|asked| {
                asked.iter().all(|(scheme, scopes)| {
                    let held = had.iter().find(|(known, _)| known == scheme);
                    held.is_some_and(|(_, held)| scopes.iter().all(|scope| held.contains(scope)))
                })
            })
        };
        let place = format!("{name}, credentials");
        if old.iter().any(|had| !meets(had)) {
            self.breaks(&place, "ask for more than before");
        } else if old != new {
            self.tells(&place, "ask for less than before, or for others as well");
        }
    }
}

/// Each way of coming in: what is shown, with which scopes. No requirement at all is one way that asks for nothing.
fn ways(security: &Value) -> Vec<Vec<(String, Vec<String>)>> {
    let all = security.as_array().map(Vec::as_slice).unwrap_or_default();
    if all.is_empty() {
        return vec![Vec::new()];
    }
    let way = |it: &Value| {
        let schemes = it.as_object().into_iter().flatten();
        let scheme = |(name, scopes): (&String, &Value)| {
            let scopes = list(Some(scopes))
                .iter()
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect();
            (name.clone(), scopes)
        };
        schemes.map(scheme).collect()
    };
    all.iter().map(way).collect()
}

/// The place of a parameter among those of the path.
fn position(path: &str, name: &str) -> Option<usize> {
    path.split('{')
        .skip(1)
        .position(|part| part.split('}').next() == Some(name))
}

fn title(parameter: &Value) -> &str {
    parameter
        .get("name")
        .and_then(Value::as_str)
        .unwrap_or_default()
}

fn is_required(value: &Value) -> bool {
    value.get("required").and_then(Value::as_bool) == Some(true)
}

fn list(value: Option<&Value>) -> Vec<Value> {
    value.and_then(Value::as_array).cloned().unwrap_or_default()
}

/// What a value is, or what its reference within the document leads to.
fn resolved<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    let mut found = value;
    for _ in 0..crate::limit::MAX_CHAIN {
        let reference = found.get("$ref").and_then(Value::as_str);
        let Some(pointer) = reference.and_then(|it| it.strip_prefix('#')) else {
            break;
        };
        match document.pointer(pointer) {
            Some(next) => found = next,
            None => break,
        }
    }
    found
}

/// Nobody reads more.
pub const MOST: usize = 500;

#[cfg(test)]
#[expect(
    clippy::needless_pass_by_value,
    reason = "cases read better with `json!` in place"
)]
mod tests;
