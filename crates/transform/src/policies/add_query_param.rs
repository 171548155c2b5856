//! addQueryParam: adds a query parameter.

use model::{Action, Message};

use super::{Attribute, Given, Kind, REQUEST, Wrong, words};

pub(super) const KIND: Kind = Kind {
    name: "addQueryParam",
    display_name: "Add query parameter",
    description: "Adds a query parameter behind those that the call has.",
    flows: REQUEST,
    attributes: &[
        Attribute::required("paramKey", "Parameter"),
        Attribute::required("paramValue", "Value"),
    ],
    read,
};

fn read(given: &Given) -> Result<Action, Wrong> {
    Ok(Action::AddQueryParam {
        name: encoded(&words::query_name(given, "paramKey")?),
        value: encoded(&words::text(given, "paramValue")),
    })
}

pub(super) fn apply(message: &mut Message, name: &str, value: &str) {
    let separator = if message.query.is_empty() { "" } else { "&" };
    for part in [separator, name, "=", value] {
        message.query.push_str(part);
    }
}

fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}
