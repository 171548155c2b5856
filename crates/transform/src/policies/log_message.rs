//! logMessage: writes a line for the log.

use model::{Action, Message};

use super::{ANY_FLOW, Attribute, Effect, Given, Kind, Wrong, words};
use crate::redacted;

pub(super) const KIND: Kind = Kind {
    name: "logMessage",
    display_name: "Log message",
    description: "Writes a line for the gateway's log.",
    flows: ANY_FLOW,
    attributes: &[
        Attribute::required("message", "Message"),
        Attribute::required("headers", "Headers to tell, with commas between them").or(""),
    ],
    read,
};

fn read(given: &Given) -> Result<Action, Wrong> {
    let text = words::line(given, "message")?;
    if text.len() > MOST_TEXT {
        return Err(("message", format!("is longer than {MOST_TEXT} bytes")));
    }
    Ok(Action::Log {
        text,
        headers: words::header_names(given, "headers")?,
    })
}

/// Never a body, and never the value of a header that may hold a secret.
pub(super) fn apply(message: &Message, text: &str, headers: &[String]) -> Effect {
    let mut line = text.to_owned();
    for name in headers {
        let value = match message.headers.get(name) {
            None => "-",
            Some(value) => redacted(name, value),
        };
        line.push_str(&format!(" {name}={}", value.escape_debug()));
    }
    Effect::Noted(line)
}

const MOST_TEXT: usize = 1_000;
