//! Whose tokens to believe: KV `trust`, one small pointer value, written by keys only.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::{ClientId, Timestamp, TrustedIssuer};

/// The issuer, its public keys and what it took back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trust {
    /// [`crate::SCHEMA_VERSION`] of the writer.
    pub schema: u32,
    /// Grows with each publication; a gateway never goes back to a lower one.
    pub version: u64,
    /// The `iss` of our tokens.
    pub issuer: String,
    /// Public keys, the newest first; published before their first use.
    pub keys: Vec<VerificationKey>,
    /// What is no longer good although its signature is.
    pub revocations: Revocations,
    /// Others whose tokens are believed too. Older writers knew none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub external: Vec<TrustedIssuer>,
}

/// A public key in JWK form (RFC 7517) with what the gateway must know about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerificationKey {
    /// Key id.
    pub kid: String,
    /// The one algorithm that this key is for (`ES256`, `RS256`, `EdDSA`); never taken from a token.
    pub alg: String,
    /// The public JWK, ready for WebCrypto `importKey`.
    pub jwk: serde_json::Value,
}

/// Tokens, and clients and users whose tokens are refused; each entry is dropped when the last token that it could meet expires.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revocations {
    /// Single tokens.
    pub tokens: Vec<RevokedToken>,
    /// Every token of a client issued before a moment.
    pub clients: Vec<RevokedClient>,
    /// Every token of a user issued before a moment. Older writers knew none.
    #[serde(default)]
    pub users: RevokedUsers,
}

/// One token taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevokedToken {
    /// The token's `jti`.
    pub jti: String,
    /// When it would have expired anyway.
    pub expires_at: Timestamp,
}

/// A client's tokens up to a moment taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevokedClient {
    /// The client.
    pub client: ClientId,
    /// Tokens with `iat` before this are refused.
    pub before: Timestamp,
}

/// A user's tokens up to a moment taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevokedUser {
    /// The username, as `sub` has it.
    pub user: String,
    /// Tokens with `iat` before this are refused.
    pub before: Timestamp,
}

/// Users by name. Written as a list like the others and looked up by hash: there may be thousands, after an evening on
/// which everybody was signed out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<RevokedUser>", into = "Vec<RevokedUser>")]
pub struct RevokedUsers(HashMap<String, Timestamp>);

impl RevokedUsers {
    /// Before which moment are this user's tokens refused?
    #[must_use]
    pub fn before(&self, user: &str) -> Option<Timestamp> {
        self.0.get(user).copied()
    }
}

impl From<Vec<RevokedUser>> for RevokedUsers {
    /// A name that stands there twice counts with its later moment.
    fn from(list: Vec<RevokedUser>) -> Self {
        let mut users = HashMap::with_capacity(list.len());
        for RevokedUser { user, before } in list {
            let known = users.entry(user).or_insert(before);
            *known = before.max(*known);
        }
        Self(users)
    }
}

impl From<RevokedUsers> for Vec<RevokedUser> {
    fn from(users: RevokedUsers) -> Self {
        let list = users.0.into_iter();
        let mut list: Self = list
            .map(|(user, before)| RevokedUser { user, before })
            .collect();
        list.sort_unstable_by(|one, other| one.user.cmp(&other.user));
        list
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn revocations_of_older_writers_have_no_users() {
        let read: Revocations = serde_json::from_str(r#"{"tokens":[],"clients":[]}"#).unwrap();
        assert_eq!(read, Revocations::default());
    }

    #[test]
    fn users_are_a_list_that_is_read_by_name() {
        let text =
            r#"[{"user":"ann","before":5},{"user":"bob","before":7},{"user":"ann","before":3}]"#;
        let users: RevokedUsers = serde_json::from_str(text).unwrap();
        assert_eq!(users.before("ann"), Some(Timestamp(5)));
        assert_eq!(users.before("bob"), Some(Timestamp(7)));
        assert_eq!(users.before("eve"), None);
        let written = serde_json::to_string(&users).unwrap();
        assert_eq!(
            written,
            r#"[{"user":"ann","before":5},{"user":"bob","before":7}]"#
        );
    }
}
