//! maskFields: hides fields of a JSON body.

use model::{Action, Message};
use serde_json::Value;

use super::{ANSWERS, Attribute, Effect, Given, Kind, Wrong, words};

pub(super) const KIND: Kind = Kind {
    name: "maskFields",
    display_name: "Mask fields",
    description: "Puts a mask in the place of fields of a JSON body.",
    flows: ANSWERS,
    attributes: &[
        Attribute::required(
            "fields",
            "JSON pointers, with commas between them; `*` is any",
        ),
        Attribute::required("mask", "Mask").or("****"),
    ],
    read,
};

fn read(given: &Given) -> Result<Action, Wrong> {
    let mut fields = Vec::new();
    for pointer in words::text(given, "fields").split(',').map(str::trim) {
        let Some(names) = pointer.strip_prefix('/') else {
            return Err((
                "fields",
                format!("`{pointer}` is no JSON pointer: it begins with `/`"),
            ));
        };
        let names = names
            .split('/')
            .map(|it| it.replace("~1", "/").replace("~0", "~"));
        fields.push(names.collect());
    }
    Ok(Action::MaskFields {
        fields,
        mask: words::text(given, "mask"),
    })
}

/// A body that is not JSON has no fields. One that says that it is and cannot be read is not shown either: what cannot be
/// masked must not be seen, and must not become something else.
pub(super) fn apply(message: &mut Message, fields: &[Vec<String>], mask: &str) -> Effect {
    let Some(body) = message.body.as_deref().filter(|body| !body.is_empty()) else {
        return Effect::Done;
    };
    let kind = message.headers.get("content-type").unwrap_or_default();
    let says_json = kind.to_ascii_lowercase().contains("json");
    match serde_json::from_slice::<Value>(body) {
        Ok(mut value) => {
            for field in fields {
                mask_one(&mut value, field, mask);
            }
            message.body = Some(value.to_string().into_bytes());
        }
        Err(_) if says_json => return Effect::Unreadable,
        Err(_) => {}
    }
    Effect::Done
}

fn mask_one(value: &mut Value, field: &[String], mask: &str) {
    let Some((name, below)) = field.split_first() else {
        *value = Value::String(mask.to_owned());
        return;
    };
    match value {
        Value::Object(object) if name == "*" => {
            object.values_mut().for_each(|it| mask_one(it, below, mask));
        }
        Value::Array(values) if name == "*" => {
            values.iter_mut().for_each(|it| mask_one(it, below, mask));
        }
        Value::Object(_) | Value::Array(_) => {
            let inner = match value {
                Value::Object(object) => object.get_mut(name),
                Value::Array(values) => name.parse().ok().and_then(|at: usize| values.get_mut(at)),
                Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
            };
            if let Some(inner) = inner {
                mask_one(inner, below, mask);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
