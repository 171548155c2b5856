//! Whose word counts about whom (RFC 7523): tokens for people by what somebody else has signed.

use crate::{Client, ErrorKind, OauthError};

/// Who has signed an assertion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Voice {
    /// The client that shows it, by a key of its own.
    Client {
        /// An administrator vouches for the client.
        is_first_party: bool,
    },
    /// An issuer whom an administrator trusts about everybody.
    TrustedIssuer,
}

/// May the client get a token for this person on that word? Anybody can register a client with a key; so a client's own
/// word counts for who owns it, and for others only where an administrator vouches for the client.
///
/// # Errors
/// `invalid_grant`.
pub fn may_speak(voice: Voice, client: &Client, username: &str) -> Result<(), OauthError> {
    let is_believed = match voice {
        Voice::TrustedIssuer => true,
        Voice::Client { is_first_party } => is_first_party || client.owner == username,
    };
    if is_believed {
        return Ok(());
    }
    Err(OauthError::new(
        ErrorKind::InvalidGrant,
        "the client's own word counts for its owner only; an administrator may make it a first party",
    ))
}

impl OauthError {
    /// The one answer for every assertion that is not good.
    #[must_use]
    pub fn assertion() -> Self {
        Self::new(
            ErrorKind::InvalidGrant,
            "the assertion is malformed, expired, shown before, not for this server, or signed by nobody whom it trusts",
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ClientMetadata, Settings};

    #[test]
    fn own_word_counts_for_the_owner_only() {
        let client = Client {
            id: "c".into(),
            organization: "default".into(),
            owner: "ann".into(),
            application: None,
            grants: Vec::new(),
            settings: Settings::default(),
            metadata: ClientMetadata::default(),
        };
        let check = |voice, username: &str, expected: bool| {
            let found = may_speak(voice, &client, username);
            assert_eq!(found.is_ok(), expected, "{voice:?} {username}");
        };
        let own = |is_first_party| Voice::Client { is_first_party };
        check(own(false), "ann", true);
        check(own(false), "eve", false);
        check(own(false), "Ann", false);
        check(own(true), "eve", true);
        check(Voice::TrustedIssuer, "eve", true);
    }
}
