//! changeHTTPMethod: sends the call with another method.

use model::{Action, Message};

use super::{Attribute, Given, Kind, REQUEST, Wrong, words};

pub(super) const KIND: Kind = Kind {
    name: "changeHTTPMethod",
    display_name: "Change HTTP method",
    description: "Sends the call with another method; `GET` and `HEAD` go without a body.",
    flows: REQUEST,
    attributes: &[Attribute::required("updatedMethod", "New method")
        .of(&["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"])],
    read,
};

fn read(given: &Given) -> Result<Action, Wrong> {
    let method = words::text(given, "updatedMethod");
    Ok(Action::ChangeMethod { method })
}

pub(super) fn apply(message: &mut Message, method: &str) {
    method.clone_into(&mut message.method);
    if matches!(method, "GET" | "HEAD") {
        message.body = Some(Vec::new());
        message.headers.remove("content-type");
        message.headers.remove("content-encoding");
    }
}
