//! removeQueryParam: removes a query parameter, however it is spelled.

use model::{Action, Message};

use super::{Attribute, Given, Kind, REQUEST, Wrong, words};

pub(super) const KIND: Kind = Kind {
    name: "removeQueryParam",
    display_name: "Remove query parameter",
    description: "Removes all query parameters of a name.",
    flows: REQUEST,
    attributes: &[Attribute::required("paramKey", "Parameter")],
    read,
};

fn read(given: &Given) -> Result<Action, Wrong> {
    let name = words::query_name(given, "paramKey")?;
    Ok(Action::RemoveQueryParam { name })
}

pub(super) fn apply(message: &mut Message, name: &str) {
    let kept = message.query.split('&').filter(|pair| {
        let key = pair.split('=').next().unwrap_or_default();
        decoded(key) != name.as_bytes()
    });
    message.query = kept.collect::<Vec<_>>().join("&");
}

fn decoded(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        let digits = after.split_first_chunk::<2>();
        let escaped = digits
            .filter(|_| *first == b'%')
            .and_then(|(digits, after)| {
                let [high, low] = digits.map(|digit| char::from(digit).to_digit(16));
                let byte = u8::try_from(high? * 16 + low?).ok()?;
                Some((byte, after))
            });
        match (escaped, first) {
            (Some((byte, after)), _) => {
                bytes.push(byte);
                rest = after;
            }
            (None, b'+') => bytes.push(b' '),
            (None, byte) => bytes.push(*byte),
        }
    }
    bytes
}
