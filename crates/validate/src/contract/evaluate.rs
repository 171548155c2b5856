//! Does a value keep to a schema? All that is wrong with it is found, each with its place.
//!
//! The work is bounded: a step of fuel per schema that is looked at, and a depth, since a definition may refer to itself.

mod array;
mod number;
mod object;
mod text;

use serde_json::{Map, Value};

use super::{Contract, Direction, MOST_VIOLATIONS, Violation, place::Place, violation};

/// All that is wrong with a value.
pub(super) fn violations(
    contract: &Contract,
    schema: &Value,
    instance: &Value,
    place: Place<'_>,
    direction: Direction,
) -> Vec<Violation> {
    let mut evaluation = Evaluation {
        contract,
        direction,
        found: Vec::new(),
        most: MOST_VIOLATIONS,
        fuel: FUEL,
    };
    evaluation.value(schema, instance, &place, 0);
    evaluation.found
}

struct Evaluation<'a> {
    contract: &'a Contract,
    direction: Direction,
    found: Vec<Violation>,
    most: usize,
    fuel: u32,
}

/// What is looked at: the whole schema, for keywords that look at each other; the value; where it stands.
#[derive(Clone, Copy)]
struct Spot<'a, 's> {
    schema: &'a Map<String, Value>,
    instance: &'s Value,
    place: &'s Place<'s>,
    depth: u32,
}

impl<'a> Evaluation<'a> {
    fn value(&mut self, schema: &'a Value, instance: &Value, place: &Place<'_>, depth: u32) {
        if self.found.len() >= self.most {
            return;
        }
        if self.fuel == 0 || depth >= MOST_DEPTH {
            self.report(place, "takes too long to be held against the contract");
            return;
        }
        self.fuel -= 1;
        let keywords = match schema {
            Value::Bool(false) => return self.report(place, "is not allowed here"),
            Value::Object(keywords) => keywords,
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::String(_)
            | Value::Array(_) => return,
        };
        if instance.is_null() && keywords.get("nullable") == Some(&Value::Bool(true)) {
            return;
        }
        let spot = Spot {
            schema: keywords,
            instance,
            place,
            depth,
        };
        for (keyword, said) in keywords {
            if keyword == "type" && !self.kind(said, spot) {
                continue;
            }
            self.keyword(keyword, said, spot);
        }
    }

    fn keyword(&mut self, keyword: &str, said: &'a Value, spot: Spot<'a, '_>) {
        match keyword {
            "$ref" => {
                let referred = said.as_u64().and_then(|it| self.contract.numbered(it));
                if let Some(schema) = referred {
                    self.value(schema, spot.instance, spot.place, spot.depth + 1);
                }
            }
            "enum" => self.among(said, spot),
            "const" => {
                if !equal(said, spot.instance) {
                    self.report(spot.place, format!("must be `{}`", shown(said)));
                }
            }
            "allOf" => {
                for schema in said.as_array().into_iter().flatten() {
                    self.value(schema, spot.instance, spot.place, spot.depth + 1);
                }
            }
            "anyOf" | "oneOf" => self.alternatives(keyword == "oneOf", said, spot),
            "not" => {
                if self.probe(said, spot) {
                    self.report(spot.place, "is what the contract excludes (`not`)");
                }
            }
            "if" => {
                let branch = if self.probe(said, spot) {
                    "then"
                } else {
                    "else"
                };
                if let Some(schema) = self.sibling(branch, spot) {
                    self.value(schema, spot.instance, spot.place, spot.depth + 1);
                }
            }
            _ => match spot.instance {
                Value::String(text) => self.text(keyword, said, text, spot),
                Value::Number(number) => self.number(keyword, said, number, spot),
                Value::Array(items) => self.array(keyword, said, items, spot),
                Value::Object(object) => self.object(keyword, said, object, spot),
                Value::Null | Value::Bool(_) => {}
            },
        }
    }

    /// Does the value keep to a schema, by itself?
    fn probe(&mut self, schema: &'a Value, spot: Spot<'a, '_>) -> bool {
        self.trial(schema, spot, 1).is_empty()
    }

    fn trial(&mut self, schema: &'a Value, spot: Spot<'a, '_>, most: usize) -> Vec<Violation> {
        let mut trial = Evaluation {
            contract: self.contract,
            direction: self.direction,
            found: Vec::new(),
            most,
            fuel: self.fuel,
        };
        trial.value(schema, spot.instance, spot.place, spot.depth + 1);
        self.fuel = trial.fuel;
        trial.found
    }

    /// `anyOf`, or `oneOf` where `is_one`. Where a discriminator says which one is meant, its faults are told; else those
    /// of the only one whose type is the value's.
    fn alternatives(&mut self, is_one: bool, said: &'a Value, spot: Spot<'a, '_>) {
        let list = said.as_array().map(Vec::as_slice).unwrap_or_default();
        if let Some(schema) = self.discriminated(spot) {
            let found = self.trial(schema, spot, self.most - self.found.len());
            self.found.extend(found);
            return;
        }
        let mut matched = 0_usize;
        for schema in list {
            if self.probe(schema, spot) {
                matched += 1;
                if !is_one || matched > 1 {
                    break;
                }
            }
        }
        if matched > 1 && is_one {
            self.report(spot.place, "is more than one of the alternatives (`oneOf`)");
        }
        if matched > 0 {
            return;
        }
        let mut alike = list
            .iter()
            .filter(|schema| self.is_alike(schema, spot.instance));
        if let (Some(only), None) = (alike.next(), alike.next()) {
            let found = self.trial(only, spot, self.most - self.found.len());
            self.found.extend(found);
            return;
        }
        let keyword = if is_one { "oneOf" } else { "anyOf" };
        let count = list.len();
        self.report(
            spot.place,
            format!("is none of the {count} alternatives (`{keyword}`)"),
        );
    }

    /// The schema that the discriminator's property names.
    fn discriminated(&self, spot: Spot<'a, '_>) -> Option<&'a Value> {
        let discriminator = spot.schema.get("discriminator")?;
        let name = discriminator.get("propertyName")?.as_str()?;
        let value = spot.instance.get(name)?.as_str()?;
        let number = discriminator.get("mapping")?.get(value)?.as_u64()?;
        self.contract.numbered(number)
    }

    /// Could the value be of the schema's type? A reference is followed once.
    fn is_alike(&self, schema: &Value, instance: &Value) -> bool {
        let number = schema.get("$ref").and_then(Value::as_u64);
        let schema = number
            .and_then(|number| self.contract.numbered(number))
            .unwrap_or(schema);
        schema
            .get("type")
            .is_none_or(|kinds| is_kind(kinds, instance))
    }

    /// Is the value of a type that is said? If not, nothing more is worth saying of it, but for what is not about types.
    fn kind(&mut self, said: &Value, spot: Spot<'a, '_>) -> bool {
        if is_kind(said, spot.instance) {
            return true;
        }
        let wanted = said.as_array().map_or_else(
            || said.as_str().unwrap_or_default().to_owned(),
            |kinds| {
                let kinds: Vec<&str> = kinds.iter().filter_map(Value::as_str).collect();
                kinds.join("` or `")
            },
        );
        let is = kind_of(spot.instance);
        self.report(spot.place, format!("must be `{wanted}`, and is `{is}`"));
        false
    }

    fn among(&mut self, said: &Value, spot: Spot<'a, '_>) {
        let values = said.as_array().map(Vec::as_slice).unwrap_or_default();
        if values.iter().any(|value| equal(value, spot.instance)) {
            return;
        }
        let some: Vec<String> = values.iter().take(10).map(shown).collect();
        let more = if values.len() > 10 { ", ..." } else { "" };
        self.report(
            spot.place,
            format!("is none of `{}`{more}", some.join("`, `")),
        );
    }

    fn sibling(&self, keyword: &str, spot: Spot<'a, '_>) -> Option<&'a Value> {
        spot.schema.get(keyword)
    }

    fn report(&mut self, place: &Place<'_>, message: impl Into<String>) {
        if self.found.len() < self.most {
            self.found.push(violation(place.written(), message));
        }
    }
}

fn is_kind(said: &Value, instance: &Value) -> bool {
    match said {
        Value::String(kind) => {
            kind == kind_of(instance)
                || kind == "number" && instance.is_number()
                || kind == "integer" && number::is_whole(instance)
        }
        Value::Array(kinds) => kinds.iter().any(|kind| is_kind(kind, instance)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => true,
    }
}

const fn kind_of(instance: &Value) -> &'static str {
    match instance {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// Equal as JSON Schema has it: `1` is `1.0`, and the order of names does not matter.
fn equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a == b || a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len()
                && a.iter()
                    .all(|(name, value)| b.get(name).is_some_and(|other| equal(value, other)))
        }
        (a, b) => a == b,
    }
}

/// A value of the definition, as a message shows it.
fn shown(value: &Value) -> String {
    let text = value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned);
    text.chars().take(100).collect()
}

/// Schemas that one value may be held against: a body of 10 MiB with a million members fits, a definition whose
/// alternatives multiply does not.
const FUEL: u32 = 4_000_000;
/// JSON is read to a depth of 128, and a schema may refer to others on the way; each level takes a piece of the stack.
const MOST_DEPTH: u32 = 300;
