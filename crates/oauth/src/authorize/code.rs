//! Authorization codes: good once, for a minute at the most, for the client and the browser session they were made for.

use model::{ClientId, Timestamp};

use super::Challenge;
use crate::{ErrorKind, OauthError};

/// What is kept of a code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeState {
    /// To whom it was issued.
    pub client: ClientId,
    /// Where it was sent.
    pub redirect_uri: String,
    /// The authorization request named the redirect URI.
    pub is_redirect_named: bool,
    /// What the verifier has to meet.
    pub challenge: Option<Challenge>,
    /// The thumbprint of the key that redeems it (RFC 9449 section 10).
    pub bound_to: Option<String>,
    /// When it stops working.
    pub expires_at: Timestamp,
    /// It was redeemed.
    pub is_spent: bool,
    /// The session that it was made in has not been signed out.
    pub has_session: bool,
}

/// What came with the code.
#[derive(Clone, Copy)]
pub struct ShownCode<'a> {
    /// By whom.
    pub client: &'a ClientId,
    /// `redirect_uri`.
    pub redirect_uri: Option<&'a str>,
    /// `code_verifier`.
    pub verifier: Option<&'a str>,
    /// The thumbprint of the key that the request proves.
    pub key: Option<&'a str>,
}

/// What to do with a code that was shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CodeVerdict {
    /// Redeem it, if nobody else does at this moment.
    Redeem,
    /// It was redeemed before: somebody has a copy. Revoke what it gave, then refuse.
    Replayed,
    /// Refuse.
    Refused(OauthError),
}

/// Judges a code. A stranger learns nothing and spoils nothing: who the code was issued to is looked at first.
#[must_use]
pub fn judge_code(code: &CodeState, shown: ShownCode<'_>, now: Timestamp) -> CodeVerdict {
    if code.client != *shown.client {
        return refused(UNKNOWN);
    }
    if code.is_spent {
        return CodeVerdict::Replayed;
    }
    if now >= code.expires_at || !code.has_session {
        return refused(UNKNOWN);
    }
    match shown.redirect_uri {
        Some(uri) if uri != code.redirect_uri => return refused(OTHER_PLACE),
        None if code.is_redirect_named => return refused(OTHER_PLACE),
        Some(_) | None => {}
    }
    if code.bound_to.is_some() && code.bound_to.as_deref() != shown.key {
        return refused("the code is bound to a key; send a proof of the same key");
    }
    match (&code.challenge, shown.verifier) {
        (None, None) => CodeVerdict::Redeem,
        (Some(challenge), Some(verifier)) if challenge.is_met_by(verifier) => CodeVerdict::Redeem,
        (Some(_), Some(_)) => refused(
            "`code_verifier` does not match the `code_challenge` of the authorization request",
        ),
        (Some(_), None) => refused("`code_verifier` is missing"),
        (None, Some(_)) => {
            refused("`code_verifier` came, but the authorization request had no `code_challenge`")
        }
    }
}

impl OauthError {
    /// The one answer for every code that is not good.
    #[must_use]
    pub fn code() -> Self {
        Self::new(ErrorKind::InvalidGrant, UNKNOWN)
    }
}

fn refused(description: &str) -> CodeVerdict {
    CodeVerdict::Refused(OauthError::new(ErrorKind::InvalidGrant, description))
}

/// 60 s, the most that RFC 9700's readers allow; a client redeems within one.
pub const CODE_LIFE_MS: i64 = 60 * 1000;
const UNKNOWN: &str =
    "the code is unknown, expired, spent or another client's; ask for authorization again";
const OTHER_PLACE: &str = "`redirect_uri` is not the one of the authorization request";

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_000_000);
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    fn code() -> CodeState {
        CodeState {
            client: "c".into(),
            redirect_uri: "https://a/cb".into(),
            is_redirect_named: true,
            challenge: Some(Challenge::S256(CHALLENGE.into())),
            bound_to: None,
            expires_at: NOW.plus_ms(1),
            is_spent: false,
            has_session: true,
        }
    }

    fn judge(
        code: &CodeState,
        client: &str,
        redirect_uri: Option<&str>,
        verifier: Option<&str>,
    ) -> CodeVerdict {
        let client = client.into();
        let shown = ShownCode {
            client: &client,
            redirect_uri,
            verifier,
            key: Some("thumb"),
        };
        judge_code(code, shown, NOW)
    }

    fn is_refused(verdict: &CodeVerdict) -> bool {
        matches!(verdict, CodeVerdict::Refused(error) if error.kind == ErrorKind::InvalidGrant)
    }

    #[test]
    fn code_is_bound_to_all_it_was_issued_for() {
        let here = Some("https://a/cb");
        assert_eq!(
            judge(&code(), "c", here, Some(VERIFIER)),
            CodeVerdict::Redeem
        );
        for (client, redirect_uri, verifier) in [
            ("d", here, Some(VERIFIER)),
            ("c", None, Some(VERIFIER)),
            ("c", Some("https://a/cb/"), Some(VERIFIER)),
            ("c", here, None),
            ("c", here, Some(CHALLENGE)),
        ] {
            let verdict = judge(&code(), client, redirect_uri, verifier);
            assert!(
                is_refused(&verdict),
                "{client} {redirect_uri:?} {verifier:?}"
            );
        }
        for code in [
            CodeState {
                expires_at: NOW,
                ..code()
            },
            CodeState {
                has_session: false,
                ..code()
            },
        ] {
            assert!(
                is_refused(&judge(&code, "c", here, Some(VERIFIER))),
                "{code:?}"
            );
        }
    }

    #[test]
    fn challenge_can_be_neither_dropped_nor_added() {
        let bare = CodeState {
            challenge: None,
            ..code()
        };
        let here = Some("https://a/cb");
        assert_eq!(judge(&bare, "c", here, None), CodeVerdict::Redeem);
        assert!(is_refused(&judge(&bare, "c", here, Some(VERIFIER))));
    }

    #[test]
    fn bound_code_needs_its_key() {
        let here = Some("https://a/cb");
        for (bound_to, is_good) in [("thumb", true), ("other", false)] {
            let code = CodeState {
                bound_to: Some(bound_to.into()),
                ..code()
            };
            let verdict = judge(&code, "c", here, Some(VERIFIER));
            assert_eq!(verdict == CodeVerdict::Redeem, is_good, "{bound_to}");
        }
    }

    #[test]
    fn unnamed_redirect_may_stay_unnamed() {
        let unnamed = CodeState {
            is_redirect_named: false,
            ..code()
        };
        assert_eq!(
            judge(&unnamed, "c", None, Some(VERIFIER)),
            CodeVerdict::Redeem
        );
        assert_eq!(
            judge(&unnamed, "c", Some("https://a/cb"), Some(VERIFIER)),
            CodeVerdict::Redeem
        );
        assert!(is_refused(&judge(
            &unnamed,
            "c",
            Some("https://b"),
            Some(VERIFIER)
        )));
    }

    #[test]
    fn spent_code_betrays_a_copy_to_its_client_only() {
        let spent = CodeState {
            is_spent: true,
            expires_at: Timestamp(0),
            ..code()
        };
        assert_eq!(judge(&spent, "c", None, None), CodeVerdict::Replayed);
        assert!(is_refused(&judge(&spent, "d", None, None)));
    }
}
