//! addHeader: Adds a header beside those of its name.

use model::Action;

use super::{ANY_FLOW, Attribute, Given, Kind, Wrong, words};

pub(super) const KIND: Kind = Kind {
    name: "addHeader",
    display_name: "Add header",
    description: "Adds a header beside those of its name.",
    flows: ANY_FLOW,
    attributes: &[
        Attribute::required("headerName", "Header name"),
        Attribute::required("headerValue", "Header value"),
    ],
    read,
};

fn read(given: &Given) -> Result<Action, Wrong> {
    Ok(Action::AddHeader {
        name: words::header_name(given, "headerName")?,
        value: words::line(given, "headerValue")?,
    })
}
