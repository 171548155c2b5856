//! A COSE key (RFC 9052, 9053) as a JWK. Three kinds: P-256, RSA and Ed25519.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use ciborium::Value;
use serde_json::{Value as Json, json};

use super::PasskeyFault;

/// A public key for one algorithm.
#[derive(Clone, Debug, PartialEq)]
pub struct PublicKey {
    /// `ES256`, `RS256` or `EdDSA`.
    pub alg: &'static str,
    /// The JWK.
    pub jwk: Json,
}

/// COSE's number of an algorithm, and its JOSE name; the first is preferred.
pub(super) const ALGORITHMS: [(i64, &str); 3] = [(-7, "ES256"), (-8, "EdDSA"), (-257, "RS256")];

/// The JOSE name of COSE's number.
pub(super) fn name_of(number: i128) -> Option<&'static str> {
    ALGORITHMS
        .iter()
        .find(|(known, _)| i128::from(*known) == number)
        .map(|(_, name)| *name)
}

impl PublicKey {
    pub(super) fn read(members: &[(Value, Value)]) -> Result<Self, PasskeyFault> {
        let alg = number(members, 3).and_then(name_of).ok_or(UNKNOWN)?;
        let kind = number(members, 1).ok_or(UNKNOWN)?;
        let curve = number(members, -1);
        let jwk = match (alg, kind, curve) {
            ("ES256", 2, Some(1)) => json!({
                "kty": "EC", "crv": "P-256",
                "x": bytes(members, -2, 32..=32)?, "y": bytes(members, -3, 32..=32)?,
            }),
            ("EdDSA", 1, Some(6)) => json!({
                "kty": "OKP", "crv": "Ed25519", "x": bytes(members, -2, 32..=32)?,
            }),
            ("RS256", 3, None) => json!({
                "kty": "RSA", "n": bytes(members, -1, 256..=1024)?, "e": bytes(members, -2, 3..=8)?,
            }),
            _ => return Err(UNKNOWN),
        };
        Ok(Self { alg, jwk })
    }
}

/// One CBOR map without a name that stands twice, and how many bytes it took.
pub(super) fn map(bytes: &[u8]) -> Result<(Vec<(Value, Value)>, usize), PasskeyFault> {
    let mut rest = bytes;
    let value: Value =
        ciborium::de::from_reader_with_recursion_limit(&mut rest, DEPTH).map_err(|_| MALFORMED)?;
    let members = value.into_map().map_err(|_| MALFORMED)?;
    let is_doubled = members.iter().enumerate().any(|(index, (name, _))| {
        members
            .iter()
            .skip(index + 1)
            .any(|(other, _)| other == name)
    });
    if is_doubled {
        return Err(MALFORMED);
    }
    Ok((members, bytes.len() - rest.len()))
}

fn find(members: &[(Value, Value)], label: i64) -> Option<&Value> {
    let label = Value::from(label);
    members
        .iter()
        .find(|(name, _)| *name == label)
        .map(|(_, value)| value)
}

fn number(members: &[(Value, Value)], label: i64) -> Option<i128> {
    find(members, label)?.as_integer().map(i128::from)
}

fn bytes(
    members: &[(Value, Value)],
    label: i64,
    length: std::ops::RangeInclusive<usize>,
) -> Result<String, PasskeyFault> {
    find(members, label)
        .and_then(Value::as_bytes)
        .filter(|bytes| length.contains(&bytes.len()))
        .map(|bytes| BASE64_URL_SAFE_NO_PAD.encode(bytes))
        .ok_or(UNKNOWN)
}

const MALFORMED: PasskeyFault = "a part is not well-formed CBOR";
const UNKNOWN: PasskeyFault = "the key is none that was asked for (ES256, EdDSA, RS256)";
/// Nothing of WebAuthn nests deeper.
const DEPTH: usize = 16;
