//! Which key may have signed a token.

use jsonwebtoken::{
    Algorithm,
    jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyOperations, PublicKeyUse},
};
use model::VerificationKey;

use crate::{Jwt, TokenFault};

/// The one key of `keys` that may have signed `token`: by `kid`, or the only one when the token names none. The
/// algorithm is the key's own; a token that claims another is refused.
///
/// # Errors
/// [`TokenFault::UnknownKey`], [`TokenFault::AlgorithmMismatch`] or [`TokenFault::UnsuitableKey`].
pub fn choose<'k>(
    keys: &'k [VerificationKey],
    token: &Jwt<'_>,
) -> Result<&'k VerificationKey, TokenFault> {
    let is_named = |key: &&VerificationKey| token.kid().is_none_or(|kid| kid == key.kid);
    only(keys.iter().filter(is_named), token)
}

/// The one candidate, if it is one and suits the token.
pub(crate) fn only<'k>(
    mut candidates: impl Iterator<Item = &'k VerificationKey>,
    token: &Jwt<'_>,
) -> Result<&'k VerificationKey, TokenFault> {
    let key = candidates.next().ok_or(TokenFault::UnknownKey)?;
    if candidates.next().is_some() {
        return Err(TokenFault::UnknownKey);
    }
    if key.alg.parse().ok() != Some(token.claimed_algorithm()) {
        return Err(TokenFault::AlgorithmMismatch);
    }
    match unsuitable(key) {
        Some(why) => Err(TokenFault::UnsuitableKey(why)),
        None => Ok(key),
    }
}

/// Why a key may not verify tokens, if it may not: its use, its operations, its kind or its size.
#[must_use]
pub fn unsuitable(key: &VerificationKey) -> Option<&'static str> {
    let Ok(jwk) = serde_json::from_value::<Jwk>(key.jwk.clone()) else {
        return Some("it is not a JWK");
    };
    let common = &jwk.common;
    if common
        .public_key_use
        .as_ref()
        .is_some_and(|purpose| *purpose != PublicKeyUse::Signature)
    {
        return Some("its `use` is not `sig`");
    }
    if common
        .key_operations
        .as_ref()
        .is_some_and(|operations| !operations.contains(&KeyOperations::Verify))
    {
        return Some("its `key_ops` have no `verify`");
    }
    match (key.alg.parse(), &jwk.algorithm) {
        (Ok(Algorithm::ES256), AlgorithmParameters::EllipticCurve(ec)) => {
            (ec.curve != EllipticCurve::P256).then_some("its curve is not P-256")
        }
        (Ok(Algorithm::EdDSA), AlgorithmParameters::OctetKeyPair(okp)) => {
            (okp.curve != EllipticCurve::Ed25519).then_some("its curve is not Ed25519")
        }
        (Ok(Algorithm::RS256 | Algorithm::PS256), AlgorithmParameters::RSA(rsa)) => {
            // 2,048 bits are 342 base64url digits.
            (rsa.n.len() < 342).then_some("its modulus has fewer than 2,048 bits")
        }
        _ => Some("its `kty` does not fit its algorithm, or the algorithm is not accepted"),
    }
}
