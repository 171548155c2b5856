//! Addresses that somebody else has named and that the platform is to call: upstream endpoints, definitions to import,
//! other providers' metadata and keys.

#![warn(missing_docs)]

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

/// Reads an absolute `http` or `https` URL that may be called.
///
/// `allow_private` is the operator's word that addresses of the local network are meant (development, self-hosting).
/// Without it, names and literals that do not lead to the public Internet are refused. A public name that resolves to a
/// private address is caught by the runtime's own network rules, not here.
///
/// # Errors
/// What is wrong with the address, in words that do not repeat a secret from it.
pub fn parse(text: &str, allow_private: bool) -> Result<Url, String> {
    let url =
        Url::parse(text.trim()).map_err(|error| format!("is not an absolute URL: {error}"))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(format!(
            "has the scheme `{}`; only `http` and `https` are called",
            url.scheme()
        ));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(
            "has a user name or password in it; credentials have their own place".to_owned(),
        );
    }
    let Some(host) = url.host() else {
        return Err("has no host".to_owned());
    };
    if !allow_private && !is_public(&host) {
        return Err(format!(
            "leads to `{host}`, which is not on the public Internet"
        ));
    }
    Ok(url)
}

fn is_public(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => {
            let name = name.trim_end_matches('.').to_ascii_lowercase();
            name.contains('.')
                && !PRIVATE_ZONES
                    .iter()
                    .any(|zone| name == *zone || name.ends_with(&format!(".{zone}")))
        }
        Host::Ipv4(address) => is_public_ip(IpAddr::V4(*address)),
        Host::Ipv6(address) => is_public_ip(IpAddr::V6(*address)),
    }
}

/// `false` for everything that IANA lists as not globally reachable, with the address inside decoded where one kind of
/// address carries another (v4-mapped, 6to4, NAT64, Teredo).
#[must_use]
pub fn is_public_ip(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let value = u32::from(address);
    !PRIVATE_V4.iter().any(|(network, bits)| {
        value >> (32 - bits) == u32::from(Ipv4Addr::from(*network)) >> (32 - bits)
    })
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let value = u128::from(address);
    let top16 = (value >> 112) as u16;
    let top32 = (value >> 96) as u32;
    let low32 = Ipv4Addr::from(value as u32);
    if value >> 32 == 0xffff || value >> 32 == 0xffff_0000 {
        return is_public_v4(low32); // v4-mapped and v4-translated
    }
    if top16 == 0x2002 {
        return is_public_v4(Ipv4Addr::from((value >> 80) as u32)); // 6to4
    }
    if top32 == 0x0064_ff9b {
        return (value >> 32) == 0x0064_ff9b_u128 << 64 && is_public_v4(low32); // NAT64; its local-use part is private
    }
    if top32 == 0x2001_0000 {
        return false; // Teredo
    }
    let documentation = top32 == 0x2001_0db8 || (value >> 108) == 0x3fff0;
    let benchmarking = (value >> 80) == 0x2001_0002_0000;
    (top16 & 0xe000) == 0x2000 && !documentation && !benchmarking // global unicast is 2000::/3
}

/// Names that never leave a network (RFC 6761, 6762, 8375, 9476, and what clouds call their metadata).
const PRIVATE_ZONES: &[&str] = &[
    "localhost",
    "local",
    "internal",
    "intranet",
    "lan",
    "home",
    "corp",
    "private",
    "test",
    "invalid",
    "example",
    "home.arpa",
    "onion",
    "alt",
];

/// IANA's special-purpose registry for IPv4, with the prefix length in bits.
const PRIVATE_V4: &[([u8; 4], u32)] = &[
    ([0, 0, 0, 0], 8),
    ([10, 0, 0, 0], 8),
    ([100, 64, 0, 0], 10),
    ([127, 0, 0, 0], 8),
    ([169, 254, 0, 0], 16),
    ([172, 16, 0, 0], 12),
    ([192, 0, 0, 0], 24),
    ([192, 0, 2, 0], 24),
    ([192, 88, 99, 0], 24),
    ([192, 168, 0, 0], 16),
    ([198, 18, 0, 0], 15),
    ([198, 51, 100, 0], 24),
    ([203, 0, 113, 0], 24),
    ([224, 0, 0, 0], 4),
    ([240, 0, 0, 0], 4),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_public_internet_is_called() {
        for (address, allowed) in [
            ("https://petstore3.swagger.io/api/v3", true),
            ("http://1.1.1.1/x", true),
            ("http://[2606:4700::1111]/", true),
            ("http://localhost:8080", false),
            ("http://127.0.0.1", false),
            ("http://2130706433/", false),
            ("http://0x7f.1/", false),
            ("http://169.254.169.254/latest/meta-data", false),
            ("http://10.1.2.3", false),
            ("http://[::1]/", false),
            ("http://[::ffff:127.0.0.1]/", false),
            ("http://[2002:7f00:1::]/", false),
            ("http://[64:ff9b::7f00:1]/", false),
            ("http://[64:ff9b::101:101]/", true),
            ("http://[fe80::1]/", false),
            ("http://[fc00::1]/", false),
            ("http://intranet/", false),
            ("http://db.internal", false),
            ("http://user:secret@example.com", false),
            ("ftp://example.com", false),
            ("data:text/plain,hi", false),
            ("//example.com", false),
        ] {
            assert_eq!(parse(address, false).is_ok(), allowed, "{address}");
        }
    }

    #[test]
    fn operators_may_allow_their_own_network() {
        assert!(parse("http://127.0.0.1:9000/x", true).is_ok());
        assert!(parse("http://localhost", true).is_ok());
        assert!(parse("file:///etc/passwd", true).is_err());
        assert!(parse("http://a:b@localhost", true).is_err());
    }
}
