//! A name and a password, as `Authorization: Basic` shows them (RFC 7617).

use std::fmt;

use base64::{Engine as _, prelude::BASE64_STANDARD};

use crate::digest::sha256_hex;

/// A name and a password that nobody has compared yet. `Debug` shows neither.
#[derive(Clone, PartialEq, Eq)]
pub struct Basic {
    user: String,
    password: String,
}

impl Basic {
    /// Reads what follows the scheme; `None` for what is not base64 of a name and a password in UTF-8, which were not looked
    /// up yet.
    #[must_use]
    pub fn parse(shown: &str) -> Option<Self> {
        if shown.len() > LIMIT {
            return None;
        }
        let bytes = BASE64_STANDARD.decode(shown.trim()).ok()?;
        let text = String::from_utf8(bytes).ok()?;
        let (user, password) = text.split_once(':')?;
        let is_good = !user.is_empty() && !text.chars().any(char::is_control);
        is_good.then(|| Self {
            user: user.to_owned(),
            password: password.to_owned(),
        })
    }

    /// The name.
    #[must_use]
    pub fn user(&self) -> &str {
        &self.user
    }

    /// The password, for the one who compares it.
    #[must_use]
    pub fn password(&self) -> &str {
        &self.password
    }

    /// Names the pair, by which what came of comparing it is remembered.
    #[must_use]
    pub fn digest(&self) -> String {
        // A name has no control character.
        sha256_hex(&format!("{}\n{}", self.user, self.password))
    }
}

impl fmt::Debug for Basic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Basic")
    }
}

/// More than the longest name and password in base64.
const LIMIT: usize = 2_048;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_is_read_and_never_shown() {
        let shown = BASE64_STANDARD.encode("ann:se:cret é");
        let pair = Basic::parse(&shown).unwrap();
        assert_eq!((pair.user(), pair.password()), ("ann", "se:cret é"));
        assert_eq!(format!("{pair:?}"), "Basic");
        for other in ["ann:se", "an:n:se:cret é", "bob:se:cret é"] {
            let other = Basic::parse(&BASE64_STANDARD.encode(other)).unwrap();
            assert_ne!(other.digest(), pair.digest());
        }
    }

    #[test]
    fn what_is_no_pair_is_refused() {
        for text in ["", "ann", ":secret", "ann:a\nb", "a\0:b"] {
            assert_eq!(Basic::parse(&BASE64_STANDARD.encode(text)), None, "{text}");
        }
        for shown in [
            "***",
            "YW5uOnM",
            &"A".repeat(3_000),
            &BASE64_STANDARD.encode(b"\xff:a"),
        ] {
            assert_eq!(Basic::parse(shown), None, "{shown}");
        }
    }
}
