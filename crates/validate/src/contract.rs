//! What an API's definition promises, per operation: parameters, bodies, replies. Compiled when a revision is deployed
//! ([`compile`]), kept as a value of its own, and read by a gateway with the first call that needs it.

pub(crate) mod compile;
mod evaluate;
mod format;
mod parameter;
mod place;
mod read;
pub(crate) mod schema;

use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

use regex_lite::Regex;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{mock::Example, threat::Guard};
pub use compile::{Source, compile};
pub use parameter::Call;
use parameter::Parameter;
pub(crate) use parameter::decoded;
use place::Place;
pub(crate) use schema::regex as compile_regex;

/// Changes when a gateway that knows the old form would misread the new one.
pub const CONTRACT_SCHEMA: u32 = 1;

/// The compiled contract of one API.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Contract {
    /// [`CONTRACT_SCHEMA`] of the compiler that wrote it.
    pub schema: u32,
    /// By method and template, as in `GET /pet/{petId}`; an operation that is not here promises nothing.
    pub operations: BTreeMap<String, Operation>,
    /// Schemas that are referred to, by their numbers. A `$ref` in any schema is such a number.
    pub(crate) schemas: Vec<Value>,
    /// Patterns that were met so far, compiled.
    #[serde(skip)]
    patterns: RefCell<BTreeMap<String, Option<Rc<Regex>>>>,
}

/// What one operation promises, and what is watched for.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Operation {
    /// What becomes of requests that break the contract.
    #[serde(skip_serializing_if = "Mode::is_off")]
    pub request: Mode,
    /// What becomes of replies that break it.
    #[serde(skip_serializing_if = "Mode::is_off")]
    pub reply: Mode,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    parameters: Vec<Parameter>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<Body>,
    /// By status: `200`, `4XX` or `default`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    replies: BTreeMap<String, Body>,
    /// Limits and patterns by which requests are refused, whatever the contract says.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub guards: Vec<Guard>,
    /// Most bytes of a request's body; 0 for the gateway's own limit, which counts only for what is read.
    #[serde(skip_serializing_if = "is_zero")]
    pub body_limit: u64,
    /// Content types of a request's body that are let through, lower-case; empty for any.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub content_types: Vec<String>,
    /// Replies of an API without an upstream; empty for one that has one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub examples: Vec<Example>,
}

/// What becomes of a message that breaks the contract.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Nobody looks.
    #[default]
    Off,
    /// It passes, and the log says what it broke.
    Report,
    /// It is refused.
    Block,
}

/// Which way a message goes: `readOnly` and `writeOnly` properties are required one way only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From client to upstream.
    Request,
    /// Back.
    Reply,
}

/// One promise that was not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Where: `path.petId`, `query.limit`, `header.x-shop`, `cookie.sid`, or `body` followed by a JSON pointer.
    pub place: String,
    /// What is wrong with it.
    pub message: String,
}

/// Bodies by content type.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Body {
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    required: bool,
    /// By content type, lower-case, perhaps with `*`; empty for any. The schema is `true` where none is given.
    content: BTreeMap<String, Value>,
}

impl Mode {
    /// Does nobody look?
    #[must_use]
    pub const fn is_off(&self) -> bool {
        matches!(self, Self::Off)
    }
}

#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a reference, which is the larger of the two on wasm32 only"
)]
const fn is_zero(number: &u64) -> bool {
    *number == 0
}

impl Contract {
    /// The promises of an operation, by its method and template.
    #[must_use]
    pub fn operation(&self, method: &str, template: &str) -> Option<&Operation> {
        self.operations.get(&format!("{method} {template}"))
    }

    /// What is wrong with a call's parameters.
    #[must_use]
    pub fn parameters(&self, operation: &Operation, call: &Call<'_>) -> Vec<Violation> {
        let mut found = Vec::new();
        for parameter in &operation.parameters {
            parameter.check(self, call, &mut found);
            if found.len() >= MOST_VIOLATIONS {
                break;
            }
        }
        found
    }

    /// May the body have this content type? Only asked of a request that has a body.
    #[must_use]
    pub fn accepts(operation: &Operation, content_type: &str) -> bool {
        let promised = operation
            .body
            .as_ref()
            .filter(|_| operation.request == Mode::Block);
        let by_contract = promised.is_none_or(|body| {
            body.content.is_empty() || schema_of(&body.content, content_type).is_some()
        });
        let kind = essence(content_type);
        let by_list = operation.content_types.is_empty()
            || operation.content_types.iter().any(|it| covers(it, &kind));
        by_contract && by_list
    }

    /// Does a request's body have to be read to know whether it keeps the contract?
    #[must_use]
    pub fn reads_request(operation: &Operation) -> bool {
        let promised = operation
            .body
            .as_ref()
            .is_some_and(|_| operation.request != Mode::Off);
        promised || operation.body_limit > 0 || operation.guards.iter().any(Guard::reads_body)
    }

    /// What is wrong with a request's body; `None` for one that is not there.
    #[must_use]
    pub fn request_body(
        &self,
        operation: &Operation,
        content_type: &str,
        body: Option<&[u8]>,
    ) -> Vec<Violation> {
        let Some(promised) = &operation.body else {
            return Vec::new();
        };
        let Some(bytes) = body.filter(|bytes| !bytes.is_empty()) else {
            return match promised.required {
                true => vec![violation("body", "is missing")],
                false => Vec::new(),
            };
        };
        self.body(promised, content_type, bytes, Direction::Request)
    }

    /// Does the contract say something of a reply with this status and content type, for which its body must be read?
    #[must_use]
    pub fn reads_reply(operation: &Operation, status: u16, content_type: &str) -> bool {
        operation.reply != Mode::Off
            && promised(operation, status).is_some_and(|body| {
                !body.content.is_empty()
                    && schema_of(&body.content, content_type)
                        .is_none_or(|schema| is_json(&essence(content_type)) && *schema != true)
            })
    }

    /// What is wrong with a reply. A status that the contract does not name passes: it says nothing of it.
    #[must_use]
    pub fn reply(
        &self,
        operation: &Operation,
        status: u16,
        content_type: &str,
        bytes: &[u8],
    ) -> Vec<Violation> {
        promised(operation, status).map_or_else(Vec::new, |body| {
            self.body(body, content_type, bytes, Direction::Reply)
        })
    }

    fn body(
        &self,
        promised: &Body,
        content_type: &str,
        bytes: &[u8],
        direction: Direction,
    ) -> Vec<Violation> {
        if promised.content.is_empty() {
            return Vec::new();
        }
        let Some(schema) = schema_of(&promised.content, content_type) else {
            let known: Vec<&str> = promised.content.keys().map(String::as_str).collect();
            let shown: String = essence(content_type).chars().take(100).collect();
            return vec![violation(
                "header.content-type",
                format!("`{shown}` is none of `{}`", known.join("`, `")),
            )];
        };
        if *schema == true || !is_json(&essence(content_type)) {
            return Vec::new();
        }
        match read::strictly(bytes) {
            Err(reason) => vec![violation("body", reason)],
            Ok(instance) => evaluate::violations(self, schema, &instance, Place::body(), direction),
        }
    }

    /// The schema with a number.
    fn numbered(&self, number: u64) -> Option<&Value> {
        self.schemas.get(usize::try_from(number).ok()?)
    }

    /// Does a text match a pattern? One that cannot be compiled was refused when the API was deployed.
    fn matches(&self, pattern: &str, text: &str) -> bool {
        let mut patterns = self.patterns.borrow_mut();
        if !patterns.contains_key(pattern) {
            patterns.insert(pattern.to_owned(), schema::regex(pattern).ok().map(Rc::new));
        }
        let compiled = patterns.get(pattern).and_then(Option::as_ref);
        compiled.is_none_or(|regex| regex.is_match(text))
    }
}

/// The words in which several violations are told at once.
#[must_use]
pub fn listed(violations: &[Violation]) -> String {
    let first = violations
        .first()
        .map_or_else(String::new, |it| format!("`{}` {}", it.place, it.message));
    match violations.len() {
        0 | 1 => first,
        more => format!("{first}; and {} more", more - 1),
    }
}

/// Does a value keep a schema in its kept form, as a part of a reply?
pub(crate) fn keeps(contract: &Contract, schema: &Value, value: &Value) -> bool {
    evaluate::violations(contract, schema, value, Place::body(), Direction::Reply).is_empty()
}

fn violation(place: impl Into<String>, message: impl Into<String>) -> Violation {
    Violation {
        place: place.into(),
        message: message.into(),
    }
}

fn promised(operation: &Operation, status: u16) -> Option<&Body> {
    let replies = &operation.replies;
    replies
        .get(&status.to_string())
        .or_else(|| replies.get(&format!("{}XX", status / 100)))
        .or_else(|| replies.get("default"))
}

/// A content type without its parameters, lower-case.
pub(crate) fn essence(content_type: &str) -> String {
    let kind = content_type.split(';').next().unwrap_or_default();
    kind.trim().to_ascii_lowercase()
}

pub(crate) fn is_json(kind: &str) -> bool {
    kind == "application/json" || kind.ends_with("+json") || kind == "text/json"
}

/// Does `application/*` or `*/*`, or the kind itself, cover a kind?
pub(crate) fn covers(range: &str, kind: &str) -> bool {
    range == kind
        || range == "*/*"
        || range == "*"
        || range.strip_suffix('*').is_some_and(|it| {
            it.ends_with('/') && kind.strip_prefix(it).is_some_and(|rest| !rest.is_empty())
        })
}

/// The schema for a content type: its own, or else that of the first range which covers it.
fn schema_of<'a>(content: &'a BTreeMap<String, Value>, content_type: &str) -> Option<&'a Value> {
    let kind = essence(content_type);
    content.get(&kind).or_else(|| {
        content
            .iter()
            .rev()
            .find(|(range, _)| covers(range, &kind))
            .map(|(_, it)| it)
    })
}

/// No more are listed, and none is looked for beyond them.
const MOST_VIOLATIONS: usize = 50;

#[cfg(test)]
mod tests;
