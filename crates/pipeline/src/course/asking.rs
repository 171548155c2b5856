//! transform: steps that wait for somebody else: a service that is asked about the call, and whoever makes other bodies.

use model::{Action, Fields, Message};
use problem::Problem;
use serde_json::{Map, Value, json};

use super::{
    Travel,
    event::{Event, Fetch, Next, Shaping},
};

/// What to ask; `None` when the step has nothing to do with this message.
pub(super) fn ask(action: &Action, message: &Message) -> Option<Next> {
    if let Action::CallOut {
        url,
        method,
        sends,
        timeout_ms,
        ..
    } = action
    {
        return Some(Next::Fetch(Fetch {
            url: url.clone(),
            method: method.clone(),
            headers: sent(message, sends),
            body: Vec::new(),
            timeout_ms: *timeout_ms,
            limit: MOST_ANSWER,
        }));
    }
    if let Action::SetBody {
        template,
        media_type,
    } = action
    {
        let has_body = !matches!(message.status, 101 | 204 | 205 | 304);
        return has_body.then(|| shaping("template", filled(template, media_type, message)));
    }
    let kind = message.headers.get("content-type").unwrap_or_default();
    let says = |word: &str| kind.to_ascii_lowercase().contains(word);
    let body = message.body.as_deref().filter(|it| !it.is_empty())?;
    if let Action::JsonToXml { root } = action {
        let what = format!("json-to-xml?root={root}");
        return says("json").then(|| shaping(&what, body.to_vec()));
    }
    let is_meant = matches!(action, Action::XmlToJson) && says("xml");
    is_meant.then(|| shaping("xml-to-json", body.to_vec()))
}

fn shaping(what: &str, body: Vec<u8>) -> Next {
    Next::Shape(Shaping {
        what: what.to_owned(),
        body,
    })
}

fn sent(message: &Message, names: &[String]) -> Fields {
    let headers = message.headers.iter();
    // How often the call has been through a gateway goes along, so that an address that leads back here ends in 508.
    headers
        .filter(|(name, _)| *name == transform::HOPS || names.iter().any(|it| it == name))
        .collect()
}

/// What a template may say of a message. No credential is in it: those never go upstream either.
fn filled(template: &str, media_type: &str, message: &Message) -> Vec<u8> {
    let headers: Map<String, Value> = message
        .headers
        .iter()
        .map(|(name, value)| (name.to_owned(), Value::from(value)))
        .collect();
    let body = message.body.as_deref().unwrap_or_default();
    let filled = json!({
        "template": template,
        "media_type": media_type,
        "message": {
            "method": message.method,
            "path": message.path,
            "query": message.query,
            "status": message.status,
            "headers": headers,
            "text": String::from_utf8_lossy(body),
        },
    });
    filled.to_string().into_bytes()
}

/// Takes in what came of a step on the way there.
pub(super) fn came_of_request(
    travel: &mut Travel,
    asked: &Action,
    event: Option<Event>,
) -> Result<(), Problem> {
    if let Action::CallOut {
        takes, is_vital, ..
    } = asked
    {
        return called(&mut travel.request, takes, *is_vital, event);
    }
    let body = shaped(event).map_err(|reason| match reason {
        Some(reason) => Problem::new("400").detail(format!(
            "the body cannot be changed as this API wants it: {reason}"
        )),
        None => Problem::new("303100")
            .detail("whoever changes bodies for this API cannot be reached; try again"),
    })?;
    travel.request.headers.remove("content-length");
    replace(&mut travel.request, asked, body);
    Ok(())
}

/// Takes in what came of a step on the way back.
pub(super) fn came_of_reply(
    travel: &mut Travel,
    asked: &Action,
    event: Option<Event>,
) -> Result<(), Problem> {
    let body = shaped(event).map_err(|reason| match reason {
        Some(reason) => Problem::new("101505").detail(format!(
            "the upstream's answer cannot be changed as this API wants it: {reason}"
        )),
        None => Problem::new("303100")
            .detail("whoever changes bodies for this API cannot be reached; try again"),
    })?;
    replace(&mut travel.reply, asked, body);
    Ok(())
}

fn replace(message: &mut Message, asked: &Action, body: Vec<u8>) {
    let kind = if let Action::SetBody { media_type, .. } = asked {
        media_type.as_str()
    } else if matches!(asked, Action::JsonToXml { .. }) {
        "application/xml"
    } else {
        "application/json"
    };
    message.headers.set("content-type", kind);
    message.body = Some(body);
}

/// The body that was made, or why there is none: the message's own fault, or nobody's.
fn shaped(event: Option<Event>) -> Result<Vec<u8>, Option<String>> {
    match event {
        Some(Event::Fetched {
            status: 200, body, ..
        }) => Ok(body),
        Some(Event::Fetched {
            status: 422, body, ..
        }) => {
            let reason: String = String::from_utf8_lossy(&body)
                .chars()
                .take(MOST_REASON)
                .collect();
            Err(Some(reason))
        }
        _ => Err(None),
    }
}

/// A good answer lets the call go on, with what it takes over of it. One of 400 to 499 says no.
fn called(
    request: &mut Message,
    takes: &[String],
    is_vital: bool,
    event: Option<Event>,
) -> Result<(), Problem> {
    match event {
        Some(Event::Fetched {
            status: 200..=299,
            headers,
            ..
        }) => {
            for (name, value) in headers.iter() {
                if takes.iter().any(|it| it == name) {
                    request.headers.set(name, value);
                }
            }
            Ok(())
        }
        _ if !is_vital => Ok(()),
        Some(Event::Fetched {
            status: 400..=499, ..
        }) => Err(Problem::new("403")
            .detail("a service that this API asks about calls has refused this one")),
        _ => Err(Problem::new("303100")
            .detail("a service that this API asks about calls cannot be reached; try again")),
    }
}

/// Nothing of it is read but its head.
const MOST_ANSWER: usize = 65_536;
const MOST_REASON: usize = 500;
