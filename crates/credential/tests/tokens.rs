//! Tokens as an attacker would bend them, in the manner of the Wycheproof JSON Web Signature vectors.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use credential::{
    Claims, Expectations, Jwt, LEEWAY_MS, MAX_TOKEN_BYTES, TokenFault, TokenUse, check, choose,
    is_revoked,
};
use model::{
    ClientId, Revocations, RevokedClient, RevokedToken, RevokedUser, Timestamp, VerificationKey,
};
use serde_json::{Value, json};

const ISSUER: &str = "https://api.example/oauth2/token";
const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);

fn encode(text: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(text)
}

fn token(header: &str, claims: &str) -> String {
    format!(
        "{}.{}.{}",
        encode(header),
        encode(claims),
        encode("signature")
    )
}

fn header() -> Value {
    json!({"alg": "ES256", "typ": "at+jwt", "kid": "k1"})
}

fn claims() -> Value {
    json!({
        "iss": ISSUER, "sub": "c1", "aud": ["c1"], "jti": "j1", "client_id": "c1",
        "iat": 1_799_999_990, "nbf": 1_799_999_990, "exp": 1_800_000_010, "scope": "a b", "aut": "APPLICATION",
    })
}

fn with(mut object: Value, name: &str, value: Value) -> Value {
    if let Some(members) = object.as_object_mut() {
        members.insert(name.to_owned(), value);
    }
    object
}

fn without(mut object: Value, name: &str) -> Value {
    if let Some(members) = object.as_object_mut() {
        members.remove(name);
    }
    object
}

fn p256_key(kid: &str) -> VerificationKey {
    let coordinate = "A".repeat(43);
    VerificationKey {
        kid: kid.into(),
        alg: "ES256".into(),
        jwk: json!({"kty": "EC", "crv": "P-256", "x": coordinate, "y": coordinate, "kid": kid}),
    }
}

fn judge(header: &Value, claims: &Value) -> Result<Claims, TokenFault> {
    let text = token(&header.to_string(), &claims.to_string());
    let expected = Expectations {
        issuer: ISSUER,
        audiences: &[],
        kind: Expectations::ACCESS_TOKEN,
        leeway_ms: LEEWAY_MS,
    };
    check(&Jwt::parse(&text)?, &expected, NOW)
}

#[test]
fn good_token_is_read_whole() {
    let claims = judge(&header(), &claims()).unwrap();
    assert_eq!(claims.scopes, ["a", "b"]);
    assert_eq!(claims.token_use, TokenUse::Application);
    assert_eq!(claims.client, Some(ClientId::from("c1")));
    assert_eq!(claims.expires_at, NOW.plus_ms(10_000));
}

#[test]
fn bent_spellings_are_refused() {
    let good = token(&header().to_string(), &claims().to_string());
    assert!(Jwt::parse(&good).is_ok());
    let (rest, signature) = good.rsplit_once('.').unwrap();
    let bent = [
        String::new(),
        "..".into(),
        "a.b".into(),
        format!("{good}."),
        format!(".{good}"),
        format!("{good}="),
        format!("{good}=="),
        format!(" {good}"),
        format!("{good}\n"),
        good.replacen('.', "..", 1),
        good.replacen('.', "=.", 1),
        format!("{rest}."),
        format!("{rest}.{signature}.{signature}"),
        format!("{rest}.+{signature}"),
        format!("{rest}./{signature}"),
        format!("{rest}.{signature}ä"),
        // "signature" has 9 bytes: 12 digits, no spare bits; one byte has 4 spare bits that must be zero.
        format!("{rest}.QR"),
        format!("{rest}.Q"),
        format!("{good}{}", "A".repeat(MAX_TOKEN_BYTES)),
    ];
    for text in bent {
        assert!(Jwt::parse(&text).is_err(), "{text}");
    }
    assert!(Jwt::parse(&format!("{rest}.QQ")).is_ok());
}

#[test]
fn every_cut_of_a_token_is_refused_or_unsigned_differently() {
    let good = token(&header().to_string(), &claims().to_string());
    let signature = Jwt::parse(&good).unwrap().signature;
    for end in 0..good.len() {
        if let Ok(cut) = Jwt::parse(good.get(..end).unwrap()) {
            assert_ne!(cut.signature, signature, "cut at {end}");
        }
    }
}

#[test]
fn dangerous_headers_are_refused() {
    let check = |header: &str| {
        let text = token(header, &claims().to_string());
        assert!(Jwt::parse(&text).is_err(), "{header}");
    };
    check(r#"{"alg":"none"}"#);
    check(r#"{"alg":"None","typ":"at+jwt"}"#);
    check(r#"{"alg":"nOnE"}"#);
    check(r#"{"alg":""}"#);
    check(r#"{"alg":null}"#);
    check(r#"{"alg":["ES256"]}"#);
    check(r#"{"alg":"es256"}"#);
    check(r#"{"typ":"at+jwt"}"#);
    check(r#"{"alg":"ES256","alg":"HS256"}"#);
    check(r#"{"alg":"ES256","crit":["exp"]}"#);
    check(r#"{"alg":"ES256","crit":[]}"#);
    check(r#"{"alg":"ES256","b64":false}"#);
    check(r#"{"alg":"ES256","zip":"DEF"}"#);
    check(r#"{"alg":"ES256","enc":"A128GCM"}"#);
    check(r#"{"alg":"ES256","kid":7}"#);
    check(r#"["ES256"]"#);
    check("ES256");
    check(r#"{"alg":"ES256"}{"alg":"ES256"}"#);
    let padded = json!({"alg": "ES256", "x": "y".repeat(2048)});
    check(&padded.to_string());
}

#[test]
fn keys_in_the_token_are_not_looked_at() {
    let header = r#"{"alg":"ES256","kid":"k1","jku":"https://evil","jwk":{"kty":"nonsense"},"x5u":1,"x5c":2}"#;
    let text = token(header, &claims().to_string());
    let token = Jwt::parse(&text).unwrap();
    assert!(token.header.jwk.is_none() && token.header.jku.is_none());
}

#[test]
fn key_decides_the_algorithm() {
    let keys = [p256_key("k1"), p256_key("k2")];
    let pick = |header: Value, keys: &[VerificationKey]| {
        let text = token(&header.to_string(), &claims().to_string());
        choose(keys, &Jwt::parse(&text).unwrap()).map(|key| key.kid.clone())
    };
    assert_eq!(pick(header(), &keys), Ok("k1".into()));
    assert_eq!(
        pick(with(header(), "kid", json!("k3")), &keys),
        Err(TokenFault::UnknownKey)
    );
    assert_eq!(
        pick(without(header(), "kid"), &keys),
        Err(TokenFault::UnknownKey)
    );
    assert_eq!(pick(without(header(), "kid"), &keys[..1]), Ok("k1".into()));
    for algorithm in ["HS256", "RS256", "ES384", "EdDSA"] {
        let header = with(header(), "alg", json!(algorithm));
        assert_eq!(
            pick(header, &keys),
            Err(TokenFault::AlgorithmMismatch),
            "{algorithm}"
        );
    }
}

#[test]
fn unsuitable_keys_verify_nothing() {
    let check = |alg: &str, jwk: Value| {
        let key = VerificationKey {
            kid: "k".into(),
            alg: alg.into(),
            jwk,
        };
        assert!(
            credential::unsuitable(&key).is_some(),
            "{alg} {:?}",
            key.jwk
        );
    };
    let good = p256_key("k").jwk;
    assert_eq!(credential::unsuitable(&p256_key("k")), None);
    check("ES256", with(good.clone(), "use", json!("enc")));
    check("ES256", with(good.clone(), "key_ops", json!(["sign"])));
    check("ES256", with(good.clone(), "crv", json!("P-384")));
    check("RS256", good);
    check("HS256", json!({"kty": "oct", "k": "AAAA"}));
    check(
        "RS256",
        json!({"kty": "RSA", "n": "A".repeat(171), "e": "AQAB"}),
    );
    check("none", json!({}));
}

#[test]
fn token_is_bound_to_one_thing_or_to_none() {
    for bound in [
        json!({"x5t#S256": 7}),
        json!({"x5t#S256": "t", "jkt": "t"}),
        json!({"jkt": 7}),
        json!({"jkt": "t", "jwk": {}}),
        json!("t"),
        json!(null),
    ] {
        let found = judge(&header(), &with(claims(), "cnf", bound));
        assert_eq!(found, Err(TokenFault::Claim("cnf")));
    }
    let bound = judge(&header(), &with(claims(), "cnf", json!({"jkt": "t"}))).unwrap();
    assert_eq!(
        (bound.bound_to.as_deref(), bound.certificate),
        (Some("t"), None)
    );
    let bound = judge(&header(), &with(claims(), "cnf", json!({"x5t#S256": "c"}))).unwrap();
    assert_eq!(
        (bound.bound_to, bound.certificate.as_deref()),
        (None, Some("c"))
    );
}

#[test]
fn claims_are_weighed_in_order() {
    let check = |claims: Value, expected: TokenFault| {
        assert_eq!(judge(&header(), &claims), Err(expected), "{claims}");
    };
    check(
        with(claims(), "iss", json!("https://evil")),
        TokenFault::IssuerMismatch,
    );
    check(
        with(claims(), "iss", json!([ISSUER])),
        TokenFault::Claim("iss"),
    );
    check(without(claims(), "iss"), TokenFault::Claim("iss"));
    check(without(claims(), "sub"), TokenFault::Claim("sub"));
    check(without(claims(), "jti"), TokenFault::Claim("jti"));
    check(without(claims(), "exp"), TokenFault::Claim("exp"));
    check(
        with(claims(), "exp", json!("1800000010")),
        TokenFault::Claim("exp"),
    );
    check(
        with(claims(), "exp", json!(1e300)),
        TokenFault::Claim("exp"),
    );
    check(with(claims(), "exp", json!(-1)), TokenFault::Claim("exp"));
    check(
        with(claims(), "exp", json!(1_800_000_000)),
        TokenFault::Expired,
    );
    check(
        with(claims(), "nbf", json!(1_800_000_061)),
        TokenFault::NotYetValid,
    );
    check(
        with(claims(), "iat", json!(1_800_000_061)),
        TokenFault::NotYetValid,
    );
    check(
        with(claims(), "scope", json!(["a"])),
        TokenFault::Claim("scope"),
    );
    check(with(claims(), "aud", json!([1])), TokenFault::Claim("aud"));
    check(
        with(claims(), "aut", json!("ROOT")),
        TokenFault::Claim("aut"),
    );
    assert!(judge(&header(), &with(claims(), "nbf", json!(1_800_000_060))).is_ok());
    assert!(judge(&header(), &with(claims(), "exp", json!(1_800_000_000.5))).is_ok());
}

#[test]
fn only_the_expected_type_passes() {
    let typed = |kind: Value| judge(&with(header(), "typ", kind), &claims());
    assert!(typed(json!("AT+JWT")).is_ok());
    assert!(typed(json!("application/at+jwt")).is_ok());
    assert_eq!(typed(json!("JWT")), Err(TokenFault::WrongType));
    assert_eq!(typed(json!("internal-key+jwt")), Err(TokenFault::WrongType));
    assert_eq!(
        judge(&without(header(), "typ"), &claims()),
        Err(TokenFault::WrongType)
    );
}

#[test]
fn one_audience_in_common_suffices() {
    let text = token(&header().to_string(), &claims().to_string());
    let judge = |audiences: &[String]| {
        let expected = Expectations {
            issuer: ISSUER,
            audiences,
            kind: Expectations::ACCESS_TOKEN,
            leeway_ms: 0,
        };
        check(&Jwt::parse(&text).unwrap(), &expected, NOW).map(|_| ())
    };
    assert_eq!(judge(&["x".into(), "c1".into()]), Ok(()));
    assert_eq!(judge(&["x".into()]), Err(TokenFault::AudienceMismatch));
}

#[test]
fn revoked_tokens_and_clients_are_found() {
    let claims = judge(&header(), &claims()).unwrap();
    let check = |revocations: Revocations, expected: bool| {
        assert_eq!(
            is_revoked(&claims, &revocations),
            expected,
            "{revocations:?}"
        );
    };
    check(Revocations::default(), false);
    let token = |jti: &str| RevokedToken {
        jti: jti.into(),
        expires_at: NOW,
    };
    check(
        Revocations {
            tokens: vec![token("j0"), token("j1")],
            ..Revocations::default()
        },
        true,
    );
    check(
        Revocations {
            tokens: vec![token("j2")],
            ..Revocations::default()
        },
        false,
    );
    let client = |name: &str, ms| Revocations {
        clients: vec![RevokedClient {
            client: name.into(),
            before: claims.issued_at.plus_ms(ms),
        }],
        ..Revocations::default()
    };
    check(client("c1", 1), true);
    check(client("c1", 0), false);
    check(client("c2", 1), false);
}

#[test]
fn revoked_users_are_found_and_clients_of_their_name_are_not() {
    let of = |usage: &str| {
        let claims = with(claims(), "sub", json!("ann"));
        judge(&header(), &with(claims, "aut", json!(usage))).unwrap()
    };
    let theirs = of("APPLICATION_USER");
    let check = |claims: &Claims, name: &str, ms, expected: bool| {
        let revoked = RevokedUser {
            user: name.into(),
            before: claims.issued_at.plus_ms(ms),
        };
        let revocations = Revocations {
            users: vec![revoked].into(),
            ..Revocations::default()
        };
        assert_eq!(is_revoked(claims, &revocations), expected, "{name} {ms}");
    };
    check(&theirs, "ann", 1, true);
    check(&theirs, "ann", 0, false);
    check(&theirs, "bob", 1, false);
    check(&of("APPLICATION"), "ann", 1, false);
}
