//! ipFilter: lets calls in, or keeps them out, by the client's address.

use std::net::IpAddr;

use ipnet::IpNet;
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
    if let Some(bad) = ranges.iter().find(|it| network(it).is_none()) {
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
        .filter_map(|it| network(it))
        .any(|it| it.contains(&client));
    if is_inside == allows {
        Effect::Done
    } else {
        Effect::Refused
    }
}

/// A network, or an address as the network of it alone; one of IPv4 that is written as IPv6 is one of IPv4.
fn network(text: &str) -> Option<IpNet> {
    match text.parse::<IpAddr>() {
        Ok(address) => Some(IpNet::from(address.to_canonical())),
        Err(_) => text.parse().ok(),
    }
}
