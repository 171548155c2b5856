//! respond: answers in the upstream's place.

use model::{Action, Message};

use super::{ANY_FLOW, Attribute, Effect, Given, Kind, Wrong, words};

pub(super) const KIND: Kind = Kind {
    name: "respond",
    display_name: "Respond",
    description: "Answers in the upstream's place, or replaces its answer or a fault.",
    flows: ANY_FLOW,
    attributes: &[
        Attribute::required("statusCode", "Status").or("200"),
        Attribute::required("contentType", "Media type").or("application/json"),
        Attribute::required("body", "Body").or(""),
    ],
    read,
};

fn read(given: &Given) -> Result<Action, Wrong> {
    let status: Option<u16> = words::text(given, "statusCode").parse().ok();
    let Some(status @ 200..=599) = status else {
        return Err(("statusCode", "is not a number from 200 to 599".to_owned()));
    };
    let body = words::text(given, "body");
    if matches!(status, 204 | 205 | 304) && !body.is_empty() {
        return Err(("body", format!("an answer with {status} has none")));
    }
    Ok(Action::Respond {
        status,
        media_type: words::line(given, "contentType")?,
        body,
    })
}

pub(super) fn apply(message: &mut Message, status: u16, media_type: &str, body: &str) -> Effect {
    message.status = status;
    message.body = Some(body.as_bytes().to_vec());
    message.headers.remove("content-encoding");
    message.headers.remove("content-length");
    message.headers.set("content-type", media_type);
    Effect::Answered
}
