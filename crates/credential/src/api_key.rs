//! API keys: a prefix that scanners recognise, 256 random bits, and a checksum that refuses typing errors and guesses
//! before any look-up.
//!
//! `ptn_live_` or `ptn_test_`, then 43 base-62 digits, then 6 base-62 digits of the CRC-32 of all that stands before.
//! Only the SHA-256 and the last four characters are kept; with 256 random bits a plain digest is enough.

use std::fmt;

use model::KeyType;

use crate::{base62, digest::sha256_hex};

/// A well-formed API key. Not printable by accident: `Debug` shows the last four characters only.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKey {
    text: String,
    kind: KeyType,
}

/// Why a text is no API key of ours. Nothing was looked up yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApiKeyFault {
    /// Another prefix, length or alphabet.
    Malformed,
    /// The checksum does not fit: mistyped, cut off or guessed.
    Checksum,
}

impl ApiKey {
    /// Makes a key of 32 random bytes, which the caller takes from the platform's generator.
    #[must_use]
    pub fn generate(kind: KeyType, random: &[u8; 32]) -> Self {
        let mut text = format!("{}{}", prefix(kind), base62::encode(random, RANDOM_DIGITS));
        let sum = checksum(&text);
        text.push_str(&sum);
        Self { text, kind }
    }

    /// Reads a key as a client shows it.
    ///
    /// # Errors
    /// [`ApiKeyFault`], decided without any look-up.
    pub fn parse(text: &str) -> Result<Self, ApiKeyFault> {
        let kind = [KeyType::Production, KeyType::Sandbox]
            .into_iter()
            .find(|kind| text.starts_with(prefix(*kind)))
            .ok_or(ApiKeyFault::Malformed)?;
        let digits = text
            .strip_prefix(prefix(kind))
            .ok_or(ApiKeyFault::Malformed)?;
        if digits.len() != RANDOM_DIGITS + CHECKSUM_DIGITS || !base62::is_base62(digits) {
            return Err(ApiKeyFault::Malformed);
        }
        let (body, sum) = text
            .split_at_checked(text.len() - CHECKSUM_DIGITS)
            .ok_or(ApiKeyFault::Malformed)?;
        if checksum(body) != sum {
            return Err(ApiKeyFault::Checksum);
        }
        Ok(Self {
            text: text.to_owned(),
            kind,
        })
    }

    /// The key itself, for the one answer that shows it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.text
    }

    /// Under which name it is kept: 64 lower-case hexadecimal digits, in KV as `api-key/<digest>`.
    #[must_use]
    pub fn digest(&self) -> String {
        sha256_hex(&self.text)
    }

    /// What a list shows of it.
    #[must_use]
    pub fn last_four(&self) -> &str {
        self.text
            .get(self.text.len().saturating_sub(4)..)
            .unwrap_or_default()
    }

    /// Production or sandbox, by its prefix.
    #[must_use]
    pub const fn kind(&self) -> KeyType {
        self.kind
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ApiKey(..{})", self.last_four())
    }
}

const fn prefix(kind: KeyType) -> &'static str {
    match kind {
        KeyType::Production => "ptn_live_",
        KeyType::Sandbox => "ptn_test_",
    }
}

pub(crate) fn checksum(text: &str) -> String {
    base62::encode(&crc32(text.as_bytes()).to_be_bytes(), CHECKSUM_DIGITS)
}

/// CRC-32 as in ISO 3309 (reflected polynomial 0xEDB88320), bit by bit: keys are short.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            (sum >> 1) ^ (0xEDB8_8320 * (sum & 1))
        })
    })
}

/// `ceil(256 / log2(62))`.
const RANDOM_DIGITS: usize = 43;
/// `ceil(32 / log2(62))`.
const CHECKSUM_DIGITS: usize = 6;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksum_is_the_standard_one() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
    }

    #[test]
    fn malformed_keys_are_refused_offline() {
        let good = ApiKey::generate(KeyType::Sandbox, &[7; 32]);
        let check = |text: &str, expected| {
            assert_eq!(ApiKey::parse(text), Err(expected), "{text}");
        };
        check("", ApiKeyFault::Malformed);
        check("ptn_live_", ApiKeyFault::Malformed);
        check(
            &good.reveal().replace("ptn_", "PTN_"),
            ApiKeyFault::Malformed,
        );
        check(&format!("{} ", good.reveal()), ApiKeyFault::Malformed);
        check(
            &good.reveal().replace("test_", "live_"),
            ApiKeyFault::Checksum,
        );
        let umlauts = format!("ptn_test_{}", "ä".repeat(25));
        check(&umlauts, ApiKeyFault::Malformed);
    }

    #[test]
    fn debug_text_hides_the_key() {
        let key = ApiKey::generate(KeyType::Production, &[1; 32]);
        let shown = format!("{key:?}");
        assert!(
            shown.len() < 20 && !key.reveal().contains(&shown),
            "{shown}"
        );
    }
}
