//! Arrays: one item, or as many as are demanded.

use serde_json::{Value, json};

use super::{Guess, Maker};

impl Maker<'_> {
    pub(super) fn array(&self, schema: &Value, guess: Guess, depth: u32) -> Value {
        let bound = |key: &str| schema.get(key).and_then(Value::as_u64);
        let least = bound("minItems").unwrap_or_default();
        let most = bound("maxItems").unwrap_or(u64::MAX);
        let wanted = match guess.is_spare || self.left.get() == 0 {
            true => least,
            false => least.max(1),
        };
        let count = usize::try_from(wanted.min(most).min(MOST_ITEMS)).unwrap_or_default();
        let is_unique = schema.get("uniqueItems") == Some(&Value::Bool(true));
        let mut items: Vec<Value> = Vec::new();
        for number in 0..count {
            let other = Guess {
                alternative: guess.alternative + if is_unique { number } else { 0 },
                ..guess
            };
            let place = schema.get("prefixItems").and_then(|it| it.get(number));
            let item = place
                .or_else(|| schema.get("items"))
                .map_or(Value::Null, |item| self.made(item, other, depth + 1));
            // An item that cannot be said is left out, unless it has to be there.
            if item.is_null() && number as u64 >= least {
                break;
            }
            let item = match is_unique && items.contains(&item) {
                true => varied(item, number),
                false => item,
            };
            items.push(item);
        }
        Value::Array(items)
    }
}

/// The same, and yet another.
fn varied(item: Value, number: usize) -> Value {
    match &item {
        Value::String(text) => Value::String(format!("{text}{number}")),
        Value::Number(said) => said
            .as_i64()
            .map_or_else(|| item.clone(), |it| json!(it + number as i64)),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => item,
    }
}

const MOST_ITEMS: u64 = 100;
