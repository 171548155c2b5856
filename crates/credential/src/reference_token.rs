//! Access tokens that say nothing to whoever reads them: a name for claims that the Key Manager keeps.
//!
//! `ptn_at_`, 43 base-62 digits of 256 random bits, and 6 of a checksum, as an API key has. Only the SHA-256 is kept.

use crate::{api_key::checksum, base62, digest::sha256_hex};

/// A well-formed reference token. `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct ReferenceToken(String);

impl ReferenceToken {
    /// Makes a token of 32 random bytes, which the caller takes from the platform's generator.
    #[must_use]
    pub fn generate(random: &[u8; 32]) -> Self {
        let mut text = format!("{PREFIX}{}", base62::encode(random, RANDOM_DIGITS));
        let sum = checksum(&text);
        text.push_str(&sum);
        Self(text)
    }

    /// Is this meant to be one? Says so by the first letters.
    #[must_use]
    pub fn is_meant(text: &str) -> bool {
        text.starts_with(PREFIX)
    }

    /// Reads a token as a client shows it. `None` for what was mistyped, cut off or guessed: nothing was looked up yet.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix(PREFIX)?;
        if digits.len() != RANDOM_DIGITS + CHECKSUM_DIGITS || !base62::is_base62(digits) {
            return None;
        }
        let (body, sum) = text.split_at_checked(text.len() - CHECKSUM_DIGITS)?;
        (checksum(body) == sum).then(|| Self(text.to_owned()))
    }

    /// The token itself, for the one answer that tells it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Under which name its claims are kept: 64 lower-case hexadecimal digits.
    #[must_use]
    pub fn digest(&self) -> String {
        sha256_hex(&self.0)
    }
}

impl std::fmt::Debug for ReferenceToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ReferenceToken")
    }
}

const PREFIX: &str = "ptn_at_";
const RANDOM_DIGITS: usize = 43;
const CHECKSUM_DIGITS: usize = 6;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn made_token_reads_back_and_nothing_else_does() {
        let token = ReferenceToken::generate(&[7; 32]);
        let text = token.reveal().to_owned();
        assert_eq!(text.len(), PREFIX.len() + RANDOM_DIGITS + CHECKSUM_DIGITS);
        assert!(ReferenceToken::is_meant(&text) && !ReferenceToken::is_meant("eyJhbGciOi"));
        assert_eq!(ReferenceToken::parse(&text), Some(token.clone()));
        assert_eq!(token.digest().len(), 64);
        let (head, last) = text.split_at(text.len() - 1);
        let other = if last == "0" { "1" } else { "0" };
        for wrong in [
            String::new(),
            PREFIX.to_owned(),
            head.to_owned(),
            format!("{head}{other}"),
            format!("{text}0"),
            text.replace("ptn_at_", "ptn_live_"),
            format!("{head}\u{e9}"),
        ] {
            assert_eq!(ReferenceToken::parse(&wrong), None, "{wrong}");
        }
        assert!(!format!("{token:?}").contains(&text));
    }
}
