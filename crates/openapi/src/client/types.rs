//! Schemas as types.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::words::{Names, comment, pascal, property};

/// The named schemas of a document, each with the name of its type.
pub(super) struct Types<'a> {
    schemas: Option<&'a Map<String, Value>>,
    /// What `$ref`s to them begin with.
    prefix: &'static str,
    names: BTreeMap<&'a str, String>,
}

impl<'a> Types<'a> {
    pub(super) fn of(document: &'a Value) -> Self {
        let (prefix, schemas) = match document.get("definitions") {
            Some(schemas) => ("#/definitions/", schemas.as_object()),
            None => (
                "#/components/schemas/",
                document
                    .pointer("/components/schemas")
                    .and_then(Value::as_object),
            ),
        };
        let mut given = Names::taken(BUILT_IN);
        let names = schemas.into_iter().flatten();
        let names = names
            .map(|(name, _)| (name.as_str(), given.give(&pascal(name))))
            .collect();
        Self {
            schemas,
            prefix,
            names,
        }
    }

    /// All of them, declared.
    pub(super) fn declared(&self) -> String {
        let schemas = self.schemas.into_iter().flatten();
        schemas
            .filter_map(|(name, schema)| {
                let told = schema.get("description").and_then(Value::as_str);
                let note = comment("", &[told.unwrap_or_default()]);
                let name = self.names.get(name.as_str())?;
                let is = self.is(schema, 0);
                Some(format!("\n{note}export type {name} = {is};\n"))
            })
            .collect()
    }

    /// The type of a schema.
    pub(super) fn of_schema(&self, schema: &Value) -> String {
        self.is(schema, 0)
    }

    fn is(&self, schema: &Value, depth: usize) -> String {
        let Some(members) = schema.as_object().filter(|_| depth < DEEPEST) else {
            return UNKNOWN.to_owned();
        };
        if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
            return self.named(reference);
        }
        let is = self.without_null(members, depth);
        let is_nullable = members.get("nullable").and_then(Value::as_bool) == Some(true);
        if is_nullable && is != UNKNOWN {
            format!("{is} | null")
        } else {
            is
        }
    }

    fn named(&self, reference: &str) -> String {
        let name = reference.strip_prefix(self.prefix);
        // A name in a pointer has `/` and `~` written otherwise.
        let name = name.map(|name| name.replace("~1", "/").replace("~0", "~"));
        let found = name.and_then(|name| self.names.get(name.as_str()));
        found.cloned().unwrap_or_else(|| UNKNOWN.to_owned())
    }

    fn without_null(&self, members: &Map<String, Value>, depth: usize) -> String {
        if let Some(value) = members.get("const") {
            return value.to_string();
        }
        if let Some(values) = members.get("enum").and_then(Value::as_array) {
            return joined(values.iter().map(Value::to_string), " | ");
        }
        for (word, between) in [("oneOf", " | "), ("anyOf", " | "), ("allOf", " & ")] {
            if let Some(parts) = members.get(word).and_then(Value::as_array) {
                let parts = parts
                    .iter()
                    .map(|part| grouped(self.is(part, depth + 1), between));
                return joined(parts, between);
            }
        }
        match members.get("type") {
            Some(Value::Array(kinds)) => {
                let kinds = kinds.iter().filter_map(Value::as_str);
                joined(kinds.map(|kind| self.of_kind(kind, members, depth)), " | ")
            }
            Some(Value::String(kind)) => self.of_kind(kind, members, depth),
            _ if members.contains_key("properties") => self.object(members, depth),
            _ => UNKNOWN.to_owned(),
        }
    }

    fn of_kind(&self, kind: &str, members: &Map<String, Value>, depth: usize) -> String {
        match kind {
            "string" if members.get("format").and_then(Value::as_str) == Some("binary") => {
                "Blob".to_owned()
            }
            "string" | "boolean" | "null" => kind.to_owned(),
            "file" => "Blob".to_owned(),
            "integer" | "number" => "number".to_owned(),
            "array" => {
                let items = members.get("items").unwrap_or(&Value::Null);
                format!("Array<{}>", self.is(items, depth + 1))
            }
            "object" => self.object(members, depth),
            _ => UNKNOWN.to_owned(),
        }
    }

    fn object(&self, members: &Map<String, Value>, depth: usize) -> String {
        let properties = members.get("properties").and_then(Value::as_object);
        let more = match members.get("additionalProperties") {
            Some(Value::Object(schema)) => Some(self.is(&Value::Object(schema.clone()), depth + 1)),
            Some(Value::Bool(false)) => None,
            _ if properties.is_none_or(Map::is_empty) => Some(UNKNOWN.to_owned()),
            _ => None,
        };
        let Some(properties) = properties.filter(|properties| !properties.is_empty()) else {
            let more = more.unwrap_or_else(|| "never".to_owned());
            return format!("Record<string, {more}>");
        };
        let required = members.get("required").and_then(Value::as_array);
        let is_required = |name: &str| {
            required.is_some_and(|all| all.iter().any(|one| one.as_str() == Some(name)))
        };
        let fields = properties.iter().map(|(name, schema)| {
            let mark = if is_required(name) { "" } else { "?" };
            format!("{}{mark}: {}", property(name), self.is(schema, depth + 1))
        });
        let own = format!("{{ {} }}", joined(fields, "; "));
        match more {
            // Both have to hold, and TypeScript has no word for "the others".
            Some(_) => format!("{own} & Record<string, {UNKNOWN}>"),
            None => own,
        }
    }
}

fn grouped(is: String, between: &str) -> String {
    if between == " & " && is.contains(" | ") {
        format!("({is})")
    } else {
        is
    }
}

fn joined(parts: impl Iterator<Item = String>, between: &str) -> String {
    let parts: Vec<String> = parts.collect();
    if parts.is_empty() {
        UNKNOWN.to_owned()
    } else {
        parts.join(between)
    }
}

pub(super) const UNKNOWN: &str = "unknown";
/// Deeper than any schema that people write; one that names itself is a type of its own.
const DEEPEST: usize = 32;
/// Names that the file itself uses.
const BUILT_IN: &[&str] = &[
    "Array",
    "ApiError",
    "Blob",
    "Client",
    "ClientOptions",
    "Error",
    "FormData",
    "Headers",
    "Place",
    "Promise",
    "Record",
    "RequestInit",
    "Response",
    "String",
    "URLSearchParams",
    "Object",
    "Number",
    "Boolean",
];
