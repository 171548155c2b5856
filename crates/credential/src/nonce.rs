//! Nonces of the server that it does not remember (RFC 9449 section 8): a moment, and a code that only we can make of it.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac as _};
use model::Timestamp;
use sha2::Sha256;

/// Makes nonces and knows them again.
#[derive(Clone)]
pub struct Nonces([u8; 32]);

impl Nonces {
    /// By a key that is derived from the platform's secret for this purpose alone.
    #[must_use]
    pub fn under(secret: &str) -> Self {
        Self(code(secret.as_bytes(), PURPOSE))
    }

    /// The nonce of this moment; the same for half of its life, so that clients need not change it with each request.
    #[must_use]
    pub fn at(&self, now: Timestamp) -> String {
        self.of_period(now.seconds().div_euclid(PERIOD_SECONDS))
    }

    /// Is it a nonce of ours, and of this period or the one before?
    #[must_use]
    pub fn knows(&self, shown: &str, now: Timestamp) -> bool {
        let period = now.seconds().div_euclid(PERIOD_SECONDS);
        // What is compared is no secret that a client could not ask for, so that time tells nothing.
        shown == self.of_period(period) || shown == self.of_period(period - 1)
    }

    fn of_period(&self, period: i64) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(code(&self.0, &period.to_be_bytes()))
    }
}

fn code(key: &[u8], message: &[u8]) -> [u8; 32] {
    match Hmac::<Sha256>::new_from_slice(key) {
        Ok(mac) => mac.chain_update(message).finalize().into_bytes().into(),
        // No length of key is refused (RFC 2104 section 2).
        Err(_) => [0; 32],
    }
}

impl std::fmt::Debug for Nonces {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Nonces(..)")
    }
}

const PURPOSE: &[u8] = b"postern dpop nonce 1";
/// A nonce lives for 3 to 6 minutes.
const PERIOD_SECONDS: i64 = 180;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nonces_live_for_two_periods() {
        let nonces = Nonces::under("secret");
        let start = Timestamp::from_seconds(PERIOD_SECONDS * 1_000_000);
        let nonce = nonces.at(start);
        let after = |seconds: i64| nonces.knows(&nonce, start.plus_ms(seconds * 1000));
        assert!(after(0) && after(179) && after(180) && after(359));
        assert!(!after(360) && !after(-1));
        assert_eq!(nonces.at(start.plus_ms(179_999)), nonce);
        assert_ne!(nonces.at(start.plus_ms(180_000)), nonce);
    }

    #[test]
    fn nobody_else_makes_them() {
        let now = Timestamp::from_seconds(1_800_000_000);
        let foreign = Nonces::under("other").at(now);
        let nonces = Nonces::under("secret");
        assert!(!nonces.knows(&foreign, now));
        assert!(!nonces.knows("", now));
        assert_eq!(format!("{nonces:?}"), "Nonces(..)");
    }

    #[test]
    fn codes_are_those_of_the_standard() {
        // RFC 4231 section 4.3.
        let found = code(b"Jefe", b"what do ya want for nothing?");
        assert_eq!(
            crate::hex(&found),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }
}
