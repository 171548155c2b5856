//! Schemas as they are kept: JSON Schema's own words, with remarks left out, references turned into numbers, and what
//! OpenAPI 3.0 and Swagger 2.0 say in their own way said in the way of 2020-12.

use std::collections::BTreeMap;

use regex_lite::{Regex, RegexBuilder};
use serde_json::{Map, Value, json};

/// The document, and what was taken out of it so far.
pub(crate) struct Schemas<'a> {
    document: &'a Value,
    /// 3.0 and Swagger 2.0: `nullable`, and exclusive bounds as booleans.
    is_old: bool,
    numbers: BTreeMap<String, usize>,
    /// References that are being followed.
    depth: usize,
    pub(crate) kept: Vec<Value>,
    /// Places and reasons.
    pub(super) faults: Vec<(String, String)>,
}

impl<'a> Schemas<'a> {
    pub(crate) fn of(document: &'a Value) -> Self {
        let version = document.get("openapi").and_then(Value::as_str);
        Self {
            document,
            is_old: version.is_none_or(|version| version.starts_with("3.0")),
            numbers: BTreeMap::new(),
            depth: 0,
            kept: Vec::new(),
            faults: Vec::new(),
        }
    }

    /// What a value refers to, if it does: `$ref` to this document, followed to its end.
    pub(super) fn resolved(&self, value: &'a Value) -> &'a Value {
        let mut at = value;
        for _ in 0..MOST_HOPS {
            let Some(pointer) = at.get("$ref").and_then(Value::as_str) else {
                return at;
            };
            let found = pointer
                .strip_prefix('#')
                .and_then(|pointer| self.document.pointer(&unescaped(pointer)));
            let Some(found) = found else {
                return &Value::Null;
            };
            at = found;
        }
        &Value::Null
    }

    /// As [`Self::resolved`], for what lives shorter than the document.
    pub(crate) fn followed<'v>(&'v self, value: &'v Value) -> &'v Value {
        let pointer = value.get("$ref").and_then(Value::as_str);
        let Some(pointer) = pointer.and_then(|pointer| pointer.strip_prefix('#')) else {
            return value;
        };
        let found = self.document.pointer(&unescaped(pointer));
        found.map_or(&Value::Null, |found| self.resolved(found))
    }

    /// A schema in its kept form.
    pub(crate) fn schema(&mut self, given: &Value, place: &str) -> Value {
        let Some(given) = given.as_object() else {
            return json!(given.as_bool().unwrap_or(true));
        };
        if let Some(pointer) = given.get("$ref").and_then(Value::as_str) {
            let number = self.number(pointer, place);
            let referred = number.map_or(Value::Bool(true), |number| json!({ "$ref": number }));
            if self.is_old || given.len() == 1 {
                return referred;
            }
            let rest: Map<String, Value> = given
                .iter()
                .filter(|(key, _)| *key != "$ref")
                .map(|(key, value)| (key.clone(), value.clone()))
                .collect();
            let rest = self.schema(&Value::Object(rest), place);
            return json!({ "allOf": [referred, rest] });
        }
        let mut kept = Map::new();
        for (key, value) in given {
            self.keyword(key, value, &mut kept, place);
        }
        if self.is_old {
            modernize(given, &mut kept);
        }
        Value::Object(kept)
    }

    /// The number under which what a reference means is kept; `None` for one that leads out of the document.
    fn number(&mut self, pointer: &str, place: &str) -> Option<usize> {
        if let Some(number) = self.numbers.get(pointer) {
            return Some(*number);
        }
        let document = self.document;
        let target = pointer
            .strip_prefix('#')
            .and_then(|pointer| document.pointer(&unescaped(pointer)));
        let Some(target) = target else {
            let reason = format!("`{pointer}` is not in the definition");
            self.faults.push((place.to_owned(), reason));
            return None;
        };
        let number = self.kept.len();
        self.kept.push(Value::Bool(true));
        self.numbers.insert(pointer.to_owned(), number);
        if self.depth >= MOST_DEPTH {
            let reason = format!("has more than {MOST_DEPTH} references inside each other");
            self.faults.push((place.to_owned(), reason));
            return None;
        }
        self.depth += 1;
        let schema = self.schema(target, pointer);
        self.depth -= 1;
        if let Some(slot) = self.kept.get_mut(number) {
            *slot = schema;
        }
        Some(number)
    }

    fn keyword(&mut self, key: &str, value: &Value, kept: &mut Map<String, Value>, place: &str) {
        let inner = match key {
            "items"
            | "additionalProperties"
            | "not"
            | "contains"
            | "propertyNames"
            | "if"
            | "then"
            | "else" => {
                // Before 2020-12 an array of schemas stood here.
                if let Some(list) = value.as_array() {
                    kept.insert("prefixItems".to_owned(), self.list(list, place));
                    return;
                }
                self.schema(value, place)
            }
            "allOf" | "anyOf" | "oneOf" | "prefixItems" => match value.as_array() {
                Some(list) => self.list(list, place),
                None => return,
            },
            "properties" | "patternProperties" | "dependentSchemas" => {
                let Some(named) = value.as_object() else {
                    return;
                };
                let mut read = Map::new();
                for (name, schema) in named {
                    if key == "patternProperties" {
                        self.pattern(name, place);
                    }
                    read.insert(name.clone(), self.schema(schema, place));
                }
                Value::Object(read)
            }
            "pattern" => {
                self.pattern(value.as_str().unwrap_or_default(), place);
                value.clone()
            }
            "discriminator" => match self.discriminator(value, place) {
                Some(read) => read,
                None => return,
            },
            "type" if value == "file" => return,
            "type" | "enum" | "const" | "minimum" | "maximum" | "exclusiveMinimum"
            | "exclusiveMaximum" | "multipleOf" | "minLength" | "maxLength" | "format"
            | "minItems" | "maxItems" | "uniqueItems" | "minContains" | "maxContains"
            | "required" | "minProperties" | "maxProperties" | "dependentRequired" | "readOnly"
            | "writeOnly" => value.clone(),
            _ => return,
        };
        kept.insert(key.to_owned(), inner);
    }

    fn list(&mut self, list: &[Value], place: &str) -> Value {
        list.iter().map(|it| self.schema(it, place)).collect()
    }

    fn pattern(&mut self, pattern: &str, place: &str) {
        if let Err(reason) = regex(pattern) {
            let shown: String = pattern.chars().take(100).collect();
            self.faults.push((
                place.to_owned(),
                format!("the pattern `{shown}` cannot be held to in linear time: {reason}"),
            ));
        }
    }

    /// `propertyName`, and the numbers of the schemas that its values mean, where they are said.
    fn discriminator(&mut self, given: &Value, place: &str) -> Option<Value> {
        let name = given.get("propertyName").and_then(Value::as_str)?;
        let mut mapping = Map::new();
        let said = given.get("mapping").and_then(Value::as_object);
        for (value, target) in said.into_iter().flatten() {
            let target = target.as_str().unwrap_or_default();
            let pointer = if target.starts_with('#') {
                target.to_owned()
            } else {
                format!("#/components/schemas/{target}")
            };
            if let Some(number) = self.number(&pointer, place) {
                mapping.insert(value.clone(), json!(number));
            }
        }
        Some(json!({ "propertyName": name, "mapping": mapping }))
    }
}

/// Says in the words of 2020-12 what older versions say by `nullable` and by boolean exclusive bounds.
fn modernize(given: &Map<String, Value>, kept: &mut Map<String, Value>) {
    for (exclusive, bound) in [
        ("exclusiveMinimum", "minimum"),
        ("exclusiveMaximum", "maximum"),
    ] {
        match given.get(exclusive) {
            Some(Value::Bool(true)) => {
                if let Some(limit) = kept.remove(bound) {
                    kept.insert(exclusive.to_owned(), limit);
                }
            }
            Some(Value::Bool(false)) => drop(kept.remove(exclusive)),
            _ => {}
        }
    }
    let is_nullable = ["nullable", "x-nullable"]
        .iter()
        .any(|key| given.get(*key) == Some(&Value::Bool(true)));
    if is_nullable {
        kept.insert("nullable".to_owned(), json!(true));
    }
}

/// A pattern of the definition (ECMA-262) in linear time; what needs backtracking is refused.
pub(crate) fn regex(pattern: &str) -> Result<Regex, String> {
    RegexBuilder::new(pattern)
        .size_limit(REGEX_BYTES)
        .build()
        .map_err(|error| error.to_string())
}

/// A pointer in a fragment is percent-encoded.
fn unescaped(pointer: &str) -> String {
    super::parameter::decoded(pointer)
}

/// References to references.
const MOST_HOPS: usize = 20;
/// References inside what is referred to; each takes a piece of the stack.
const MOST_DEPTH: usize = 100;
/// What one compiled pattern may take.
const REGEX_BYTES: usize = 256 * 1024;
