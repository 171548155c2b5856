//! Spectral's core functions.

mod options;

use regex_lite::Regex;
use serde_json::{Map, Value};

use crate::{
    path::{self, child},
    schema::Schema,
};
use options::Options;

/// A function with its options, which are good.
#[derive(Clone, Debug)]
pub(crate) enum Function {
    Truthy,
    Falsy,
    Defined,
    Undefined,
    Pattern {
        must: Option<Regex>,
        must_not: Option<Regex>,
    },
    Casing {
        pattern: Regex,
        name: String,
    },
    Length {
        min: Option<f64>,
        max: Option<f64>,
    },
    Enumeration(Vec<Value>),
    Schema(Box<Schema>),
    Alphabetical(Option<String>),
    /// Exactly one of these properties.
    Xor(Vec<String>),
    /// At least one of them.
    Or(Vec<String>),
    /// The place under which reusable objects are kept.
    Unreferenced(String),
    /// Values of `enum` are of the type that `type` says.
    TypedEnum,
}

impl Function {
    /// Reads a function by its name, and its options.
    pub(crate) fn read(name: &str, options: Option<&Value>) -> Result<Self, String> {
        let none = Map::new();
        let options = match options {
            None | Some(Value::Null) => &none,
            Some(Value::Object(options)) => options,
            Some(_) => return Err("`functionOptions` is no object".to_owned()),
        };
        let given = Options { name, options };
        Ok(match name {
            "truthy" => Self::Truthy,
            "falsy" => Self::Falsy,
            "defined" => Self::Defined,
            "undefined" => Self::Undefined,
            "typedEnum" => Self::TypedEnum,
            "pattern" => {
                let (must, must_not) = (given.pattern("match")?, given.pattern("notMatch")?);
                if must.is_none() && must_not.is_none() {
                    return Err("`pattern` needs `match` or `notMatch`".to_owned());
                }
                Self::Pattern { must, must_not }
            }
            "casing" => given.casing()?,
            "length" => {
                let (min, max) = (given.number("min")?, given.number("max")?);
                if min.is_none() && max.is_none() {
                    return Err("`length` needs `min` or `max`".to_owned());
                }
                Self::Length { min, max }
            }
            "enumeration" => Self::Enumeration(given.list("values")?),
            "schema" => {
                let schema = options.get("schema").ok_or("`schema` needs `schema`")?;
                Self::Schema(Box::new(Schema::read(schema)?))
            }
            "alphabetical" => Self::Alphabetical(given.word("keyedBy")),
            "xor" => Self::Xor(given.names("properties")?),
            "or" => Self::Or(given.names("properties")?),
            "unreferencedReusableObject" => {
                let place = given
                    .word("reusableObjectsLocation")
                    .filter(|place| place.starts_with('#'))
                    .ok_or("`unreferencedReusableObject` needs `reusableObjectsLocation`, such as `#/components/schemas`")?;
                Self::Unreferenced(place)
            }
            other => {
                let known = KNOWN.join("`, `");
                return Err(format!("`{other}` is none of the functions `{known}`"));
            }
        })
    }

    /// What is wrong with a value, each with the keys below it; `None` is a value that is not there.
    pub(crate) fn check(&self, value: Option<&Value>, root: &Value) -> Vec<(Vec<String>, String)> {
        let told = |message: String| vec![(Vec::new(), message)];
        let fine = Vec::new;
        match self {
            Self::Truthy if value.is_some_and(path::is_truthy) => fine(),
            Self::Truthy => told("must be there and not be empty".to_owned()),
            Self::Falsy if !value.is_some_and(path::is_truthy) => fine(),
            Self::Falsy => told("must be empty or not be there".to_owned()),
            Self::Defined if value.is_some() => fine(),
            Self::Defined => told("must be there".to_owned()),
            Self::Undefined if value.is_none() => fine(),
            Self::Undefined => told("must not be there".to_owned()),
            Self::Pattern { .. }
            | Self::Casing { .. }
            | Self::Length { .. }
            | Self::Enumeration(_)
            | Self::Schema(_)
            | Self::Alphabetical(_)
            | Self::Xor(_)
            | Self::Or(_)
            | Self::Unreferenced(_)
            | Self::TypedEnum => value.map_or_else(fine, |value| self.of_value(value, root)),
        }
    }

    fn of_value(&self, value: &Value, root: &Value) -> Vec<(Vec<String>, String)> {
        if let Self::Schema(schema) = self {
            return schema.check(value);
        }
        if let Self::Unreferenced(place) = self {
            return unreferenced(value, place, root);
        }
        if let Self::TypedEnum = self {
            return typed_enum(value);
        }
        let message = match self {
            Self::Pattern { must, must_not } => pattern(value, must.as_ref(), must_not.as_ref()),
            Self::Casing { pattern, name } => value
                .as_str()
                .filter(|text| !text.is_empty() && !pattern.is_match(text))
                .map(|_| format!("must be {name} case")),
            Self::Length { min, max } => length(value, *min, *max),
            Self::Enumeration(values) => {
                let is_plain = !value.is_object() && !value.is_array();
                (is_plain && !values.contains(value)).then(|| {
                    let values: Vec<String> = values.iter().map(word).collect();
                    format!("must be one of `{}`", values.join("`, `"))
                })
            }
            Self::Alphabetical(key) => alphabetical(value, key.as_deref()),
            Self::Xor(names) => (present(value, names) != 1 && value.is_object())
                .then(|| format!("must have exactly one of `{}`", names.join("`, `"))),
            Self::Or(names) => (present(value, names) == 0 && value.is_object())
                .then(|| format!("must have at least one of `{}`", names.join("`, `"))),
            Self::Truthy
            | Self::Falsy
            | Self::Defined
            | Self::Undefined
            | Self::Schema(_)
            | Self::Unreferenced(_)
            | Self::TypedEnum => None,
        };
        message
            .map(|message| (Vec::new(), message))
            .into_iter()
            .collect()
    }
}

fn pattern(value: &Value, must: Option<&Regex>, must_not: Option<&Regex>) -> Option<String> {
    let text = value.as_str()?;
    if let Some(pattern) = must.filter(|pattern| !pattern.is_match(text)) {
        return Some(format!("must match `{pattern}`"));
    }
    let pattern = must_not.filter(|pattern| pattern.is_match(text))?;
    Some(format!("must not match `{pattern}`"))
}

fn length(value: &Value, min: Option<f64>, max: Option<f64>) -> Option<String> {
    let count = |number: usize| u32::try_from(number).map_or(f64::INFINITY, f64::from);
    let found = match value {
        Value::String(text) => count(text.chars().count()),
        Value::Array(items) => count(items.len()),
        Value::Object(members) => count(members.len()),
        Value::Number(number) => number.as_f64()?,
        Value::Null | Value::Bool(_) => return None,
    };
    if let Some(min) = min.filter(|min| found < *min) {
        return Some(format!("must not be shorter than {min}"));
    }
    let max = max.filter(|max| found > *max)?;
    Some(format!("must not be longer than {max}"))
}

fn alphabetical(value: &Value, key: Option<&str>) -> Option<String> {
    let names: Vec<String> = match (value, key) {
        (Value::Object(members), _) => members.keys().cloned().collect(),
        (Value::Array(items), Some(key)) => items
            .iter()
            .map(|it| child(it, key).map(word).unwrap_or_default())
            .collect(),
        (Value::Array(items), None) => items.iter().map(word).collect(),
        _ => return None,
    };
    let pairs = names.iter().zip(names.iter().skip(1));
    let (first, second) = pairs.into_iter().find(|(first, second)| first > second)?;
    Some(format!(
        "must be in alphabetical order: `{second}` stands after `{first}`"
    ))
}

fn present(value: &Value, names: &[String]) -> usize {
    names
        .iter()
        .filter(|name| child(value, name).is_some())
        .count()
}

fn typed_enum(value: &Value) -> Vec<(Vec<String>, String)> {
    let (Some(values), Some(kind)) = (
        value.get("enum").and_then(Value::as_array),
        value.get("type"),
    ) else {
        return Vec::new();
    };
    let is_of = |value: &Value, kind: &Value| match kind.as_str().unwrap_or_default() {
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "number" => value.is_number(),
        "integer" => value.as_f64().is_some_and(|it| it.fract() == 0.0),
        "null" => value.is_null(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => true,
    };
    let kinds = kind
        .as_array()
        .cloned()
        .unwrap_or_else(|| vec![kind.clone()]);
    let is_nullable = value.get("nullable") == Some(&Value::Bool(true));
    let wrong = |(_, it): &(usize, &Value)| {
        let is_good = is_nullable && it.is_null() || kinds.iter().any(|kind| is_of(it, kind));
        !is_good
    };
    let tell = |(index, it): (usize, &Value)| {
        let message = format!("`{}` is not of the type `{}`", word(it), word(kind));
        (vec!["enum".to_owned(), index.to_string()], message)
    };
    values.iter().enumerate().filter(wrong).map(tell).collect()
}

/// The objects at that place that no reference of the document leads to.
fn unreferenced(value: &Value, place: &str, root: &Value) -> Vec<(Vec<String>, String)> {
    let mut references = Vec::new();
    collect(root, &mut references);
    let names = value.as_object().into_iter().flat_map(Map::keys);
    names
        .filter(|name| {
            let pointer = format!("{place}/{}", name.replace('~', "~0").replace('/', "~1"));
            let leads = |reference: &&str| {
                **reference == pointer
                    || reference
                        .strip_prefix(&pointer)
                        .is_some_and(|rest| rest.starts_with('/'))
            };
            !references.iter().any(leads)
        })
        .map(|name| (vec![name.clone()], "is referred to by nothing".to_owned()))
        .collect()
}

fn collect<'d>(value: &'d Value, references: &mut Vec<&'d str>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                match member {
                    Value::String(text) if name == "$ref" => references.push(text),
                    Value::Object(_) | Value::Array(_) => collect(member, references),
                    Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, references)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// A value as people read it.
pub(crate) fn word(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

const KNOWN: &[&str] = &[
    "alphabetical",
    "casing",
    "defined",
    "enumeration",
    "falsy",
    "length",
    "or",
    "pattern",
    "schema",
    "truthy",
    "typedEnum",
    "undefined",
    "unreferencedReusableObject",
    "xor",
];

#[cfg(test)]
#[expect(
    clippy::needless_pass_by_value,
    clippy::too_many_lines,
    reason = "cases read better in place, and in one table"
)]
mod tests;
