//! Messages that their receiver can trust (Standard Webhooks): signed with a secret that only the two know, over the
//! message's id and time, so that nobody can make one up, change one, or send an old one again.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha256};

/// A message's headers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// `webhook-id`: the same for each attempt.
    pub id: String,
    /// `webhook-timestamp`: seconds since the epoch, of this attempt.
    pub timestamp: String,
    /// `webhook-signature`.
    pub signature: String,
}

impl Signed {
    /// Signs a message; `None` when `secret` is none that [`secret`] makes.
    #[must_use]
    pub fn new(secret: &str, id: &str, seconds: i64, body: &str) -> Option<Self> {
        let key = key_of(secret)?;
        let mac = hmac_sha256(&key, format!("{id}.{seconds}.{body}").as_bytes());
        Some(Self {
            id: id.to_owned(),
            timestamp: seconds.to_string(),
            signature: format!("v1,{}", STANDARD.encode(mac)),
        })
    }
}

/// A secret in the form that receivers' libraries take, of random bytes.
#[must_use]
pub fn secret(random: &[u8; 32]) -> String {
    format!("{PREFIX}{}", STANDARD.encode(random))
}

/// Is this a secret: 24 to 64 bytes behind `whsec_`?
#[must_use]
pub fn is_secret(text: &str) -> bool {
    key_of(text).is_some()
}

/// How long to wait after so many attempts that failed; `None` when it is given up.
#[must_use]
pub fn next_attempt_ms(failed: u32) -> Option<i64> {
    let wait = usize::try_from(failed).ok()?.checked_sub(1)?;
    WAITS_SECONDS.get(wait).map(|seconds| seconds * 1_000)
}

fn key_of(secret: &str) -> Option<Vec<u8>> {
    let key = STANDARD.decode(secret.strip_prefix(PREFIX)?).ok()?;
    (24..=64).contains(&key.len()).then_some(key)
}

/// RFC 2104, for keys of at most one block.
fn hmac_sha256(key: &[u8], message: &[u8]) -> [u8; 32] {
    let padded = |pad: u8| -> Vec<u8> {
        let zeros = std::iter::repeat_n(&0, BLOCK.saturating_sub(key.len()));
        key.iter().chain(zeros).map(|byte| byte ^ pad).collect()
    };
    let inner = Sha256::new()
        .chain_update(padded(0x36))
        .chain_update(message)
        .finalize();
    let outer = Sha256::new().chain_update(padded(0x5c)).chain_update(inner);
    outer.finalize().into()
}

const PREFIX: &str = "whsec_";
/// Bytes of a block of SHA-256.
const BLOCK: usize = 64;
/// Five minutes, half an hour, two hours, five, ten; a message that failed once is tried again with the next round.
const WAITS_SECONDS: [i64; 6] = [5, 300, 1_800, 7_200, 18_000, 36_000];

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4231, test case 2 has a key of 4 bytes; here through the function that signs.
    #[test]
    fn signs_as_the_standard_says() {
        let mac = hmac_sha256(b"Jefe", b"what do ya want for nothing?");
        let hex: String = mac.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(
            hex,
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }

    #[test]
    fn a_signature_is_of_id_time_and_body() {
        let secret = secret(&[7; 32]);
        let sign =
            |id: &str, at: i64, body: &str| Signed::new(&secret, id, at, body).unwrap().signature;
        let first = sign("msg_1", 1_700_000_000, "{}");
        assert!(first.starts_with("v1,"));
        assert_eq!(first, sign("msg_1", 1_700_000_000, "{}"));
        for other in [
            sign("msg_2", 1_700_000_000, "{}"),
            sign("msg_1", 1_700_000_001, "{}"),
            sign("msg_1", 1_700_000_000, "[]"),
        ] {
            assert_ne!(first, other);
        }
        for bad in ["", "whsec_", "whsec_AAAA", "AAAA", "whsec_!"] {
            assert!(!is_secret(bad), "{bad}");
            assert_eq!(Signed::new(bad, "a", 1, ""), None);
        }
    }

    #[test]
    fn gives_up_in_the_end() {
        let waits: Vec<Option<i64>> = (0..8).map(next_attempt_ms).collect();
        assert_eq!(waits.first(), Some(&None));
        assert!(waits.iter().skip(1).take(6).all(Option::is_some));
        assert_eq!(waits.last(), Some(&None));
    }
}
