//! What differs between two states of an object.

use serde::Serialize;
use serde_json::{Map, Value};

/// One place that differs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {
    /// Names from the outside in, with dots between: `body.endpointConfig.endpoint_type`.
    pub place: String,
    /// What was there; `null` for nothing.
    pub before: Value,
    /// What is there now; `null` for nothing.
    pub after: Value,
}

/// The places where two states differ, objects within objects looked into, at most [`PLACES`] of them.
#[must_use]
pub fn changes(before: &Value, after: &Value) -> Vec<Change> {
    let mut found = Vec::new();
    compare("", before, after, &mut found);
    found
}

fn compare(place: &str, before: &Value, after: &Value, found: &mut Vec<Change>) {
    if before == after || found.len() >= PLACES {
        return;
    }
    let nothing = Map::new();
    let (old, new) = match (before, after) {
        (Value::Object(old), Value::Object(new)) => (old, new),
        (Value::Null, Value::Object(new)) => (&nothing, new),
        (Value::Object(old), Value::Null) => (old, &nothing),
        _ => {
            found.push(Change {
                place: place.to_owned(),
                before: before.clone(),
                after: after.clone(),
            });
            return;
        }
    };
    let mut names: Vec<&String> = old.keys().chain(new.keys()).collect();
    names.sort_unstable();
    names.dedup();
    for name in names {
        let inner = if place.is_empty() {
            name.clone()
        } else {
            format!("{place}.{name}")
        };
        let of = |map: &Map<String, Value>| map.get(name).cloned().unwrap_or_default();
        compare(&inner, &of(old), &of(new), found);
    }
}

/// More than that is another object, not a change; both states are there in full.
const PLACES: usize = 200;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn differences_are_named_by_their_place() {
        let before =
            json!({"name": "Pets", "body": {"tags": ["a"], "cors": {"on": true}}, "gone": 1});
        let after = json!({"name": "Pets", "body": {"tags": ["a", "b"], "cors": {"on": false}}, "new": null});
        let found: Vec<String> = changes(&before, &after)
            .into_iter()
            .map(|change| format!("{} {} {}", change.place, change.before, change.after))
            .collect();
        assert_eq!(
            found,
            [
                "body.cors.on true false",
                "body.tags [\"a\"] [\"a\",\"b\"]",
                "gone 1 null"
            ]
        );
    }

    #[test]
    fn new_object_differs_in_all_it_has() {
        assert_eq!(
            changes(&Value::Null, &json!({"a": 1, "b": {"c": 2}})).len(),
            2
        );
        assert_eq!(changes(&json!({"a": 1}), &Value::Null).len(), 1);
        assert!(changes(&Value::Null, &Value::Null).is_empty());
    }
}
