//! Client certificates by which an API's callers may prove who they are.

use serde::{Deserialize, Serialize};

use crate::{KeyType, Timestamp};

/// What an API does with certificates (WSO2 `mutualssl`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificates {
    /// Nobody calls without one (WSO2 `mutualssl_mandatory`).
    pub mandatory: bool,
    /// One is not enough: a token, a password or an API key is needed too (WSO2 `oauth_basic_auth_api_key_mandatory`).
    pub with_other: bool,
    /// Those that are taken. The connection proves that the caller has the key; so the certificate itself is compared, and
    /// its issuer does not matter.
    pub accepted: Vec<ClientCertificate>,
}

/// A certificate that an API takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientCertificate {
    /// `x5t#S256` of RFC 8705: the SHA-256 of its DER, base64url.
    pub thumbprint: String,
    /// Whom it is about; the user of its calls. The alias where it names nobody.
    pub subject: String,
    /// The plan that its calls count under.
    pub plan: String,
    /// Which endpoint its calls go to.
    pub key_type: KeyType,
    /// Good from then on.
    pub not_before: Timestamp,
    /// Not good any more after then.
    pub not_after: Timestamp,
}

impl ClientCertificate {
    /// Is it good at this moment?
    #[must_use]
    pub fn is_good_at(&self, now: Timestamp) -> bool {
        self.not_before <= now && now <= self.not_after
    }
}
