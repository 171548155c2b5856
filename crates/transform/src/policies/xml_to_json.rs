//! xmlToJSON: writes an XML body as JSON.

use model::Action;

use super::{Given, Kind, PASSING, Wrong};

pub(super) const KIND: Kind = Kind {
    name: "xmlToJSON",
    display_name: "XML to JSON",
    description: "Writes an XML body as JSON.",
    flows: PASSING,
    attributes: &[],
    read,
};

#[expect(clippy::unnecessary_wraps, reason = "as all kinds are read")]
const fn read(_given: &Given) -> Result<Action, Wrong> {
    Ok(Action::XmlToJson)
}
