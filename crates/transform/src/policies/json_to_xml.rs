//! jsonToXML: writes a JSON body as XML.

use model::Action;

use super::{Attribute, Given, Kind, PASSING, Wrong, words};

pub(super) const KIND: Kind = Kind {
    name: "jsonToXML",
    display_name: "JSON to XML",
    description: "Writes a JSON body as XML.",
    flows: PASSING,
    attributes: &[Attribute::required("root", "Name of the outermost element").or("root")],
    read,
};

fn read(given: &Given) -> Result<Action, Wrong> {
    let root = words::text(given, "root");
    let is_start = |byte: u8| byte.is_ascii_alphabetic() || byte == b'_';
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte);
    if root.len() > 100 || !root.bytes().next().is_some_and(is_start) || !root.bytes().all(is_name)
    {
        return Err(("root", "is not the name of an element".to_owned()));
    }
    Ok(Action::JsonToXml { root })
}
