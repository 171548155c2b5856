//! Every `$ref` of the document: those that lead nowhere, into other files, or back to themselves.

use std::collections::HashSet;

use serde_json::Value;

use crate::fault::{FaultCode, Findings};
use crate::limit::MAX_CHAIN;
use crate::pointer::{Pointer, Target, resolve};

/// Warns of references that an importer cannot follow. Schemas may refer to themselves; a chain of nothing but
/// references may not. Path items are left to the reader of paths, for which they are faults.
pub(crate) fn check(document: &Value, findings: &mut Findings) {
    let mut walk = Walk {
        document,
        findings,
        good: HashSet::new(),
    };
    walk.value(document, &Pointer::ROOT, Place::Keywords);
}

/// Whether the keys of an object are the standard's words or the author's names.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Keywords,
    Names,
    Paths,
    PathItem,
}

struct Walk<'d, 'f> {
    document: &'d Value,
    findings: &'f mut Findings,
    good: HashSet<&'d str>,
}

impl<'d> Walk<'d, '_> {
    fn value(&mut self, value: &'d Value, at: &Pointer<'_>, place: Place) {
        match value {
            Value::Object(members) => {
                if let (Some(Value::String(reference)), Place::Keywords) =
                    (members.get("$ref"), place)
                {
                    self.reference(reference, &at.at("$ref"));
                }
                for (name, member) in members {
                    if let Some(inner) = place_of(name, place) {
                        self.value(member, &at.at(name), inner);
                    }
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    if item.is_object() || item.is_array() {
                        self.value(item, &at.at(&index.to_string()), Place::Keywords);
                    }
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    fn reference(&mut self, reference: &'d str, at: &Pointer<'_>) {
        if self.good.contains(reference) {
            return;
        }
        match resolve(self.document, reference) {
            // A full list is told no more: following every chain of a hostile document would take seconds.
            Target::Found(found)
                if !self.findings.warnings.is_full() && circular(self.document, found) =>
            {
                let message = format_args!(
                    "`{reference}` leads from reference to reference and never to a value"
                );
                self.findings
                    .warn(FaultCode::CircularReference, at, message);
            }
            Target::Found(_) | Target::Anchor => {
                self.good.insert(reference);
            }
            Target::Missing => self.findings.warn(
                FaultCode::UnresolvedReference,
                at,
                format_args!("`{reference}` leads nowhere in this document"),
            ),
            Target::External => self.findings.warn(
                FaultCode::ExternalReference,
                at,
                format_args!("`{reference}` leads out of this document; bundle it into one file"),
            ),
        }
    }
}

/// What a member holds; `None` for literals, in which a `$ref` is a value like any other.
fn place_of(name: &str, around: Place) -> Option<Place> {
    match around {
        Place::Names => Some(Place::Keywords),
        Place::Paths if name.starts_with("x-") => None,
        Place::Paths => Some(Place::PathItem),
        Place::Keywords | Place::PathItem => match name {
            "example" | "examples" | "default" | "enum" | "const" => None,
            "paths" | "webhooks" => Some(Place::Paths),
            "properties"
            | "patternProperties"
            | "definitions"
            | "$defs"
            | "schemas"
            | "dependentSchemas"
            | "securityDefinitions"
            | "parameters"
            | "responses"
            | "headers"
            | "requestBodies"
            | "securitySchemes"
            | "links"
            | "callbacks"
            | "pathItems"
            | "content" => Some(Place::Names),
            _ if name.starts_with("x-") => None,
            _ => Some(Place::Keywords),
        },
    }
}

/// Whether following `$ref` after `$ref` from here never ends.
fn circular<'d>(document: &'d Value, start: &'d Value) -> bool {
    let mut seen: Vec<&str> = Vec::new();
    let mut here = start;
    while let Some(reference) = here.get("$ref").and_then(Value::as_str) {
        if seen.len() >= MAX_CHAIN || seen.contains(&reference) {
            return true;
        }
        seen.push(reference);
        match resolve(document, reference) {
            Target::Found(found) => here = found,
            Target::Missing | Target::Anchor | Target::External => return false,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check_one(document: &Value, expected: &[(FaultCode, &str)]) {
        let mut findings = Findings::default();
        check(document, &mut findings);
        assert!(findings.faults.is_empty(), "{document}");
        let found: Vec<_> = findings
            .warnings
            .list
            .iter()
            .map(|w| (w.code, w.pointer.as_str()))
            .collect();
        assert_eq!(found, expected, "{document}");
    }

    #[test]
    fn schema_may_refer_to_itself() {
        check_one(
            &json!({"definitions": {"Node": {"properties": {"next": {"$ref": "#/definitions/Node"}}}}}),
            &[],
        );
    }

    #[test]
    fn references_that_lead_nowhere_are_named() {
        check_one(
            &json!({"components": {"schemas": {
                "A": {"$ref": "#/components/schemas/None"},
                "B": {"items": [{"$ref": "other.yaml#/B"}]},
                "C": {"$ref": "#/components/schemas/D"},
                "D": {"$ref": "#/components/schemas/C"},
                "E": {"$ref": "#anchor"}
            }}}),
            &[
                (FaultCode::UnresolvedReference, "/components/schemas/A/$ref"),
                (
                    FaultCode::ExternalReference,
                    "/components/schemas/B/items/0/$ref",
                ),
                (FaultCode::CircularReference, "/components/schemas/C/$ref"),
                (FaultCode::CircularReference, "/components/schemas/D/$ref"),
            ],
        );
    }

    #[test]
    fn literals_and_names_are_no_references() {
        check_one(
            &json!({"definitions": {
                "A": {"example": {"$ref": "nowhere"}, "enum": [{"$ref": "nowhere"}]},
                "B": {"properties": {"$ref": {"type": "string"}, "example": {"type": "string"}}},
                "$ref": {"type": "object"}
            }, "x-own": {"$ref": "nowhere"}, "paths": {"/a": {"$ref": "nowhere"}}}),
            &[],
        );
    }
}
