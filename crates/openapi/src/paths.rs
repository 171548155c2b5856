//! Paths to operations: every method of every path item, also behind a `$ref`, or a fault that says why not.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use crate::definition::{Format, Operation};
use crate::fault::{FaultCode, Findings};
use crate::limit::{MAX_CHAIN, MAX_OPERATIONS, MAX_SCOPES, MAX_SCOPES_EACH, MAX_VALUES};
use crate::pointer::{Pointer, Target, resolve};
use crate::security::{Schemes, auth_type, throttling_tier, throttling_weight};
use crate::template;

/// All operations in the order of the document.
pub(crate) fn read(
    document: &Value,
    format: Format,
    schemes: &Schemes<'_>,
    findings: &mut Findings,
) -> Vec<Operation> {
    let at = Pointer::ROOT.at("paths");
    let paths = match document.get("paths") {
        Some(Value::Object(paths)) => paths,
        Some(_) => {
            findings.fault(FaultCode::WrongType, &at, "`paths` must be an object");
            return Vec::new();
        }
        None => {
            no_paths(document, format, findings);
            return Vec::new();
        }
    };
    let mut reading = Reading {
        document,
        format,
        schemes,
        findings,
        operations: Vec::new(),
        seen: HashMap::new(),
        ids: HashSet::new(),
        scopes: 0,
        referred: 0,
        weights: HashMap::new(),
    };
    for (path, item) in paths.iter().filter(|(path, _)| !path.starts_with("x-")) {
        reading.path(path, item, &at.at(path));
        if let Some((code, message)) = reading.exceeded() {
            findings.fault(code, &at, message);
            return Vec::new();
        }
    }
    let operations = reading.operations;
    if operations.is_empty() && findings.faults.is_empty() {
        findings.fault(FaultCode::NoOperation, &at, "there is no operation to call");
    }
    operations
}

fn no_paths(document: &Value, format: Format, findings: &mut Findings) {
    let webhooks = document.get("webhooks").is_some();
    match format {
        Format::OpenApi31 | Format::OpenApi32 if webhooks => findings.fault(
            FaultCode::NoOperation,
            &Pointer::ROOT,
            "there are only webhooks, which callers cannot call; add `paths`",
        ),
        Format::OpenApi31 | Format::OpenApi32 => findings.fault(
            FaultCode::NoOperation,
            &Pointer::ROOT,
            "there is no operation to call; add `paths`",
        ),
        Format::Swagger2 | Format::OpenApi30 => {
            findings.fault(
                FaultCode::MissingField,
                &Pointer::ROOT,
                "`paths` is missing",
            );
        }
    }
}

struct Reading<'d, 'r> {
    document: &'d Value,
    format: Format,
    schemes: &'r Schemes<'d>,
    findings: &'r mut Findings,
    operations: Vec<Operation>,
    /// Template without names, and its methods -> the template as written first.
    seen: HashMap<String, Seen<'d>>,
    ids: HashSet<&'d str>,
    /// Scopes of all operations so far.
    scopes: usize,
    /// Weight of all path items that were reached by reference, once for each time.
    referred: usize,
    /// Weight of each of them.
    weights: HashMap<*const Map<String, Value>, usize>,
}

struct Seen<'d> {
    template: &'d str,
    methods: HashSet<String>,
}

impl<'d> Reading<'d, '_> {
    /// The limit that the operations so far break.
    fn exceeded(&self) -> Option<(FaultCode, String)> {
        if self.operations.len() > MAX_OPERATIONS {
            let message = format!("more than {MAX_OPERATIONS} operations; split the API");
            return Some((FaultCode::TooManyOperations, message));
        }
        if self.scopes > MAX_SCOPES {
            let message = format!("the operations name scopes more than {MAX_SCOPES} times");
            return Some((FaultCode::TooManyScopes, message));
        }
        (self.referred > MAX_VALUES).then(|| {
            let message = format!(
                "more than {MAX_VALUES} values with path items filled in for their references"
            );
            (FaultCode::TooManyValues, message)
        })
    }

    fn path(&mut self, path: &'d str, item: &'d Value, at: &Pointer<'_>) {
        if let Some(flaw) = template::flaw(path) {
            let message = format_args!("`{path}`: {flaw}");
            self.findings.fault(FaultCode::InvalidTemplate, at, message);
        } else if path.contains(['?', '#']) {
            self.findings.warn(
                FaultCode::NoEffect,
                at,
                format_args!("`{path}`: what follows `?` or `#` does not take part in matching"),
            );
        }
        let Value::Object(item) = item else {
            let message = format_args!("`{path}` must be an object with methods");
            return self.findings.fault(FaultCode::WrongType, at, message);
        };
        let Some(chain) = chain(self.document, item, at, self.findings) else {
            self.referred += MAX_CHAIN;
            return;
        };
        for item in chain.iter().skip(1) {
            self.referred += *self
                .weights
                .entry(std::ptr::from_ref(*item))
                .or_insert_with(|| weight(item));
        }
        if self.referred > MAX_VALUES {
            return;
        }
        // What stands beside a `$ref` wins over what the reference leads to.
        let mut met: HashSet<&str> = HashSet::new();
        for (name, value) in chain.into_iter().flatten() {
            if met.insert(name) {
                self.member(path, name, value, at);
            }
        }
    }

    fn member(&mut self, path: &'d str, name: &'d str, value: &'d Value, at: &Pointer<'_>) {
        let here = at.at(name);
        if self.format.methods().contains(&name) {
            self.operation(path, name.to_ascii_uppercase(), value, &here);
        } else if name == "additionalOperations" && self.format == Format::OpenApi32 {
            for (method, value) in value.as_object().into_iter().flatten() {
                self.operation(path, method.clone(), value, &here.at(method));
            }
        } else if !PATH_ITEM_FIELDS.contains(&name) && !name.starts_with("x-") {
            self.unknown(name, value, &here);
        }
        if name == "servers" {
            self.findings.warn(
                FaultCode::NoEffect,
                &here,
                "servers of a single path have no effect; the API's endpoint is used",
            );
        }
    }

    /// A name that this format does not have: a lost operation if it looks like one, else a word too many.
    fn unknown(&mut self, name: &str, value: &Value, at: &Pointer<'_>) {
        let format = self.format;
        if value.get("responses").is_some_and(Value::is_object) {
            self.findings.fault(
                FaultCode::UnknownMethod,
                at,
                format_args!(
                    "`{name}` is no method of {format}; write one of its methods in lower case"
                ),
            );
        } else {
            let message = format_args!("`{name}` is no field of a path item of {format}");
            self.findings.warn(FaultCode::UnknownField, at, message);
        }
    }

    fn operation(&mut self, path: &'d str, method: String, value: &'d Value, at: &Pointer<'_>) {
        if !value.is_object() {
            let message = format_args!("the operation `{method} {path}` must be an object");
            return self.findings.fault(FaultCode::WrongType, at, message);
        }
        if !is_token(&method) {
            let message = format_args!("`{method}` is no HTTP method");
            return self.findings.fault(FaultCode::UnknownMethod, at, message);
        }
        self.note_ambiguity(path, &method, at);
        let operation_id = text(value, "operationId");
        if let Some(id) = operation_id
            && !self.ids.insert(id)
        {
            let message = format_args!("`{id}` is the `operationId` of another operation too");
            let at = at.at("operationId");
            self.findings
                .warn(FaultCode::DuplicateOperationId, &at, message);
        }
        let scopes = self.schemes.scopes_of(value);
        if scopes.len() > MAX_SCOPES_EACH {
            let message = format_args!("more than {MAX_SCOPES_EACH} scopes for one operation");
            return self.findings.fault(FaultCode::TooManyScopes, at, message);
        }
        self.scopes += scopes.len();
        self.operations.push(Operation {
            method,
            template: path.to_owned(),
            operation_id: operation_id.map(str::to_owned),
            summary: text(value, "summary").map(str::to_owned),
            scopes: scopes.into_owned(),
            security: auth_type(value, at, self.findings),
            throttling_tier: throttling_tier(value),
            throttling_weight: throttling_weight(value),
        });
    }

    /// `/a/{b}` and `/a/{c}` match the same requests: a fault for the same method, worth a look for another.
    fn note_ambiguity(&mut self, path: &'d str, method: &str, at: &Pointer<'_>) {
        let seen = self
            .seen
            .entry(template::nameless(path))
            .or_insert_with(|| Seen {
                template: path,
                methods: HashSet::new(),
            });
        let first = seen.template;
        let same_method = !seen.methods.insert(method.to_owned());
        if first == path {
            return;
        }
        if same_method {
            let message = format_args!(
                "`{method} {path}` matches the same requests as `{first}`; keep one of them"
            );
            self.findings
                .fault(FaultCode::AmbiguousTemplate, at, message);
        } else {
            let message =
                format_args!("`{path}` is `{first}` with other names; use the same names");
            self.findings
                .warn(FaultCode::AmbiguousTemplate, at, message);
        }
    }
}

/// What another copy of these members costs: their values, long texts by their length.
fn weight(members: &Map<String, Value>) -> usize {
    let weights = members
        .iter()
        .map(|(name, value)| name.len() / 64 + weight_of(value));
    1 + weights.sum::<usize>()
}

fn weight_of(value: &Value) -> usize {
    match value {
        Value::Object(members) => weight(members),
        Value::Array(items) => 1 + items.iter().map(weight_of).sum::<usize>(),
        Value::String(text) => 1 + text.len() / 64,
        Value::Null | Value::Bool(_) | Value::Number(_) => 1,
    }
}

/// A path item and those that its `$ref` leads to, one after another; `None` after a fault.
fn chain<'d>(
    document: &'d Value,
    item: &'d Map<String, Value>,
    at: &Pointer<'_>,
    findings: &mut Findings,
) -> Option<Vec<&'d Map<String, Value>>> {
    let at = at.at("$ref");
    let mut items = vec![item];
    let mut here = item;
    while let Some(reference) = here.get("$ref") {
        let reference = reference.as_str().unwrap_or_default();
        let (code, what) = match resolve(document, reference) {
            Target::Found(Value::Object(_)) if items.len() > MAX_CHAIN => {
                (FaultCode::CircularReference, "leads back to itself")
            }
            Target::Found(Value::Object(next)) => {
                items.push(next);
                here = next;
                continue;
            }
            Target::Found(_) => (FaultCode::WrongType, "is no path item"),
            Target::Missing | Target::Anchor => (
                FaultCode::UnresolvedReference,
                "leads nowhere in this document",
            ),
            Target::External => (
                FaultCode::ExternalReference,
                "leads out of this document; bundle it into one file",
            ),
        };
        let message = format_args!("the path item `{reference}` {what}");
        findings.fault(code, &at, message);
        return None;
    }
    Some(items)
}

/// A path item with what its `$ref` leads to written out; what stands beside a reference wins.
pub(crate) fn inlined(document: &Value, item: &Value) -> Map<String, Value> {
    let Value::Object(item) = item else {
        return Map::new();
    };
    let mut unheard = Findings::default();
    let mut whole = item.clone();
    if let Some(chain) = chain(document, item, &Pointer::ROOT, &mut unheard)
        && chain.len() > 1
    {
        whole.shift_remove("$ref");
        for (name, value) in chain.into_iter().skip(1).flatten() {
            if name != "$ref" && !whole.contains_key(name) {
                whole.insert(name.clone(), value.clone());
            }
        }
    }
    whole
}

/// A method by RFC 9110 section 5.6.2.
pub(crate) fn is_token(method: &str) -> bool {
    let mark = |byte: u8| b"!#$%&'*+-.^_`|~".contains(&byte);
    !method.is_empty()
        && method
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || mark(byte))
}

fn text<'v>(value: &'v Value, name: &str) -> Option<&'v str> {
    value.get(name).and_then(Value::as_str)
}

const PATH_ITEM_FIELDS: [&str; 5] = ["$ref", "summary", "description", "servers", "parameters"];

#[cfg(test)]
mod tests;
