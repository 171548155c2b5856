//! ipFilter: lets calls in, or keeps them out, by the client's address.

use std::net::IpAddr;

use model::Action;

use super::{Attribute, Effect, Given, Kind, REQUEST, Wrong, words};

pub(super) const KIND: Kind = Kind {
    name: "ipFilter",
    display_name: "Filter by address",
    description: "Lets in only clients of these addresses, or keeps them out.",
    flows: REQUEST,
    attributes: &[
        Attribute::required("mode", "Mode").of(&["allow", "deny"]),
        Attribute::required(
            "addresses",
            "Addresses and networks, with commas between them",
        ),
    ],
    read,
};

fn read(given: &Given) -> Result<Action, Wrong> {
    let text = words::text(given, "addresses");
    let ranges: Vec<String> = text.split(',').map(|it| it.trim().to_owned()).collect();
    if let Some(bad) = ranges.iter().find(|it| range(it).is_none()) {
        return Err(("addresses", format!("`{bad}` is no address and no network")));
    }
    Ok(Action::FilterAddress {
        allows: words::text(given, "mode") == "allow",
        ranges,
    })
}

/// Who has no address is in no range: an allowance keeps them out, and so does a denial, which cannot be shown to pass.
pub(super) fn apply(allows: bool, ranges: &[String], client: Option<IpAddr>) -> Effect {
    let Some(client) = client.map(|it| it.to_canonical()) else {
        return Effect::Refused;
    };
    let is_inside = ranges
        .iter()
        .filter_map(|it| range(it))
        .any(|it| contains(it, client));
    if is_inside == allows {
        Effect::Done
    } else {
        Effect::Refused
    }
}

/// An address and the number of bits that count.
fn range(text: &str) -> Option<(IpAddr, u32)> {
    let (address, bits) = text
        .split_once('/')
        .map_or((text, None), |(a, b)| (a, Some(b)));
    let address: IpAddr = address.parse().ok()?;
    let most = if address.is_ipv4() { 32 } else { 128 };
    let bits = bits.map_or(Some(most), |it| it.parse().ok())?;
    (bits <= most).then_some((address, bits))
}

fn contains((network, bits): (IpAddr, u32), address: IpAddr) -> bool {
    let differing = match (network, address) {
        (IpAddr::V4(a), IpAddr::V4(b)) => (u32::from(a) ^ u32::from(b)).leading_zeros(),
        (IpAddr::V6(a), IpAddr::V6(b)) => (u128::from(a) ^ u128::from(b)).leading_zeros(),
        (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => return false,
    };
    differing >= bits
}
