//! logMessage: writes a line for the log.

use model::{Action, Message};

use super::{ANY_FLOW, Attribute, Effect, Given, Kind, Wrong, words};

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
            Some(_) if is_secret(name) => "***",
            Some(value) => value,
        };
        line.push_str(&format!(" {name}={}", value.escape_debug()));
    }
    Effect::Noted(line)
}

/// By its name: everything that signs somebody in is called something like that.
fn is_secret(name: &str) -> bool {
    const SIGNS: [&str; 9] = [
        "auth",
        "cookie",
        "key",
        "token",
        "secret",
        "password",
        "session",
        "signature",
        "jwt",
    ];
    SIGNS.iter().any(|sign| name.contains(sign)) || name == "dpop"
}

const MOST_TEXT: usize = 1_000;
