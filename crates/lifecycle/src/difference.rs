//! What the owner of an API has changed from one draft to another.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::Draft;

/// A property that is not what it was; no value where it was not there, or is not any more.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Difference {
    /// Where: `endpointConfig.production_endpoints.url`, `operations[GET /pets].scopes`.
    pub property: String,
    /// What it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Value>,
    /// What it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Value>,
}

/// The differences from `before` to `after`, without secrets; at most [`MOST`].
#[must_use]
pub fn between(before: &Draft, after: &Draft) -> Vec<Difference> {
    let shown = |draft: &Draft| {
        let parts = serde_json::json!(draft.parts);
        let mut shown = draft.clone().without_secrets().kept();
        if let Value::Object(members) = &mut shown {
            if let Some(operations) = members.remove("operations") {
                members.insert("operations".to_owned(), keyed(&operations, operation));
            }
            if let Some(scopes) = members.remove("scopes") {
                members.insert("scopes".to_owned(), keyed(&scopes, scope));
            }
            members.insert("apis".to_owned(), keyed(&parts, member));
            if let Some(apis) = members.get_mut("apis").and_then(Value::as_object_mut) {
                for api in apis.values_mut().filter_map(Value::as_object_mut) {
                    // The operations are there already, and how the gateway signs in is nobody's to see.
                    api.retain(|name, _| matches!(name.as_str(), "name" | "version"));
                }
            }
        }
        shown
    };
    let mut found = Vec::new();
    compare("", &shown(before), &shown(after), &mut found);
    found.truncate(MOST);
    found
}

fn compare(place: &str, before: &Value, after: &Value, found: &mut Vec<Difference>) {
    match (before, after) {
        (Value::Object(old), Value::Object(new)) => {
            let below = |name: &str| match (
                place,
                place == "operations" || place == "scopes" || place == "apis",
            ) {
                ("", _) => name.to_owned(),
                (_, true) => format!("{place}[{name}]"),
                (_, false) => format!("{place}.{name}"),
            };
            let names: std::collections::BTreeSet<&String> = old.keys().chain(new.keys()).collect();
            for name in names {
                match (old.get(name), new.get(name)) {
                    (Some(old), Some(new)) => compare(&below(name), old, new, found),
                    (old, new) => add(below(name), old, new, found),
                }
            }
        }
        (old, new) if old == new => {}
        (old, new) => add(place.to_owned(), Some(old), Some(new), found),
    }
}

fn add(
    property: String,
    before: Option<&Value>,
    after: Option<&Value>,
    found: &mut Vec<Difference>,
) {
    // What is empty and what is not there are one.
    let said = |value: Option<&Value>| {
        let is_empty = |value: &Value| match value {
            Value::Null => true,
            Value::Array(items) => items.is_empty(),
            Value::Object(members) => members.is_empty(),
            Value::String(text) => text.is_empty(),
            Value::Bool(_) | Value::Number(_) => false,
        };
        value.filter(|value| !is_empty(value)).cloned()
    };
    let (before, after) = (said(before), said(after));
    if before != after {
        found.push(Difference {
            property,
            before,
            after,
        });
    }
}

/// A list as an object, by what tells its items apart.
fn keyed(list: &Value, key: fn(&Value) -> String) -> Value {
    let items = list.as_array().into_iter().flatten();
    let members: BTreeMap<String, Value> = items.map(|item| (key(item), item.clone())).collect();
    Value::Object(members.into_iter().collect::<Map<_, _>>())
}

fn operation(value: &Value) -> String {
    format!("{} {}", word(value, "verb"), word(value, "target"))
}

fn scope(value: &Value) -> String {
    value
        .get("scope")
        .map(|it| word(it, "name"))
        .unwrap_or_default()
}

fn member(value: &Value) -> String {
    word(value, "apiId")
}

fn word(value: &Value, name: &str) -> String {
    value
        .get(name)
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}

/// Nobody reads more.
pub const MOST: usize = 500;

#[cfg(test)]
#[expect(
    clippy::needless_pass_by_value,
    reason = "cases read better with `json!` in place"
)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::door;

    fn draft(value: Value) -> Draft {
        door::parse(&value.to_string()).unwrap()
    }

    #[test]
    fn properties_are_compared_one_by_one() {
        let before = draft(json!({
            "name": "a", "tags": ["x"], "description": "",
            "endpointConfig": {"endpoint_type": "http", "production_endpoints": {"url": "https://a.example.org"}},
            "operations": [{"verb": "GET", "target": "/a", "scopes": ["read"]}, {"verb": "PUT", "target": "/a"}],
        }));
        let after = draft(json!({
            "name": "a", "tags": ["x", "y"],
            "endpointConfig": {"endpoint_type": "http", "production_endpoints": {"url": "https://b.example.org"}},
            "operations": [{"verb": "GET", "target": "/a", "scopes": []}, {"verb": "POST", "target": "/a"}],
        }));
        let places: Vec<String> = between(&before, &after)
            .into_iter()
            .map(|it| it.property)
            .collect();
        assert_eq!(
            places,
            [
                "endpointConfig.production_endpoints.url",
                "operations[GET /a].scopes",
                "operations[POST /a]",
                "operations[PUT /a]",
                "tags",
            ]
        );
        assert_eq!(between(&before, &before), []);
    }

    #[test]
    fn no_secret_is_told() {
        let with = |user: &str| {
            draft(
                json!({"endpointConfig": {"endpoint_security": {"production": {"username": user, "password": "", "secrets": {"password": user}}}}}),
            )
        };
        let found = between(&with("one"), &with("two"));
        assert_eq!(found.len(), 1);
        assert_eq!(
            found[0].property,
            "endpointConfig.endpoint_security.production.username"
        );
    }
}
