//! customFault: tells a fault in the words of the API's owner.

use model::{Action, Message};

use super::{Attribute, Effect, FAULT, Given, Kind, Told, Wrong, words};

pub(super) const KIND: Kind = Kind {
    name: "customFault",
    display_name: "Custom fault",
    description: "Tells a fault in other words, with another status where wanted.",
    flows: FAULT,
    attributes: &[
        Attribute::required("codes", "Codes that it is for, with commas between them").or(""),
        Attribute::required("statusCode", "Status").or(""),
        Attribute::required("contentType", "Media type").or("application/json"),
        Attribute::required("body", "Body"),
    ],
    read,
};

fn read(given: &Given) -> Result<Action, Wrong> {
    let codes = words::list(given, "codes");
    let codes: Option<Vec<u32>> = codes.iter().map(|it| it.parse().ok()).collect();
    let Some(codes) = codes else {
        return Err(("codes", "is no list of numbers".to_owned()));
    };
    let status = words::text(given, "statusCode");
    let read: Option<u16> = status.parse().ok();
    let status = match read {
        Some(status @ 400..=599) => Some(status),
        None if status.is_empty() => None,
        None | Some(_) => return Err(("statusCode", "is not a number from 400 to 599".to_owned())),
    };
    Ok(Action::TellFault {
        codes,
        status,
        media_type: words::line(given, "contentType")?,
        body: words::text(given, "body"),
    })
}

pub(super) fn apply(
    message: &mut Message,
    told: &Told,
    (codes, status): (&[u32], Option<u16>),
    (media_type, body): (&str, &str),
) -> Effect {
    if !codes.is_empty() && !told.code.parse().is_ok_and(|code| codes.contains(&code)) {
        return Effect::Done;
    }
    let written = written(body, media_type, told);
    message.status = status.unwrap_or(message.status);
    message.body = Some(written.into_bytes());
    message.headers.remove("content-encoding");
    message.headers.remove("content-length");
    message.headers.set("content-type", media_type);
    Effect::Answered
}

/// Each value is written so that it cannot end the text that it stands in.
fn written(body: &str, media_type: &str, told: &Told) -> String {
    let kind = media_type.to_ascii_lowercase();
    let escaped = |text: &str| {
        if kind.contains("json") {
            let quoted = serde_json::Value::from(text).to_string();
            quoted.trim_matches('"').to_owned()
        } else if kind.contains("xml") || kind.contains("html") {
            text.replace('&', "&amp;")
                .replace('<', "&lt;")
                .replace('>', "&gt;")
                .replace('"', "&quot;")
        } else {
            text.to_owned()
        }
    };
    let mut rest = body;
    let mut text = String::with_capacity(body.len());
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let value = after.split_once('}').and_then(|(name, behind)| {
            let value = match name {
                "code" => told.code,
                "message" => told.message,
                "description" => told.description.as_str(),
                "requestId" => told.request_id.as_str(),
                _ => return None,
            };
            Some((value, behind))
        });
        match value {
            Some((value, behind)) => {
                text.push_str(&escaped(value));
                rest = behind;
            }
            None => {
                text.push('{');
                rest = after;
            }
        }
    }
    text.push_str(rest);
    text
}
