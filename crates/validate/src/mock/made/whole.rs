//! One schema of several: what it refers to, all of `allOf`, and one of `oneOf` and of `anyOf`.

use std::borrow::Cow;

use serde_json::{Map, Value, json};

use super::{Guess, MOST_DEPTH, Maker};

impl Maker<'_> {
    pub(super) fn whole<'v>(
        &'v self,
        schema: &'v Value,
        guess: Guess,
        depth: u32,
    ) -> Cow<'v, Value> {
        let schema = self.schemas.followed(schema);
        let list = |key: &str| schema.get(key).and_then(Value::as_array);
        let all = list("allOf");
        let chosen = ["oneOf", "anyOf"].map(|key| list(key).and_then(|it| one(it, guess)));
        let (Some(given), false) = (
            schema.as_object(),
            (all.is_none() && chosen.iter().all(Option::is_none)) || depth >= MOST_DEPTH,
        ) else {
            return Cow::Borrowed(schema);
        };
        let mut whole = given.clone();
        for key in ["allOf", "oneOf", "anyOf"] {
            whole.remove(key);
        }
        let is_alone = all.is_none_or(|it| it.len() == 1) && !whole.contains_key("properties");
        for part in all
            .into_iter()
            .flatten()
            .chain(chosen.into_iter().flatten())
        {
            if let Value::Object(part) = self.whole(part, guess, depth + 1).as_ref() {
                join(&mut whole, part, is_alone);
            }
        }
        for part in chosen.into_iter().flatten() {
            discriminate(given, part, &mut whole);
        }
        Cow::Owned(Value::Object(whole))
    }
}

/// The alternative of that number, or the first; one that is only `null` is none.
fn one(list: &[Value], guess: Guess) -> Option<&Value> {
    let real = || {
        list.iter()
            .filter(|it| it.get("type") != Some(&json!("null")))
    };
    real().nth(guess.alternative).or_else(|| real().next())
}

/// Adds what a part demands. What it shows is a part's example, and the whole's only where it is the only one.
fn join(whole: &mut Map<String, Value>, part: &Map<String, Value>, is_alone: bool) {
    for (key, value) in part {
        let Some(known) = whole.get_mut(key) else {
            if is_alone || !SHOWN.contains(&key.as_str()) {
                whole.insert(key.clone(), value.clone());
            }
            continue;
        };
        match (key.as_str(), known, value) {
            ("properties", Value::Object(known), Value::Object(more)) => {
                for (name, schema) in more {
                    let both = known
                        .get(name)
                        .map_or_else(|| schema.clone(), |it| json!({"allOf": [it, schema]}));
                    known.insert(name.clone(), both);
                }
            }
            ("required", Value::Array(known), Value::Array(more)) => {
                known.extend(more.iter().cloned());
            }
            ("enum", Value::Array(known), Value::Array(more)) => {
                known.retain(|it| more.contains(it));
            }
            ("minimum" | "minLength" | "minItems" | "minProperties", known, value)
                if value.as_f64() > known.as_f64() =>
            {
                *known = value.clone();
            }
            ("maximum" | "maxLength" | "maxItems" | "maxProperties", known, value)
                if value.as_f64() < known.as_f64() =>
            {
                *known = value.clone();
            }
            _ => {}
        }
    }
}

/// Where a property says which alternative is meant, it has to say this one.
fn discriminate(given: &Map<String, Value>, part: &Value, whole: &mut Map<String, Value>) {
    let Some((discriminator, pointer)) = given
        .get("discriminator")
        .zip(part.get("$ref").and_then(Value::as_str))
    else {
        return;
    };
    let Some(name) = discriminator.get("propertyName").and_then(Value::as_str) else {
        return;
    };
    let short = pointer.rsplit('/').next().unwrap_or_default();
    let mapping = discriminator.get("mapping").and_then(Value::as_object);
    let value = mapping
        .into_iter()
        .flatten()
        .find(|(_, target)| {
            target
                .as_str()
                .is_some_and(|it| it == pointer || it == short)
        })
        .map_or(short, |(value, _)| value);
    let properties = whole.entry("properties").or_insert_with(|| json!({}));
    if let Value::Object(properties) = properties {
        properties.insert(name.to_owned(), json!({"type": "string", "const": value}));
    }
}

const SHOWN: &[&str] = &["example", "examples", "default"];
