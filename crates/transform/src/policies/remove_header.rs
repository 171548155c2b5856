//! removeHeader: Removes all headers of a name.

use model::Action;

use super::{ANY_FLOW, Attribute, Given, Kind, Wrong, words};

pub(super) const KIND: Kind = Kind {
    name: "removeHeader",
    display_name: "Remove header",
    description: "Removes all headers of a name.",
    flows: ANY_FLOW,
    attributes: &[Attribute::required("headerName", "Header name")],
    read,
};

fn read(given: &Given) -> Result<Action, Wrong> {
    Ok(Action::RemoveHeader {
        name: words::header_name(given, "headerName")?,
    })
}
