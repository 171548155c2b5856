//! redirect: sends the client elsewhere.

use model::{Action, Message};

use super::{Attribute, Effect, Given, Kind, REQUEST, Wrong, words};

pub(super) const KIND: Kind = Kind {
    name: "redirect",
    display_name: "Redirect",
    description: "Sends the client to another address, without asking the upstream.",
    flows: REQUEST,
    attributes: &[
        Attribute::required("location", "Address"),
        Attribute::required("statusCode", "Status")
            .or("302")
            .of(&["301", "302", "303", "307", "308"]),
    ],
    read,
};

fn read(given: &Given) -> Result<Action, Wrong> {
    let location = words::line(given, "location")?;
    if !["https://", "http://", "/"]
        .iter()
        .any(|it| location.starts_with(it))
    {
        let help = "is neither an absolute http address nor a path";
        return Err(("location", help.to_owned()));
    }
    let status = words::text(given, "statusCode").parse().unwrap_or(302);
    Ok(Action::Redirect { status, location })
}

pub(super) fn apply(message: &mut Message, status: u16, location: &str) -> Effect {
    message.status = status;
    message.body = Some(Vec::new());
    message.headers.set("location", location);
    Effect::Answered
}
