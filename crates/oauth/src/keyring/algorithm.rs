//! What the issuer may sign with.

use serde::{Deserialize, Serialize};

/// An algorithm of RFC 7518 or RFC 8037. A key is for one of them for all its life.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum SigningAlgorithm {
    /// ECDSA with P-256 and SHA-256: small and fast on both sides.
    #[default]
    #[serde(rename = "ES256")]
    Es256,
    /// RSASSA-PKCS1-v1_5 with SHA-256, for readers that know nothing else.
    #[serde(rename = "RS256")]
    Rs256,
    /// Ed25519.
    #[serde(rename = "EdDSA")]
    EdDsa,
}

impl SigningAlgorithm {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Es256, Self::Rs256, Self::EdDsa];

    /// As a JOSE header has it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Es256 => "ES256",
            Self::Rs256 => "RS256",
            Self::EdDsa => "EdDSA",
        }
    }

    /// The algorithm of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_algorithm_has_one_name() {
        for algorithm in SigningAlgorithm::ALL {
            let name = algorithm.as_str();
            assert_eq!(SigningAlgorithm::named(name), Some(algorithm));
            let written = serde_json::to_value(algorithm).unwrap();
            assert_eq!(written, name);
        }
        for other in ["none", "HS256", "es256", "ES384", ""] {
            assert_eq!(SigningAlgorithm::named(other), None, "{other}");
        }
    }
}
