//! Whose tokens to believe: KV `trust`, one small pointer value, written by keys only.

use serde::{Deserialize, Serialize};

use crate::{ClientId, Timestamp};

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

/// Tokens and clients whose tokens are refused; each entry is dropped when the last token that it could meet expires.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revocations {
    /// Single tokens.
    pub tokens: Vec<RevokedToken>,
    /// Every token of a client issued before a moment.
    pub clients: Vec<RevokedClient>,
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
