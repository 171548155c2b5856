//! Opaque secrets of 256 random bits: consumer secrets, refresh tokens, session ids. Kept as digests only.

use std::fmt;

use subtle::ConstantTimeEq as _;

use crate::{base62, digest::sha256_hex};

/// A secret to be shown once. Not printable by accident.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// 43 base-62 digits of 32 random bytes, which the caller takes from the platform's generator.
    #[must_use]
    pub fn generate(random: &[u8; 32]) -> Self {
        Self(base62::encode(random, 43))
    }

    /// The secret itself, for the one answer that shows it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is kept of it: 64 lower-case hexadecimal digits.
    #[must_use]
    pub fn digest(&self) -> String {
        sha256_hex(&self.0)
    }

    /// Is `shown` the secret with this digest? Takes the same time whatever the digests have in common.
    #[must_use]
    pub fn matches(shown: &str, digest: &str) -> bool {
        bool::from(sha256_hex(shown).as_bytes().ct_eq(digest.as_bytes()))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn secret_matches_its_own_digest_only() {
        let secret = Secret::generate(&[9; 32]);
        assert_eq!(secret.reveal().len(), 43);
        assert!(Secret::matches(secret.reveal(), &secret.digest()));
        assert!(!Secret::matches("other", &secret.digest()));
        assert!(!Secret::matches(secret.reveal(), ""));
    }
}
