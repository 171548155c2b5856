//! External issuers whose tokens gateways believe, beside our own: a part of [`crate::Trust`].

use serde::{Deserialize, Serialize};

use crate::{ClientId, OrganizationId, Timestamp, VerificationKey};

/// An enabled external key manager whose tokens may be shown at gateways.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrustedIssuer {
    /// The key manager's id.
    pub id: String,
    /// What APIs call it that name the key managers whose tokens they take. Older writers said nothing.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Whose APIs its tokens may open.
    pub organization: OrganizationId,
    /// `iss`, compared exactly.
    pub issuer: String,
    /// `aud` that its tokens have to name; `None` asks for none.
    pub audience: Option<String>,
    /// How its tokens are read.
    pub claims: ClaimNames,
    /// Its public keys; only the members that verification needs.
    pub keys: Vec<VerificationKey>,
    /// From this moment the keys are too old to be believed: nobody could be asked for a day.
    pub good_until: Timestamp,
}

/// How an issuer names what we have to know of a token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimNames {
    /// The client.
    pub client: String,
    /// The scopes.
    pub scopes: String,
    /// The user.
    pub subject: String,
}

impl TrustedIssuer {
    /// Is a token of `other` that was found good still good here? Keys aside, which are asked for by name.
    #[must_use]
    pub fn reads_as(&self, other: &Self) -> bool {
        self.id == other.id
            && self.organization == other.organization
            && self.issuer == other.issuer
            && self.audience == other.audience
            && self.claims == other.claims
    }
}

impl ClientId {
    /// The name of an external key manager's client, by the digest of what its issuer calls it. No client of ours has
    /// such a name: theirs are hexadecimal, or the address of a document. So two issuers may have clients of one name.
    #[must_use]
    pub fn external(key_manager: &str, digest: &str) -> Self {
        Self(format!("{EXTERNAL}{key_manager}/{digest}"))
    }

    /// Is it the name of an external key manager's client?
    #[must_use]
    pub fn is_external(&self) -> bool {
        self.as_str().starts_with(EXTERNAL)
    }
}

const EXTERNAL: &str = "external/";
