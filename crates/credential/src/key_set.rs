//! A set of public keys as somebody else publishes it (RFC 7517 section 5).

use std::fmt;

use model::VerificationKey;
use serde_json::Value;

use crate::unsuitable;

/// The keys of a set that may verify signatures. Each is for one algorithm: the one that it names, or the one that its
/// kind has here. Others are left out, as section 5 says; a private key is nobody's to publish and is left out too.
#[must_use]
pub fn key_set(set: &Value) -> Vec<VerificationKey> {
    let keys = set.get("keys").and_then(Value::as_array);
    keys.into_iter()
        .flatten()
        .take(MAX_KEYS)
        .filter_map(public_key)
        .collect()
}

/// Why a text is not an issuer's set of keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeySetFault {
    /// It is no JSON object with a list `keys`.
    NotASet,
    /// It has more keys than anybody rotates.
    TooMany,
    /// No key in it is one that signatures are verified with here.
    NoneUsable,
}

impl fmt::Display for KeySetFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotASet => f.write_str("what is there is not a JSON Web Key Set"),
            Self::TooMany => write!(f, "the set has more than {MAX_ISSUER_KEYS} keys"),
            Self::NoneUsable => {
                f.write_str("no key of the set is for `ES256`, `RS256` or `EdDSA` signatures")
            }
        }
    }
}

impl std::error::Error for KeySetFault {}

/// The keys of an external issuer, with what verification needs and no more. Unlike a client's, its set is taken as a
/// whole or not at all: whoever holds older keys keeps them.
///
/// # Errors
/// [`KeySetFault`].
pub fn issuer_keys(text: &str) -> Result<Vec<VerificationKey>, KeySetFault> {
    let set: Value = serde_json::from_str(text).map_err(|_| KeySetFault::NotASet)?;
    let listed = set.get("keys").and_then(Value::as_array);
    let listed = listed.ok_or(KeySetFault::NotASet)?;
    if listed.len() > MAX_ISSUER_KEYS {
        return Err(KeySetFault::TooMany);
    }
    let keys: Vec<VerificationKey> = listed.iter().filter_map(public_key).map(bare).collect();
    if keys.is_empty() {
        return Err(KeySetFault::NoneUsable);
    }
    Ok(keys)
}

/// Without certificates and whatever else hangs on a key.
fn bare(mut key: VerificationKey) -> VerificationKey {
    if let Some(members) = key.jwk.as_object_mut() {
        members.retain(|name, _| NEEDED.contains(&name.as_str()));
    }
    key
}

/// One public key with its algorithm, if it is one that signatures are verified with here.
#[must_use]
pub fn public_key(jwk: &Value) -> Option<VerificationKey> {
    if PRIVATE.iter().any(|name| jwk.get(*name).is_some()) {
        return None;
    }
    let text = |name: &str| jwk.get(name).and_then(Value::as_str);
    let alg = match (text("kty")?, text("crv")) {
        ("EC", Some("P-256")) => "ES256",
        ("OKP", Some("Ed25519")) => "EdDSA",
        ("RSA", _) => "RS256",
        _ => return None,
    };
    if jwk.get("alg").is_some() && text("alg") != Some(alg) {
        return None;
    }
    let key = VerificationKey {
        kid: text("kid").unwrap_or_default().to_owned(),
        alg: alg.to_owned(),
        jwk: jwk.clone(),
    };
    unsuitable(&key).is_none().then_some(key)
}

/// What only a private or a symmetric key has (RFC 7518 section 6).
const PRIVATE: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];
/// More keys than this at once are no rotation.
const MAX_KEYS: usize = 20;
/// An issuer of many tenants publishes some dozens.
const MAX_ISSUER_KEYS: usize = 100;
/// What makes a key (RFC 7518 section 6, RFC 8037 section 2).
const NEEDED: [&str; 6] = ["kty", "crv", "x", "y", "n", "e"];

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn keys_are_for_the_one_algorithm_of_their_kind() {
        let x = "A".repeat(43);
        let n = "A".repeat(342);
        let check = |jwk: Value, expected: Option<&str>| {
            let found = public_key(&jwk).map(|key| key.alg);
            assert_eq!(found.as_deref(), expected, "{jwk}");
        };
        check(
            json!({"kty": "EC", "crv": "P-256", "x": x, "y": x}),
            Some("ES256"),
        );
        check(
            json!({"kty": "OKP", "crv": "Ed25519", "x": x}),
            Some("EdDSA"),
        );
        check(json!({"kty": "RSA", "n": n, "e": "AQAB"}), Some("RS256"));
        check(
            json!({"kty": "RSA", "n": n, "e": "AQAB", "alg": "RS256", "use": "sig"}),
            Some("RS256"),
        );
        check(
            json!({"kty": "RSA", "n": n, "e": "AQAB", "alg": "RS512"}),
            None,
        );
        check(json!({"kty": "RSA", "n": n, "e": "AQAB", "alg": 7}), None);
        check(
            json!({"kty": "RSA", "n": n, "e": "AQAB", "use": "enc"}),
            None,
        );
        check(
            json!({"kty": "RSA", "n": "A".repeat(171), "e": "AQAB"}),
            None,
        );
        check(json!({"kty": "RSA", "n": n, "e": "AQAB", "d": "AA"}), None);
        check(json!({"kty": "EC", "crv": "P-384", "x": x, "y": x}), None);
        check(
            json!({"kty": "EC", "crv": "P-256", "x": x, "y": x, "d": x}),
            None,
        );
        check(json!({"kty": "oct", "k": "AAAA"}), None);
        check(json!([]), None);
    }

    #[test]
    fn sets_are_read_as_far_as_they_are_good() {
        let good =
            |kid: &str| json!({"kty": "OKP", "crv": "Ed25519", "x": "A".repeat(43), "kid": kid});
        let set = json!({"keys": [good("a"), {"kty": "oct", "k": "AA"}, 7, good("b")]});
        let names: Vec<String> = key_set(&set).into_iter().map(|key| key.kid).collect();
        assert_eq!(names, ["a", "b"]);
        let many: Vec<Value> = (0..50).map(|n| good(&n.to_string())).collect();
        assert_eq!(key_set(&json!({"keys": many})).len(), MAX_KEYS);
        for none in [
            json!({}),
            json!({"keys": {}}),
            json!([good("a")]),
            json!(null),
        ] {
            assert!(key_set(&none).is_empty(), "{none}");
        }
    }

    #[test]
    fn issuers_set_is_taken_whole_or_not_at_all() {
        let key = |kid: usize| json!({"kty": "OKP", "crv": "Ed25519", "x": "A".repeat(43), "kid": kid.to_string(), "x5c": ["AA"]});
        let set =
            |count: usize| json!({"keys": (0..count).map(key).collect::<Vec<_>>()}).to_string();
        let check = |text: &str, expected: Result<usize, KeySetFault>| {
            let found = issuer_keys(text).map(|keys| keys.len());
            assert_eq!(found, expected, "{}", text.get(..80).unwrap_or(text));
        };
        check(&set(1), Ok(1));
        check(&set(100), Ok(100));
        check(&set(101), Err(KeySetFault::TooMany));
        check(&set(10_000), Err(KeySetFault::TooMany));
        check("<html>", Err(KeySetFault::NotASet));
        check("[]", Err(KeySetFault::NotASet));
        check(r#"{"keys":{}}"#, Err(KeySetFault::NotASet));
        check(r#"{"keys":[]}"#, Err(KeySetFault::NoneUsable));
        check(
            r#"{"keys":[{"kty":"oct","k":"AAAA"}]}"#,
            Err(KeySetFault::NoneUsable),
        );
        let keys = issuer_keys(&set(1)).unwrap();
        assert_eq!(
            keys[0].jwk,
            json!({"kty": "OKP", "crv": "Ed25519", "x": "A".repeat(43)})
        );
    }
}
