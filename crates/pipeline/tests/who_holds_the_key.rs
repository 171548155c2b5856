//! A token that is bound to a key is good with a proof of the key, once, and for this request only (RFC 9449).

mod world;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use credential::{thumbprint, token_hash};
use serde_json::{Value, json};
use world::{Ask, START, World, but, claims, get, token};

const PET: &str = "/pets/1.0.0/pet/7";

fn key() -> Value {
    json!({"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})
}

fn bound() -> String {
    token(&but(json!({"cnf": {"jkt": thumbprint(&key())}})))
}

fn proof(changes: &Value, signature: &str) -> String {
    let mut claims = json!({
        "htm": "GET", "htu": format!("https://api.example{PET}"), "iat": START.seconds(), "jti": "p-1", "ath": token_hash(&bound()),
    });
    if let (Some(claims), Some(changes)) = (claims.as_object_mut(), changes.as_object()) {
        claims.extend(changes.clone());
    }
    let header = json!({"typ": "dpop+jwt", "alg": "EdDSA", "jwk": key()});
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signature = URL_SAFE_NO_PAD.encode(signature);
    format!("{}.{}.{signature}", part(&header), part(&claims))
}

fn with(scheme: &str, token: &str, proof: Option<&str>) -> Ask {
    let mut ask = get(PET);
    ask.headers
        .push(("authorization", format!("{scheme} {token}")));
    if let Some(proof) = proof {
        ask.headers.push(("dpop", proof.to_owned()));
    }
    ask
}

#[test]
fn a_bound_token_with_its_proof_is_forwarded_once() {
    let mut world = World::new();
    let ask = with("DPoP", &bound(), Some(&proof(&json!({}), "good")));
    let plan = world.forwarded(&ask);
    assert_eq!(plan.edits.drop, ["authorization", "dpop"]);
    world.request_id = "r-2";
    assert_eq!(
        world.refused(&ask),
        (401, "900901".to_owned()),
        "shown again"
    );
    let next = with(
        "dpop",
        &bound(),
        Some(&proof(&json!({"jti": "p-2"}), "good")),
    );
    world.forwarded(&next);
}

#[test]
fn another_signature_of_a_used_proof_is_the_same_proof() {
    let mut world = World::new();
    world.forwarded(&with("DPoP", &bound(), Some(&proof(&json!({}), "good"))));
    world.request_id = "r-2";
    let respelled = proof(&json!({"iat": START.seconds() + 1}), "good");
    let ask = with("DPoP", &bound(), Some(&respelled));
    assert_eq!(world.refused(&ask), (401, "900901".to_owned()));
}

/// Refused with one challenge, which says what was expected.
fn refuse(name: &str, scheme: &str, token: &str, proof: Option<&str>) {
    let mut world = World::new();
    let answer = world.answered(&with(scheme, token, proof));
    assert_eq!(answer.status, 401, "{name}");
    let challenges: Vec<&str> = answer
        .headers
        .iter()
        .filter(|(name, _)| *name == "www-authenticate")
        .map(|(_, value)| value.as_str())
        .collect();
    let is_one = matches!(challenges.as_slice(), [one] if one.starts_with("DPoP "));
    assert!(is_one, "{name}: {challenges:?}");
}

#[test]
fn a_token_without_its_proof_is_refused() {
    let good = proof(&json!({}), "good");
    let other = json!({"cnf": {"jkt": "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"}});
    refuse("as a bearer token", "Bearer", &bound(), None);
    refuse("as one, with proof", "Bearer", &bound(), Some(&good));
    refuse("without a proof", "DPoP", &bound(), None);
    refuse("unbound", "DPoP", &token(&claims()), Some(&good));
    refuse("another key's", "DPoP", &token(&but(other)), Some(&good));
}

#[test]
fn a_proof_of_something_else_is_refused() {
    let check = |changes: Value| {
        let text = proof(&changes, "good");
        refuse(&changes.to_string(), "DPoP", &bound(), Some(&text));
    };
    check(json!({"htm": "POST"}));
    check(json!({"htu": "https://api.example/pets/1.0.0/pet/8"}));
    check(json!({"htu": "https://evil.example/pets/1.0.0/pet/7"}));
    check(json!({"ath": token_hash("x")}));
    check(json!({"ath": null}));
    check(json!({"iat": START.seconds() - 61}));
    check(json!({"jti": ""}));
    for text in ["", "x.y.z", &bound(), &proof(&json!({}), "bad")] {
        refuse(text, "DPoP", &bound(), Some(text));
    }
    let twice = format!("{0}, {0}", proof(&json!({}), "good"));
    refuse("two proofs", "DPoP", &bound(), Some(&twice));
}

#[test]
fn a_forged_proof_is_verified_once_and_uses_up_nothing() {
    let mut world = World::new();
    let forged = with("DPoP", &bound(), Some(&proof(&json!({}), "bad")));
    assert_eq!(world.refused(&forged).0, 401);
    world.fetched.clear();
    assert_eq!(world.refused(&forged).0, 401);
    assert!(!world.fetched.contains(&"signature"), "{:?}", world.fetched);
    world.forwarded(&with("DPoP", &bound(), Some(&proof(&json!({}), "good"))));
}

#[test]
fn a_token_of_a_certificate_opens_with_that_certificate_only() {
    let der_digest = "ab".repeat(32);
    let thumbprint = credential::certificate_thumbprint(&der_digest).expect("a thumbprint");
    let tied = token(&but(json!({"cnf": {"x5t#S256": thumbprint}})));
    let shown = |scheme: &str, certificate: Option<&str>| {
        let ask = with(scheme, &tied, None);
        match certificate {
            Some(text) => ask.with(":client-certificate", text),
            None => ask,
        }
    };
    let mut world = World::new();
    world.forwarded(&shown("Bearer", Some(&der_digest)));
    let other = "cd".repeat(32);
    for (scheme, certificate) in [
        ("Bearer", None),
        ("Bearer", Some(other.as_str())),
        ("Bearer", Some("nonsense")),
        ("DPoP", Some(der_digest.as_str())),
    ] {
        let refusal = world.refused(&shown(scheme, certificate));
        assert_eq!(refusal.0, 401, "{scheme} {certificate:?}");
    }
    // Who is bound to nothing may come with any certificate.
    let plain = with("Bearer", &token(&claims()), None).with(":client-certificate", other.as_str());
    world.forwarded(&plain);
}
