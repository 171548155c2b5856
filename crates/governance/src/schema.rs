//! JSON Schema as far as rules use it: types, values, bounds, properties, items, and combinations of these.

use regex_lite::Regex;
use serde_json::{Map, Value};

use crate::{function::word, path};

/// A schema that was read.
#[derive(Clone, Debug)]
pub(crate) struct Schema {
    root: Value,
    /// Patterns by their text, compiled once.
    patterns: Vec<(String, Regex)>,
}

type Faults = Vec<(Vec<String>, String)>;

impl Schema {
    pub(crate) fn read(schema: &Value) -> Result<Self, String> {
        if !schema.is_object() && !schema.is_boolean() {
            return Err("`schema` is no schema".to_owned());
        }
        let mut patterns = Vec::new();
        known(schema, schema, &mut patterns, 0)?;
        Ok(Self {
            root: schema.clone(),
            patterns,
        })
    }

    pub(crate) fn check(&self, value: &Value) -> Faults {
        let mut trace = Trace::at(0);
        self.at(&self.root, value, &mut trace);
        trace.faults
    }

    fn below(&self, schema: &Value, value: &Value, trace: &mut Trace) {
        trace.depth += 1;
        self.at(schema, value, trace);
        trace.depth -= 1;
    }

    fn at(&self, schema: &Value, value: &Value, trace: &mut Trace) {
        if trace.depth > DEPTH || trace.faults.len() >= FAULTS {
            return;
        }
        let Value::Object(said) = schema else {
            if schema == &Value::Bool(false) {
                trace.tell("must not be there");
            }
            return;
        };
        if let Some(target) = said
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(|it| self.root.pointer(it.strip_prefix('#')?))
        {
            self.below(target, value, trace);
        }
        if let Some(kind) = said.get("type").filter(|kind| !is_of(value, kind)) {
            trace.tell(format!("must be of the type `{}`", word(kind)));
        }
        if let Some(values) = said.get("enum").and_then(Value::as_array)
            && !values.contains(value)
        {
            let values: Vec<String> = values.iter().map(word).collect();
            trace.tell(format!("must be one of `{}`", values.join("`, `")));
        }
        if let Some(only) = said.get("const").filter(|only| *only != value) {
            trace.tell(format!("must be `{}`", word(only)));
        }
        for message in bounds(said, value) {
            trace.tell(message);
        }
        if let (Some(text), Some(pattern)) =
            (value.as_str(), said.get("pattern").and_then(Value::as_str))
            && !self.matches(pattern, text)
        {
            trace.tell(format!("must match `{pattern}`"));
        }
        if let Value::Object(members) = value {
            self.members(said, members, trace);
        }
        if let Value::Array(items) = value {
            self.items(said, items, trace);
        }
        self.combined(said, value, trace);
    }

    fn matches(&self, pattern: &str, text: &str) -> bool {
        let found = self.patterns.iter().find(|(known, _)| known == pattern);
        found.is_none_or(|(_, pattern)| pattern.is_match(text))
    }

    fn members(&self, said: &Map<String, Value>, members: &Map<String, Value>, trace: &mut Trace) {
        let required = said
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        for name in required
            .filter_map(Value::as_str)
            .filter(|name| !members.contains_key(*name))
        {
            trace.tell(format!("must have `{name}`"));
        }
        let none = Map::new();
        let object = |name: &str| said.get(name).and_then(Value::as_object).unwrap_or(&none);
        let (properties, patterns) = (object("properties"), object("patternProperties"));
        for (name, member) in members {
            trace.keys.push(name.clone());
            let mut is_known = false;
            if let Some(schema) = properties.get(name) {
                is_known = true;
                self.below(schema, member, trace);
            }
            for (pattern, schema) in patterns {
                if self.matches(pattern, name) {
                    is_known = true;
                    self.below(schema, member, trace);
                }
            }
            match said.get("additionalProperties").filter(|_| !is_known) {
                Some(Value::Bool(false)) => trace.tell("must not be there"),
                Some(schema) => self.below(schema, member, trace),
                None => {}
            }
            if let Some(schema) = said.get("propertyNames") {
                self.below(schema, &Value::String(name.clone()), trace);
            }
            trace.keys.pop();
        }
    }

    fn items(&self, said: &Map<String, Value>, items: &[Value], trace: &mut Trace) {
        if said.get("uniqueItems") == Some(&Value::Bool(true)) {
            let twice = items
                .iter()
                .enumerate()
                .find(|(index, item)| items.iter().take(*index).any(|it| it == *item));
            if let Some((_, item)) = twice {
                trace.tell(format!("has `{}` twice", word(item)));
            }
        }
        if let Some(schema) = said.get("items") {
            for (index, item) in items.iter().enumerate() {
                trace.keys.push(index.to_string());
                self.below(schema, item, trace);
                trace.keys.pop();
            }
        }
        if let Some(schema) = said.get("contains")
            && !items
                .iter()
                .any(|item| self.is_met(schema, item, trace.depth))
        {
            trace.tell("has no item that is asked for");
        }
    }

    fn combined(&self, said: &Map<String, Value>, value: &Value, trace: &mut Trace) {
        let list = |name: &str| said.get(name).and_then(Value::as_array);
        for schema in list("allOf").into_iter().flatten() {
            self.below(schema, value, trace);
        }
        let depth = trace.depth;
        let met = |all: &[Value]| {
            all.iter()
                .filter(|schema| self.is_met(schema, value, depth))
                .count()
        };
        if list("anyOf").is_some_and(|all| met(all) == 0) {
            trace.tell("is none of what it may be".to_owned());
        }
        if let Some(number) = list("oneOf")
            .map(|all| met(all))
            .filter(|number| *number != 1)
        {
            trace.tell(format!(
                "must be exactly one of what it may be, and is {number}"
            ));
        }
        if said
            .get("not")
            .is_some_and(|schema| self.is_met(schema, value, trace.depth))
        {
            trace.tell("is what it must not be".to_owned());
        }
        if let Some(condition) = said.get("if") {
            let branch = if self.is_met(condition, value, trace.depth) {
                "then"
            } else {
                "else"
            };
            if let Some(schema) = said.get(branch) {
                self.below(schema, value, trace);
            }
        }
    }

    fn is_met(&self, schema: &Value, value: &Value, depth: usize) -> bool {
        let mut trace = Trace::at(depth + 1);
        self.at(schema, value, &mut trace);
        trace.faults.is_empty()
    }
}

/// Where in a value the comparison is, and what was found.
struct Trace {
    keys: Vec<String>,
    faults: Faults,
    depth: usize,
}

impl Trace {
    const fn at(depth: usize) -> Self {
        Self {
            keys: Vec::new(),
            faults: Vec::new(),
            depth,
        }
    }

    fn tell(&mut self, message: impl Into<String>) {
        self.faults.push((self.keys.clone(), message.into()));
    }
}

fn bounds(said: &Map<String, Value>, value: &Value) -> Vec<String> {
    let count = |number: usize| u32::try_from(number).map_or(f64::INFINITY, f64::from);
    let (size, words): (f64, [&str; 2]) = match value {
        Value::String(text) => (count(text.chars().count()), ["minLength", "maxLength"]),
        Value::Array(items) => (count(items.len()), ["minItems", "maxItems"]),
        Value::Object(members) => (count(members.len()), ["minProperties", "maxProperties"]),
        Value::Number(number) => (number.as_f64().unwrap_or(0.0), ["minimum", "maximum"]),
        Value::Null | Value::Bool(_) => return Vec::new(),
    };
    let [least, most] = words;
    let bound = |name: &str| said.get(name).and_then(Value::as_f64);
    let mut told = Vec::new();
    if let Some(least) = bound(least).filter(|least| size < *least) {
        told.push(format!("must not be less than {least}"));
    }
    if let Some(most) = bound(most).filter(|most| size > *most) {
        told.push(format!("must not be more than {most}"));
    }
    if value.is_number() {
        if let Some(least) = bound("exclusiveMinimum").filter(|least| size <= *least) {
            told.push(format!("must be more than {least}"));
        }
        if let Some(most) = bound("exclusiveMaximum").filter(|most| size >= *most) {
            told.push(format!("must be less than {most}"));
        }
    }
    told
}

fn is_of(value: &Value, kind: &Value) -> bool {
    match kind {
        Value::Array(kinds) => kinds.iter().any(|kind| is_of(value, kind)),
        Value::String(kind) => match kind.as_str() {
            "object" => value.is_object(),
            "array" => value.is_array(),
            "string" => value.is_string(),
            "boolean" => value.is_boolean(),
            "null" => value.is_null(),
            "number" => value.is_number(),
            "integer" => value.as_f64().is_some_and(|it| it.fract() == 0.0),
            _ => true,
        },
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => true,
    }
}

/// Refuses words that would be passed over, and compiles patterns.
fn known(
    root: &Value,
    schema: &Value,
    patterns: &mut Vec<(String, Regex)>,
    depth: usize,
) -> Result<(), String> {
    let Value::Object(said) = schema else {
        return Ok(());
    };
    if depth > DEPTH {
        return Err("`schema` is nested too deep".to_owned());
    }
    for (name, value) in said {
        match name.as_str() {
            "$ref" => {
                let target = value.as_str().and_then(|it| it.strip_prefix('#'));
                if target.is_none_or(|pointer| root.pointer(pointer).is_none()) {
                    return Err(format!(
                        "`$ref` `{}` leads to nothing within the schema",
                        word(value)
                    ));
                }
            }
            "pattern" => add(&word(value), patterns)?,
            "properties" | "patternProperties" | "definitions" | "$defs" => {
                for (key, inner) in value.as_object().into_iter().flatten() {
                    if name == "patternProperties" {
                        add(key, patterns)?;
                    }
                    known(root, inner, patterns, depth + 1)?;
                }
            }
            "allOf" | "anyOf" | "oneOf" => {
                for inner in value.as_array().into_iter().flatten() {
                    known(root, inner, patterns, depth + 1)?;
                }
            }
            "items"
            | "additionalProperties"
            | "not"
            | "if"
            | "then"
            | "else"
            | "contains"
            | "propertyNames" => {
                known(root, value, patterns, depth + 1)?;
            }
            word if WORDS.contains(&word) || word.starts_with("x-") => {}
            other => {
                return Err(format!(
                    "`{other}` is no word of a schema that is taken here"
                ));
            }
        }
    }
    Ok(())
}

fn add(pattern: &str, patterns: &mut Vec<(String, Regex)>) -> Result<(), String> {
    if !patterns.iter().any(|(known, _)| known == pattern) {
        patterns.push((pattern.to_owned(), path::regex(pattern)?));
    }
    Ok(())
}

const WORDS: &[&str] = &[
    "$id",
    "$schema",
    "title",
    "description",
    "examples",
    "default",
    "$comment",
    "type",
    "enum",
    "const",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "minProperties",
    "maxProperties",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "required",
    "uniqueItems",
    "format",
    "deprecated",
    "readOnly",
    "writeOnly",
];
const DEPTH: usize = 40;
const FAULTS: usize = 100;

#[cfg(test)]
mod tests;
