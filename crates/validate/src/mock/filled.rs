//! A definition of which every reply has an example: what lacks one gets the value that a gateway would answer with.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{made::Maker, says};
use crate::contract::{compile::members, essence, is_json};

/// A definition with its examples.
#[derive(Debug)]
pub struct Filled {
    /// The definition; what an author wrote into it is as it was.
    pub document: Value,
    /// JSON pointers of the examples that were made.
    pub made: Vec<String>,
    /// JSON pointers of replies, by content type, that are still without one: no value was found that keeps their schema,
    /// or their content type is one for which none is made.
    pub left: Vec<String>,
    /// Was there no room for all? Then filling the result goes on where this one ended.
    pub is_cut: bool,
}

/// Gives an example to each reply of each operation that has a schema and no example. The same definition always gives the
/// same; one that is filled already is not changed. One call makes 1 MiB of examples at the most.
#[must_use]
pub fn filled(document: &Value) -> Filled {
    let mut search = Search {
        maker: Maker::of(document),
        seen: BTreeSet::new(),
        made: Vec::new(),
        left: Vec::new(),
        bytes: 0,
        is_cut: false,
    };
    for (path, item) in members(document.get("paths")) {
        let at = format!("/paths/{}", escaped(path));
        search.item(document, &at, item);
    }
    let Search {
        made, left, is_cut, ..
    } = search;
    let mut document = document.clone();
    for example in &made {
        example.put(&mut document);
    }
    Filled {
        document,
        made: made.iter().map(Made::pointer).collect(),
        left,
        is_cut,
    }
}

/// One example, and where it goes.
struct Made {
    /// Of the object that gets it.
    place: String,
    /// `example`, or a content type of Swagger's `examples`.
    name: String,
    value: Value,
    is_swagger: bool,
}

impl Made {
    fn pointer(&self) -> String {
        let Self { place, name, .. } = self;
        match self.is_swagger {
            true => format!("{place}/examples/{}", escaped(name)),
            false => format!("{place}/{name}"),
        }
    }

    fn put(&self, document: &mut Value) {
        let Some(Value::Object(mut holder)) = document.pointer_mut(&self.place).map(Value::take)
        else {
            return;
        };
        if self.is_swagger {
            let list = holder.entry("examples").or_insert_with(|| json!({}));
            if let Value::Object(list) = list {
                list.insert(self.name.clone(), self.value.clone());
            }
        } else {
            // An empty list of them beside it would be a second answer to the same question.
            holder.remove("examples");
            holder.insert(self.name.clone(), self.value.clone());
        }
        if let Some(slot) = document.pointer_mut(&self.place) {
            *slot = Value::Object(holder);
        }
    }
}

struct Search<'a> {
    maker: Maker<'a>,
    /// Pointers of replies: operations share them.
    seen: BTreeSet<String>,
    made: Vec<Made>,
    left: Vec<String>,
    bytes: usize,
    is_cut: bool,
}

impl<'a> Search<'a> {
    fn item(&mut self, document: &'a Value, at: &str, item: &'a Value) {
        let (at, item) = led(document, at, item);
        for method in METHODS {
            let Some(operation) = item.get(method) else {
                continue;
            };
            for (status, reply) in members(operation.get("responses")) {
                if status.starts_with("x-") {
                    continue;
                }
                let at = format!("{at}/{method}/responses/{}", escaped(status));
                let (at, reply) = led(document, &at, reply);
                if self.seen.insert(at.clone()) {
                    self.reply(document, operation, &at, reply);
                }
            }
        }
    }

    fn reply(&mut self, document: &Value, operation: &Value, at: &str, reply: &Value) {
        for (kind, media) in members(reply.get("content")) {
            let place = format!("{at}/content/{}", escaped(kind));
            if has_example(media) {
                continue;
            }
            if let Some(schema) = media.get("schema") {
                self.make(&essence(kind), schema, |value| Made {
                    place: place.clone(),
                    name: "example".to_owned(),
                    value,
                    is_swagger: false,
                });
            }
        }
        let shown = reply.get("examples").and_then(Value::as_object);
        if document.get("swagger").is_none() || shown.is_some_and(|it| !it.is_empty()) {
            return;
        }
        if let Some(schema) = reply.get("schema") {
            let kind = produced(document, operation);
            self.make(&essence(kind), schema, |value| Made {
                place: at.to_owned(),
                name: kind.to_owned(),
                value,
                is_swagger: true,
            });
        }
    }

    fn make(&mut self, kind: &str, schema: &Value, made: impl Fn(Value) -> Made) {
        if self.is_cut {
            return;
        }
        // Only texts are made for what is not JSON, and few of those have a schema.
        let value = self
            .maker
            .valid(schema)
            .filter(|value| !value.is_null() && says(kind, value));
        let Some(value) = value else {
            self.left.push(made(Value::Null).place);
            return;
        };
        self.bytes += value.to_string().len();
        self.is_cut = self.bytes > MOST_BYTES;
        if !self.is_cut {
            self.made.push(made(value));
        }
    }
}

/// Where a reference within the document leads to; itself, where there is none.
fn led<'a>(document: &'a Value, at: &str, value: &'a Value) -> (String, &'a Value) {
    let mut found = (at.to_owned(), value);
    for _ in 0..MOST_HOPS {
        let Some(pointer) = found.1.get("$ref").and_then(Value::as_str) else {
            return found;
        };
        let pointer = pointer.strip_prefix('#').map(crate::contract::decoded);
        let Some((pointer, target)) =
            pointer.and_then(|it| document.pointer(&it).map(|target| (it.clone(), target)))
        else {
            return (found.0, &Value::Null);
        };
        found = (pointer, target);
    }
    (found.0, &Value::Null)
}

fn has_example(media: &Value) -> bool {
    let listed = media.get("examples").and_then(Value::as_object);
    media.get("example").is_some() || listed.is_some_and(|it: &Map<_, _>| !it.is_empty())
}

/// Swagger 2.0: the first JSON that the operation gives, or its first content type.
fn produced<'a>(document: &'a Value, operation: &'a Value) -> &'a str {
    let list = operation
        .get("produces")
        .or_else(|| document.get("produces"));
    let kinds = || {
        let list = list.and_then(Value::as_array).into_iter().flatten();
        list.filter_map(Value::as_str)
    };
    kinds()
        .find(|kind| is_json(&essence(kind)))
        .or_else(|| kinds().next())
        .unwrap_or("application/json")
}

fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];
/// References to references.
const MOST_HOPS: usize = 20;
const MOST_BYTES: usize = 1024 * 1024;

#[cfg(test)]
mod tests;
