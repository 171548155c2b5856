//! callOut: asks another service before the call goes on.

use model::Action;

use super::{Attribute, Given, Kind, REQUEST, Wrong, words};

pub(super) const KIND: Kind = Kind {
    name: "callOut",
    display_name: "Call out",
    description: "Asks another service, and refuses the call unless its answer is good.",
    flows: REQUEST,
    attributes: &[
        Attribute::required("url", "Address"),
        Attribute::required("method", "Method")
            .or("GET")
            .of(&["GET", "POST"]),
        Attribute::required("sendHeaders", "Headers of the call that it is sent").or(""),
        Attribute::required(
            "takeHeaders",
            "Headers of its answer that the call takes over",
        )
        .or(""),
        Attribute::required("timeoutMs", "Deadline in milliseconds").or("2000"),
        Attribute::required("onFailure", "Without a good answer")
            .or("refuse")
            .of(&["refuse", "continue"]),
    ],
    read,
};

fn read(given: &Given) -> Result<Action, Wrong> {
    let url = words::line(given, "url")?;
    if !(url.starts_with("https://") || url.starts_with("http://")) {
        return Err((
            "url",
            "is no address that begins with `https://` or `http://`".to_owned(),
        ));
    }
    let timeout_ms: Option<u32> = words::text(given, "timeoutMs").parse().ok();
    let Some(timeout_ms @ 1..=10_000) = timeout_ms else {
        return Err(("timeoutMs", "is not a number from 1 to 10000".to_owned()));
    };
    Ok(Action::CallOut {
        url,
        method: words::text(given, "method"),
        sends: words::header_names(given, "sendHeaders")?,
        takes: words::header_names(given, "takeHeaders")?,
        timeout_ms,
        is_vital: words::text(given, "onFailure") == "refuse",
    })
}
