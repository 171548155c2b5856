//! Objects: what must be there, and near the top what may be there.

use serde_json::{Map, Value};

use super::{Guess, Maker};
use crate::contract::compile::members;

impl Maker<'_> {
    pub(super) fn object(&self, schema: &Value, guess: Guess, depth: u32) -> Map<String, Value> {
        let required: Vec<&str> = schema
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let bound = |key: &str| schema.get(key).and_then(Value::as_u64);
        let most = bound("maxProperties").unwrap_or(u64::MAX);
        let mut made = Map::new();
        for (name, inner) in members(schema.get("properties")) {
            let is_required = required.contains(&name.as_str());
            let has_room = (made.len() + required.len()) as u64 <= most;
            if is_secret(self.schemas.followed(inner))
                || !(is_required || has_room && self.may_have_more(guess, depth))
            {
                continue;
            }
            let value = self.made(inner, guess, depth + 1);
            // What cannot be said is left out; where it has to be there, only `null` is left to say.
            if is_required || !value.is_null() {
                made.insert(name.clone(), value);
            }
        }
        for name in required {
            if !made.contains_key(name) && schema.pointer(&format!("/properties/{name}")).is_none()
            {
                made.insert(name.to_owned(), self.another(schema, guess, depth));
            }
        }
        self.extend(&mut made, schema, guess, depth);
        made
    }

    /// Below the first levels only what must be there, so that a schema which refers to itself ends.
    fn may_have_more(&self, guess: Guess, depth: u32) -> bool {
        !guess.is_spare && depth < MOST_LEVELS && self.left.get() > 0
    }

    /// Properties without a name of their own: as many as are demanded, and one where there would be none.
    fn extend(&self, made: &mut Map<String, Value>, schema: &Value, guess: Guess, depth: u32) {
        let least = schema.get("minProperties").and_then(Value::as_u64);
        let is_map = schema
            .get("additionalProperties")
            .is_some_and(Value::is_object)
            && made.is_empty()
            && self.may_have_more(guess, depth);
        let least = least
            .unwrap_or_default()
            .max(u64::from(is_map))
            .min(MOST_MORE);
        for number in 1..=least {
            if made.len() as u64 >= least {
                return;
            }
            let value = self.another(schema, guess, depth);
            made.insert(format!("name{number}"), value);
        }
    }

    fn another(&self, schema: &Value, guess: Guess, depth: u32) -> Value {
        let inner = schema
            .get("additionalProperties")
            .filter(|it| it.is_object());
        inner.map_or_else(
            || Value::String("text".to_owned()),
            |inner| self.made(inner, guess, depth + 1),
        )
    }
}

/// Said in requests, and never in replies.
fn is_secret(schema: &Value) -> bool {
    schema.get("writeOnly") == Some(&Value::Bool(true))
}

/// With properties that need not be there.
const MOST_LEVELS: u32 = 4;
/// Properties without a name of their own.
const MOST_MORE: u64 = 100;
