//! Refresh tokens: each is good once, and showing a spent one revokes all that came from the same sign-in
//! (RFC 9700 section 4.14).

use model::{ClientId, Timestamp};

use crate::{Client, ErrorKind, GrantKind, OauthError};

/// What is kept of a refresh token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefreshState {
    /// To whom it was issued.
    pub client: ClientId,
    /// What it stands for.
    pub scopes: Vec<String>,
    /// When the first token of its family was issued.
    pub family_created_at: Timestamp,
    /// When it stops working.
    pub expires_at: Timestamp,
    /// When it was exchanged.
    pub spent_at: Option<Timestamp>,
    /// When it was taken back.
    pub revoked_at: Option<Timestamp>,
}

/// Does the client get refresh tokens, and may it use one with these scopes? It is registered for them, or its person
/// has allowed it `offline_access`.
#[must_use]
pub fn may_refresh(client: &Client, scopes: &[String]) -> bool {
    client.require_grant(GrantKind::RefreshToken).is_ok()
        || scopes.iter().any(|scope| scope == "offline_access")
}

/// What to do with a refresh token that was shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RefreshVerdict {
    /// Exchange it for a new pair with these scopes (before roles limit them), the refresh token good until then.
    Rotate {
        /// Scopes to be limited by the user's roles of today.
        scopes: Vec<String>,
        /// End of the next refresh token.
        expires_at: Timestamp,
    },
    /// It was exchanged before: somebody has a copy. Revoke the family, then refuse.
    Reused,
    /// Refuse.
    Refused(OauthError),
}

/// Judges a refresh token shown by `client`, asking for `requested` scopes (empty: the same as before). The exchange
/// itself has to be atomic: two requests may come to the same verdict, one of them may spend the token.
#[must_use]
pub fn judge_refresh(
    token: &RefreshState,
    client: &ClientId,
    requested: &[String],
    lifetime_seconds: i64,
    now: Timestamp,
) -> RefreshVerdict {
    if token.client != *client || token.revoked_at.is_some() {
        return refused();
    }
    if token.spent_at.is_some() {
        return RefreshVerdict::Reused;
    }
    let end = token.family_created_at.plus_ms(MAX_FAMILY_MS);
    if now >= token.expires_at || now >= end {
        return refused();
    }
    if requested.iter().any(|scope| !token.scopes.contains(scope)) {
        return RefreshVerdict::Refused(OauthError::new(
            ErrorKind::InvalidScope,
            "a refresh can't widen the scope; sign in again",
        ));
    }
    let scopes = if requested.is_empty() {
        token.scopes.clone()
    } else {
        requested.to_vec()
    };
    let expires_at = now.plus_ms(lifetime_seconds.saturating_mul(1000)).min(end);
    RefreshVerdict::Rotate { scopes, expires_at }
}

fn refused() -> RefreshVerdict {
    RefreshVerdict::Refused(OauthError::refresh_token())
}

/// 30 days: then a person has to sign in again.
pub const MAX_FAMILY_MS: i64 = 30 * 24 * 3600 * 1000;

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(10_000_000);

    fn token() -> RefreshState {
        RefreshState {
            client: "c".into(),
            scopes: vec!["a".into(), "b".into()],
            family_created_at: Timestamp(0),
            expires_at: NOW.plus_ms(1),
            spent_at: None,
            revoked_at: None,
        }
    }

    fn judge(token: &RefreshState, requested: &[&str]) -> RefreshVerdict {
        let requested: Vec<String> = requested.iter().map(ToString::to_string).collect();
        judge_refresh(token, &"c".into(), &requested, 60, NOW)
    }

    #[test]
    fn good_token_rotates_with_its_scopes() {
        let rotate = |scopes: &[&str]| RefreshVerdict::Rotate {
            scopes: scopes.iter().map(ToString::to_string).collect(),
            expires_at: NOW.plus_ms(60_000),
        };
        assert_eq!(judge(&token(), &[]), rotate(&["a", "b"]));
        assert_eq!(judge(&token(), &["b"]), rotate(&["b"]));
    }

    #[test]
    fn spent_token_betrays_a_copy() {
        let spent = RefreshState {
            spent_at: Some(Timestamp(1)),
            ..token()
        };
        assert_eq!(judge(&spent, &[]), RefreshVerdict::Reused);
        let revoked = RefreshState {
            revoked_at: Some(Timestamp(2)),
            ..spent
        };
        assert_eq!(judge(&revoked, &[]), refused());
    }

    #[test]
    fn bad_tokens_get_the_same_answer() {
        let other = RefreshState {
            client: "d".into(),
            ..token()
        };
        let expired = RefreshState {
            expires_at: NOW,
            ..token()
        };
        for token in [other, expired] {
            assert_eq!(judge(&token, &[]), refused(), "{token:?}");
        }
    }

    #[test]
    fn scope_never_widens() {
        let RefreshVerdict::Refused(error) = judge(&token(), &["a", "c"]) else {
            panic!("widened");
        };
        assert_eq!(error.kind, ErrorKind::InvalidScope);
    }

    #[test]
    fn family_ends_after_thirty_days() {
        let born = NOW.plus_ms(1000 - MAX_FAMILY_MS);
        let old = RefreshState {
            family_created_at: born,
            ..token()
        };
        let RefreshVerdict::Rotate { expires_at, .. } = judge(&old, &[]) else {
            panic!("refused too early");
        };
        assert_eq!(expires_at, NOW.plus_ms(1000));
        let born = NOW.plus_ms(-MAX_FAMILY_MS);
        let older = RefreshState {
            family_created_at: born,
            ..token()
        };
        assert_eq!(judge(&older, &[]), refused());
    }
}
