//! Codes of an authenticator app: RFC 6238 with HMAC-SHA-1, six digits and steps of 30 seconds, which is what the apps
//! know.

use hmac::{Hmac, Mac as _};
use model::Timestamp;
use sha1::Sha1;
use subtle::ConstantTimeEq as _;
use url::form_urlencoded::byte_serialize;

/// A secret that app and platform share: 160 bits, as RFC 4226 recommends.
pub type TotpSecret = [u8; 20];

/// The time step whose code this is, if it is one of now, the step before or the step after, and later than `last_step`:
/// a code that was used is used up, and so is every older one.
#[must_use]
pub fn matching_step(secret: &[u8], shown: &str, now: Timestamp, last_step: i64) -> Option<i64> {
    let digits: String = shown.chars().filter(|c| !c.is_whitespace()).collect();
    if digits.len() != DIGITS || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let step = now.0.div_euclid(STEP_MS);
    let mut found = None;
    for candidate in [step - 1, step, step + 1] {
        let is_same = bool::from(code(secret, candidate).as_bytes().ct_eq(digits.as_bytes()));
        if is_same && candidate > last_step {
            found = Some(candidate);
        }
    }
    found
}

/// The secret as people type it when they cannot scan: base 32 without padding (RFC 4648).
#[must_use]
pub fn base32(secret: &[u8]) -> String {
    let mut text = String::new();
    let (mut held, mut bits) = (0_u32, 0_u32);
    for byte in secret {
        held = (held << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            text.push(digit32(held >> bits));
        }
        held &= (1 << bits) - 1;
    }
    if bits > 0 {
        text.push(digit32(held << (5 - bits)));
    }
    text
}

/// What the app scans: an `otpauth` address.
#[must_use]
pub fn otpauth_uri(secret: &[u8], issuer: &str, username: &str) -> String {
    let encode = |text: &str| {
        byte_serialize(text.as_bytes())
            .collect::<String>()
            .replace('+', "%20")
    };
    format!(
        "otpauth://totp/{}:{}?secret={}&issuer={}&algorithm=SHA1&digits={DIGITS}&period={}",
        encode(issuer),
        encode(username),
        base32(secret),
        encode(issuer),
        STEP_MS / 1000
    )
}

/// The code of a step: HOTP (RFC 4226 section 5.3) over the step's number.
fn code(secret: &[u8], step: i64) -> String {
    // A key of any length is a key; the error is there for algorithms that are not HMAC.
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(secret) else {
        return String::new();
    };
    mac.update(&step.to_be_bytes());
    let digest = mac.finalize().into_bytes();
    let offset = usize::from(digest.last().copied().unwrap_or_default() & 0x0f);
    let word = digest
        .iter()
        .skip(offset)
        .take(4)
        .fold(0_u32, |word, byte| (word << 8) | u32::from(*byte));
    format!("{:06}", (word & 0x7fff_ffff) % 1_000_000)
}

fn digit32(value: u32) -> char {
    let value = (value & 31) as u8;
    char::from(if value < 26 {
        b'A' + value
    } else {
        b'2' + value - 26
    })
}

const STEP_MS: i64 = 30_000;
const DIGITS: usize = 6;

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &[u8] = b"12345678901234567890";

    #[test]
    fn codes_are_those_of_rfc_6238() {
        // Appendix B, the last six of the eight digits.
        for (seconds, expected) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(code(SECRET, seconds / 30), expected, "{seconds}");
        }
    }

    #[test]
    fn code_is_good_for_a_step_around() {
        let check = |seconds: i64, expected| {
            let now = Timestamp(seconds * 1000);
            assert_eq!(
                matching_step(SECRET, "005924", now, 0),
                expected,
                "{seconds}"
            );
        };
        let step = 1_234_567_890 / 30;
        check(1_234_567_890, Some(step));
        check((step - 1) * 30, Some(step));
        check((step + 2) * 30 - 1, Some(step));
        check((step + 2) * 30, None);
        check((step - 1) * 30 - 1, None);
    }

    #[test]
    fn code_works_once_and_older_ones_not_at_all() {
        let now = Timestamp(1_234_567_890_000);
        let step = 1_234_567_890 / 30;
        assert_eq!(matching_step(SECRET, "005 924", now, step - 1), Some(step));
        assert_eq!(matching_step(SECRET, "005924", now, step), None);
        assert_eq!(
            matching_step(SECRET, &code(SECRET, step - 1), now, step),
            None
        );
    }

    #[test]
    fn what_is_no_code_matches_nothing() {
        let now = Timestamp(1_234_567_890_000);
        for shown in ["", "5924", "0059240", "00592x", "００５９２４", "-05924"] {
            assert_eq!(matching_step(SECRET, shown, now, 0), None, "{shown}");
        }
    }

    #[test]
    fn base32_is_that_of_rfc_4648() {
        for (plain, expected) in [
            ("", ""),
            ("f", "MY"),
            ("fo", "MZXQ"),
            ("foo", "MZXW6"),
            ("foob", "MZXW6YQ"),
            ("fooba", "MZXW6YTB"),
            ("foobar", "MZXW6YTBOI"),
        ] {
            assert_eq!(base32(plain.as_bytes()), expected, "{plain}");
        }
    }

    #[test]
    fn address_for_the_app_is_escaped() {
        assert_eq!(
            otpauth_uri(b"foobar", "Postern at a.b", "ann@c.d"),
            "otpauth://totp/Postern%20at%20a.b:ann%40c.d?secret=MZXW6YTBOI&issuer=Postern%20at%20a.b\
             &algorithm=SHA1&digits=6&period=30"
        );
    }
}
