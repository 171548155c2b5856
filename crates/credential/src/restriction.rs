//! From where an API key may be used: addresses, ranges and referrers.

use std::net::IpAddr;

use ipnet::IpNet;

/// May `address` use a key with this list of addresses and CIDR ranges? An empty list permits all; with a list, an
/// address that is absent or unreadable is refused, and so is an entry that is unreadable. IPv4 written as IPv6
/// (`::ffff:192.0.2.1`) counts as IPv4.
#[must_use]
pub fn permits_address(permitted: &[String], address: Option<&str>) -> bool {
    if permitted.is_empty() {
        return true;
    }
    let Some(address) = address.and_then(|text| text.trim().parse::<IpAddr>().ok()) else {
        return false;
    };
    let address = address.to_canonical();
    permitted
        .iter()
        .filter_map(|entry| network(entry.trim()))
        .any(|network| network.contains(&address))
}

/// May a request with this `Referer` use a key with these patterns? An empty list permits all. `*` stands for any
/// text, so `https://shop.example/*` permits every page of that site; without `*` the whole address must be equal.
#[must_use]
pub fn permits_referrer(permitted: &[String], referrer: Option<&str>) -> bool {
    if permitted.is_empty() {
        return true;
    }
    referrer.is_some_and(|referrer| {
        permitted
            .iter()
            .any(|pattern| matches_pattern(pattern.trim(), referrer))
    })
}

fn network(entry: &str) -> Option<IpNet> {
    let found: IpNet = match entry.parse::<IpAddr>() {
        Ok(address) => IpNet::from(address.to_canonical()),
        Err(_) => entry.parse().ok()?,
    };
    Some(found)
}

/// Greedy from the left is enough for `*`: the earliest place of each piece leaves most for the rest. Linear per piece.
fn matches_pattern(pattern: &str, text: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('*') else {
        return pattern == text;
    };
    let Some(mut remaining) = text.strip_prefix(head) else {
        return false;
    };
    let mut pieces = rest.split('*').peekable();
    while let Some(piece) = pieces.next() {
        if pieces.peek().is_none() {
            return remaining.ends_with(piece);
        }
        match remaining.split_once(piece) {
            Some((_, after)) => remaining = after,
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_ranges_are_matched() {
        let check = |list: &[&str], address: Option<&str>, expected| {
            let list: Vec<String> = list.iter().map(ToString::to_string).collect();
            assert_eq!(
                permits_address(&list, address),
                expected,
                "{list:?} {address:?}"
            );
        };
        check(&[], None, true);
        check(&["192.0.2.1"], Some("192.0.2.1"), true);
        check(&["192.0.2.1"], Some("::ffff:192.0.2.1"), true);
        check(&["192.0.2.1"], Some("192.0.2.11"), false);
        check(&["192.0.2.0/24"], Some("192.0.2.255"), true);
        check(&["192.0.2.0/24"], Some("192.0.3.0"), false);
        check(&["2001:db8::/32"], Some("2001:db8:1::1"), true);
        check(&["nonsense"], Some("192.0.2.1"), false);
        check(&["192.0.2.1"], None, false);
        check(&["192.0.2.1"], Some("192.0.2.1, 10.0.0.1"), false);
        check(&["0.0.0.0/0"], Some("::1"), false);
    }

    #[test]
    fn referrer_patterns_are_matched() {
        let check = |pattern: &str, referrer: Option<&str>, expected| {
            let list = [pattern.to_owned()];
            assert_eq!(
                permits_referrer(&list, referrer),
                expected,
                "{pattern} {referrer:?}"
            );
        };
        check("https://a.example/*", Some("https://a.example/x"), true);
        check(
            "https://a.example/*",
            Some("https://a.example.evil/x"),
            false,
        );
        check("https://a.example/*", None, false);
        check("https://a.example/x", Some("https://a.example/xy"), false);
        check("*.example/*/end", Some("https://a.example/mid/end"), true);
        check("*.example/*/end", Some("https://a.example/end"), false);
        check("*", Some(""), true);
        check("a*a", Some("a"), false);
        assert!(permits_referrer(&[], None));
    }
}
