//! rewriteResourcePath: sends the call to another path of the endpoint.

use model::{Action, Message};

use super::{Attribute, Given, Kind, REQUEST, Wrong, words};

pub(super) const KIND: Kind = Kind {
    name: "rewriteResourcePath",
    display_name: "Rewrite resource path",
    description: "Sends the call to another path below the endpoint's address.",
    flows: REQUEST,
    attributes: &[
        Attribute::required("newResourcePath", "New path"),
        Attribute::required("includeQueryParams", "Keep the query")
            .or("true")
            .of(&["true", "false"]),
    ],
    read,
};

fn read(given: &Given) -> Result<Action, Wrong> {
    let path = words::line(given, "newResourcePath")?;
    let path = format!("/{}", path.trim_start_matches('/'));
    let leaves = |segment: &str| {
        let plain = segment.to_ascii_lowercase().replace("%2e", ".");
        matches!(plain.as_str(), "." | "..")
    };
    if path.contains(['?', '#', '\\', ' ', '{']) || path.split('/').any(leaves) {
        let help = "is not a path; it has no query, fragment, blank, parameter or dot segment";
        return Err(("newResourcePath", help.to_owned()));
    }
    Ok(Action::RewritePath {
        path,
        keeps_query: words::text(given, "includeQueryParams") == "true",
    })
}

pub(super) fn apply(message: &mut Message, path: &str, keeps_query: bool) {
    path.clone_into(&mut message.path);
    if !keeps_query {
        message.query.clear();
    }
}
