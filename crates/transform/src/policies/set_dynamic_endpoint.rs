//! setDynamicEndpoint: sends the call to another address than the API's endpoint.

use model::{Action, Message};

use super::{Attribute, Effect, Given, Kind, REQUEST, Wrong, words};

pub(super) const KIND: Kind = Kind {
    name: "setDynamicEndpoint",
    display_name: "Set dynamic endpoint",
    description: "Sends the call to another address, if it is one of those that the API allows.",
    flows: REQUEST,
    attributes: &[
        Attribute::required("url", "Address").or(""),
        Attribute::required("headerName", "Header of the call that names the address").or(""),
    ],
    read,
};

fn read(given: &Given) -> Result<Action, Wrong> {
    let url = Some(words::line(given, "url")?).filter(|it| !it.is_empty());
    let has_header = !words::text(given, "headerName").is_empty();
    let header = match has_header {
        true => Some(words::header_name(given, "headerName")?),
        false => None,
    };
    if url.is_some() == header.is_some() {
        return Err(("url", "is there, or else `headerName` is".to_owned()));
    }
    Ok(Action::SetEndpoint {
        url,
        header,
        allowed: Vec::new(),
    })
}

/// The header that names the address goes no further.
pub(super) fn apply(
    message: &mut Message,
    url: Option<&str>,
    header: Option<&str>,
    allowed: &[String],
) -> Effect {
    let named = match (url, header) {
        (Some(url), _) => Some(url.to_owned()),
        (None, Some(name)) => message.headers.get(name).map(str::to_owned),
        (None, None) => None,
    };
    if let Some(name) = header {
        message.headers.remove(name);
    }
    let Some(named) = named else {
        return Effect::Done;
    };
    if allowed.iter().any(|it| is_below(it, &named)) {
        let address = named.trim_end_matches('/');
        Effect::Elsewhere(address.to_owned())
    } else {
        Effect::Astray
    }
}

/// Is an address the allowed one, or below it? Nothing that could be read in two ways is: no user, no escape, no dots.
#[must_use]
pub fn is_below(allowed: &str, address: &str) -> bool {
    let allowed = allowed.trim_end_matches('/');
    let Some(rest) = address.strip_prefix(allowed) else {
        return false;
    };
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-_~.".contains(&byte);
    (rest.is_empty() || rest.starts_with('/'))
        && rest.bytes().all(is_plain)
        && !rest.contains("..")
        && !rest.contains("//")
}
