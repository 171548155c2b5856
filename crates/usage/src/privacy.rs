//! What of a caller may be kept: set for user names and for addresses apart, and applied before an event is stored.
//!
//! A hash is of the day's salt and the text. The salt is random and is forgotten when its day is over, so that yesterday's
//! hashes lead to nobody, not even for whoever knows all names and addresses.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::Event;

/// What is kept of a kind of personal data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Keep {
    /// As it is.
    Full,
    /// Of an address its network (24 bits of IPv4, 48 of IPv6), of a name its first letter.
    Truncated,
    /// 16 hexadecimal digits that are the same all day, and tell nothing.
    Hashed,
    /// Nothing.
    None,
}

/// The setting of an installation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Privacy {
    /// User names.
    pub users: Keep,
    /// Clients' addresses.
    pub addresses: Keep,
}

/// Names are kept, since an owner has to see who calls; addresses lose what leads to one person.
impl Default for Privacy {
    fn default() -> Self {
        Self {
            users: Keep::Full,
            addresses: Keep::Truncated,
        }
    }
}

impl Keep {
    /// Reads a setting; nothing set is `default`, and what is none of the four words keeps nothing.
    #[must_use]
    pub fn read(word: &str, default: Self) -> Self {
        match word {
            "" => default,
            "full" => Self::Full,
            "truncated" => Self::Truncated,
            "hashed" => Self::Hashed,
            _ => Self::None,
        }
    }

    fn of(self, text: &str, salt: &str, truncated: impl FnOnce(&str) -> String) -> Option<String> {
        match self {
            Self::Full => Some(text.to_owned()),
            Self::Truncated => Some(truncated(text)),
            Self::Hashed => Some(hashed(text, salt)),
            Self::None => None,
        }
    }
}

impl Privacy {
    /// Does anything have to be hashed, so that a salt is needed?
    #[must_use]
    pub fn needs_salt(self) -> bool {
        self.users == Keep::Hashed || self.addresses == Keep::Hashed
    }

    /// Takes out of the event what may not be kept. `salt` is the one of the event's day.
    pub fn apply(self, event: &mut Event, salt: &str) {
        let user = event.user.take();
        event.user = user.and_then(|name| self.users.of(&name, salt, initial));
        let address = event.user_ip.take();
        event.user_ip = address.and_then(|text| self.addresses.of(&text, salt, network));
    }
}

fn initial(name: &str) -> String {
    name.chars().take(1).chain(['*']).collect()
}

/// The network of an address; of what is no address, nothing is told.
fn network(text: &str) -> String {
    match text.parse::<IpAddr>() {
        Ok(IpAddr::V4(address)) => {
            let [a, b, c, _] = address.octets();
            format!("{a}.{b}.{c}.0/24")
        }
        Ok(IpAddr::V6(address)) => match address.to_ipv4_mapped() {
            Some(inner) => network(&inner.to_string()),
            None => {
                let [a, b, c, ..] = address.segments();
                format!("{a:x}:{b:x}:{c:x}::/48")
            }
        },
        Err(_) => "unknown".to_owned(),
    }
}

fn hashed(text: &str, salt: &str) -> String {
    let digest = Sha256::new()
        .chain_update(salt)
        .chain_update([0])
        .chain_update(text)
        .finalize();
    digest.iter().take(8).fold(String::new(), |mut hex, byte| {
        for half in [byte >> 4, byte & 15] {
            hex.push(char::from_digit(u32::from(half), 16).unwrap_or('0'));
        }
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event() -> Event {
        let text = r#"{"t":0,"id":"c","o":"acme","e":"Default","m":"GET","st":200,"l":1,"u":"alice","ip":"203.0.113.77"}"#;
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn keeps_no_more_than_the_setting() {
        let cases = [
            (Keep::Full, Some("alice"), Some("203.0.113.77")),
            (Keep::Truncated, Some("a*"), Some("203.0.113.0/24")),
            (Keep::None, None, None),
        ];
        for (keep, user, address) in cases {
            let mut event = event();
            let privacy = Privacy {
                users: keep,
                addresses: keep,
            };
            privacy.apply(&mut event, "salt");
            assert_eq!(
                (event.user.as_deref(), event.user_ip.as_deref()),
                (user, address)
            );
        }
    }

    #[test]
    fn a_hash_holds_for_one_salt_only() {
        let hash = |salt: &str| {
            let mut event = event();
            let privacy = Privacy {
                users: Keep::Hashed,
                addresses: Keep::Hashed,
            };
            privacy.apply(&mut event, salt);
            (event.user.unwrap(), event.user_ip.unwrap())
        };
        assert_eq!(hash("monday"), hash("monday"));
        assert_ne!(hash("monday"), hash("tuesday"));
        let (user, address) = hash("monday");
        assert_eq!((user.len(), address.len()), (16, 16));
        assert!(!format!("{user}{address}").contains("alice"));
    }

    #[test]
    fn addresses_of_both_kinds_lose_their_host() {
        for (address, kept) in [
            ("2001:db8:aa:bb::1", "2001:db8:aa::/48"),
            ("::ffff:203.0.113.9", "203.0.113.0/24"),
            ("not an address", "unknown"),
        ] {
            assert_eq!(network(address), kept, "{address}");
        }
    }

    #[test]
    fn a_word_that_is_none_keeps_nothing() {
        assert_eq!(Keep::read("", Keep::Truncated), Keep::Truncated);
        assert_eq!(Keep::read("hashed", Keep::Full), Keep::Hashed);
        assert_eq!(Keep::read("Full", Keep::Full), Keep::None);
    }
}
