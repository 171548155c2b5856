//! Proof Key for Code Exchange (RFC 7636): who shows the code has to be who asked for it.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use crate::{Client, ErrorKind, Form, OauthError};

/// What the verifier has to match. Kept with the code, so that no later request can weaken it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Challenge {
    /// SHA-256 of the verifier, base64url.
    S256(String),
    /// The verifier itself; only for clients whose settings say `pkceSupportPlain`.
    Plain(String),
}

/// What a client has to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PkceRule {
    /// No challenge, no code.
    pub is_required: bool,
    /// `plain` is let pass.
    pub allows_plain: bool,
}

impl PkceRule {
    /// A public client has to use S256, whatever its settings say; any other does unless its settings let it off.
    #[must_use]
    pub fn of(client: &Client) -> Self {
        let settings = client.settings;
        if client.is_public() {
            return Self {
                is_required: true,
                allows_plain: false,
            };
        }
        Self {
            is_required: settings.pkce_required,
            allows_plain: settings.pkce_plain,
        }
    }
}

impl Challenge {
    /// Reads `code_challenge` and `code_challenge_method`.
    ///
    /// # Errors
    /// `invalid_request` for a missing challenge that the rule demands, a malformed one, or a method that it forbids.
    pub fn read(form: &Form, rule: PkceRule) -> Result<Option<Self>, OauthError> {
        let Some(text) = form.get("code_challenge") else {
            if form.get("code_challenge_method").is_some() {
                return Err(refuse("`code_challenge_method` needs a `code_challenge`"));
            }
            if rule.is_required {
                return Err(refuse(
                    "`code_challenge` is missing; use PKCE with `code_challenge_method=S256`",
                ));
            }
            return Ok(None);
        };
        match form.get("code_challenge_method").unwrap_or("plain") {
            "S256" if text.len() == DIGEST_LENGTH && text.bytes().all(is_base64url) => {
                Ok(Some(Self::S256(text.to_owned())))
            }
            "S256" => Err(refuse(
                "`code_challenge` has to be the base64url SHA-256 of the verifier, 43 characters",
            )),
            "plain" if !rule.allows_plain => {
                Err(refuse("use `code_challenge_method=S256`, not `plain`"))
            }
            "plain" if is_verifier(text) => Ok(Some(Self::Plain(text.to_owned()))),
            "plain" => Err(refuse(VERIFIER_RULE)),
            _ => Err(refuse("use `code_challenge_method=S256`")),
        }
    }

    /// Is `verifier` what the challenge was made of? Takes the same time whatever they have in common.
    #[must_use]
    pub fn is_met_by(&self, verifier: &str) -> bool {
        if !is_verifier(verifier) {
            return false;
        }
        match self {
            Self::S256(digest) => same(
                &BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes())),
                digest,
            ),
            Self::Plain(text) => same(verifier, text),
        }
    }
}

fn same(one: &str, other: &str) -> bool {
    bool::from(one.as_bytes().ct_eq(other.as_bytes()))
}

fn is_verifier(text: &str) -> bool {
    (43..=128).contains(&text.len()) && text.bytes().all(is_unreserved)
}

const fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

const fn is_base64url(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

fn refuse(description: &str) -> OauthError {
    OauthError::new(ErrorKind::InvalidRequest, description)
}

const DIGEST_LENGTH: usize = 43;
const VERIFIER_RULE: &str =
    "`code_challenge` has to be 43 to 128 letters, digits, `-`, `.`, `_` and `~`";

#[cfg(test)]
mod tests {
    use super::*;

    /// The pair of RFC 7636 appendix B.
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    #[test]
    fn challenge_is_read_as_the_rule_allows() {
        let check = |query: &str, is_required, allows_plain, expected: Result<bool, ()>| {
            let rule = PkceRule {
                is_required,
                allows_plain,
            };
            let read = Challenge::read(&Form::parse(query).unwrap(), rule);
            let found = read.map(|challenge| challenge.is_some()).map_err(|error| {
                assert_eq!(error.kind, ErrorKind::InvalidRequest);
            });
            assert_eq!(found, expected, "{query} {rule:?}");
        };
        let s256 = format!("code_challenge={CHALLENGE}&code_challenge_method=S256");
        let plain = format!("code_challenge={VERIFIER}");
        check(&s256, true, false, Ok(true));
        check(&s256, false, true, Ok(true));
        check("", true, false, Err(()));
        check("", false, false, Ok(false));
        check(&plain, true, false, Err(()));
        check(&plain, true, true, Ok(true));
        check(
            &format!("{plain}&code_challenge_method=plain"),
            true,
            true,
            Ok(true),
        );
        check("code_challenge=short", true, true, Err(()));
        check("code_challenge_method=S256", false, false, Err(()));
        check(
            "code_challenge=short&code_challenge_method=S256",
            true,
            true,
            Err(()),
        );
        check(
            &format!("{plain}&code_challenge_method=S512"),
            true,
            true,
            Err(()),
        );
        check(
            &format!("{plain}&code_challenge_method=s256"),
            true,
            true,
            Err(()),
        );
        check(
            &format!(
                "code_challenge={}&code_challenge_method=S256",
                "=".repeat(43)
            ),
            true,
            true,
            Err(()),
        );
    }

    #[test]
    fn only_its_own_verifier_meets_a_challenge() {
        let check = |challenge: Challenge, verifier: &str, expected| {
            assert_eq!(
                challenge.is_met_by(verifier),
                expected,
                "{challenge:?} {verifier}"
            );
        };
        check(Challenge::S256(CHALLENGE.into()), VERIFIER, true);
        check(Challenge::S256(CHALLENGE.into()), CHALLENGE, false);
        check(Challenge::S256(CHALLENGE.into()), "", false);
        check(Challenge::Plain(VERIFIER.into()), VERIFIER, true);
        check(
            Challenge::Plain(VERIFIER.into()),
            &format!("{VERIFIER}x"),
            false,
        );
        check(Challenge::Plain("x".into()), "x", false);
        check(Challenge::Plain("x".repeat(129)), &"x".repeat(129), false);
        check(
            Challenge::Plain(format!("{}!", "x".repeat(43))),
            &format!("{}!", "x".repeat(43)),
            false,
        );
    }
}
