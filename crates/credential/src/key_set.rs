//! A set of public keys as somebody else publishes it (RFC 7517 section 5).

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
}
