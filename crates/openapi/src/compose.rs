//! Documents made of operations, and documents brought in line with operations that were edited.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use crate::definition::{Format, Operation};
use crate::fault::{Fault, FaultCode, Findings};
use crate::limit::MAX_OPERATIONS;
use crate::paths::is_token;
use crate::pointer::Pointer;
use crate::template;

mod edit;

use edit::Edit;

/// A minimal OpenAPI 3.0 document for an API that was made without one.
///
/// # Errors
/// Faults of the operations; their pointers begin with `/operations`.
pub fn from_operations(
    title: &str,
    version: &str,
    operations: &[Operation],
) -> Result<Value, Vec<Fault>> {
    let empty = json!({
        "openapi": "3.0.3",
        "info": {"title": title, "version": version},
        "paths": {},
    });
    apply_operations(&empty, operations)
}

/// The document with exactly these operations: others are removed, missing ones added, and `x-auth-type`,
/// `x-throttling-tier` and scopes changed where they differ. Everything else stays, in its order.
///
/// `security: None` leaves what the document says; `operation_id` and `summary` are used for added operations only.
///
/// # Errors
/// Faults of the operations; their pointers begin with `/operations`.
pub fn apply_operations(document: &Value, operations: &[Operation]) -> Result<Value, Vec<Fault>> {
    let format = Format::of(document);
    check(operations, format)?;
    let mut edit = Edit::new(document, format);
    let mut wanted = by_path(operations);
    let mut paths = Map::new();
    let before = document.get("paths").and_then(Value::as_object);
    for (path, item) in before.into_iter().flatten() {
        if let Some(kept) = wanted.remove(path.as_str()) {
            paths.insert(path.clone(), edit.path_item(path, item, kept));
        } else if path.starts_with("x-") || !edit.has_operations(item) {
            paths.insert(path.clone(), item.clone());
        }
    }
    // In the caller's order: the map has forgotten it.
    for operation in operations {
        if let Some(added) = wanted.remove(operation.template.as_str()) {
            let item = Value::Object(Map::new());
            let item = edit.path_item(&operation.template, &item, added);
            paths.insert(operation.template.clone(), item);
        }
    }
    let mut after = document.clone();
    if let Value::Object(root) = &mut after {
        root.insert("paths".to_owned(), Value::Object(paths));
        edit.declare(root);
    }
    Ok(after)
}

/// What a reader would refuse of these operations.
fn check(operations: &[Operation], format: Format) -> Result<(), Vec<Fault>> {
    let mut findings = Findings::default();
    let all = Pointer::ROOT.at("operations");
    if operations.len() > MAX_OPERATIONS {
        let message = format_args!("more than {MAX_OPERATIONS} operations; split the API");
        findings.fault(FaultCode::TooManyOperations, &all, message);
    }
    let mut seen: HashMap<(&str, String), &str> = HashMap::new();
    for (index, operation) in operations.iter().enumerate().take(MAX_OPERATIONS) {
        let Operation {
            method, template, ..
        } = operation;
        let index = index.to_string();
        let at = all.at(&index);
        if let Some(flaw) = template::flaw(template) {
            let message = format_args!("`{template}`: {flaw}");
            findings.fault(FaultCode::InvalidTemplate, &at, message);
        }
        if key_of(method, format).is_none() {
            let message = format_args!("`{method}` is no method of {format}");
            findings.fault(FaultCode::UnknownMethod, &at, message);
        }
        if let Some(first) = seen.insert((method, template::nameless(template)), template) {
            let message =
                format_args!("`{method} {template}` matches the same requests as `{first}`");
            findings.fault(FaultCode::AmbiguousTemplate, &at, message);
        }
    }
    let faults = findings.faults.into_list();
    if faults.is_empty() {
        Ok(())
    } else {
        Err(faults)
    }
}

/// Where an operation of this method stands in a path item.
enum MethodKey {
    Field(String),
    Additional,
}

fn key_of(method: &str, format: Format) -> Option<MethodKey> {
    let field = method.to_ascii_lowercase();
    if field.to_ascii_uppercase() == method && format.methods().contains(&field.as_str()) {
        return Some(MethodKey::Field(field));
    }
    (format == Format::OpenApi32 && is_token(method)).then_some(MethodKey::Additional)
}

fn by_path(operations: &[Operation]) -> HashMap<&str, Vec<&Operation>> {
    let mut wanted: HashMap<&str, Vec<&Operation>> = HashMap::new();
    for operation in operations {
        wanted
            .entry(&operation.template)
            .or_default()
            .push(operation);
    }
    wanted
}

#[cfg(test)]
mod tests;
