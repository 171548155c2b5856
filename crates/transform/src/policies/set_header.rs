//! setHeader: Replaces a header, or adds it.

use model::Action;

use super::{ANY_FLOW, Attribute, Given, Kind, Wrong, words};

pub(super) const KIND: Kind = Kind {
    name: "setHeader",
    display_name: "Set header",
    description: "Replaces a header, or adds it.",
    flows: ANY_FLOW,
    attributes: &[
        Attribute::required("headerName", "Header name"),
        Attribute::required("headerValue", "Header value"),
    ],
    read,
};

fn read(given: &Given) -> Result<Action, Wrong> {
    Ok(Action::SetHeader {
        name: words::header_name(given, "headerName")?,
        value: words::line(given, "headerValue")?,
    })
}
