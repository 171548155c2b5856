use super::*;
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use model::ClaimNames;
use serde_json::json;

const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);
const ISSUER: &str = "https://id.example";

fn issuer() -> TrustedIssuer {
    TrustedIssuer {
        name: "elsewhere".into(),
        id: "km".into(),
        organization: "default".into(),
        issuer: ISSUER.into(),
        audience: None,
        claims: ClaimNames {
            client: "azp".into(),
            scopes: "scope".into(),
            subject: "sub".into(),
        },
        keys: Vec::new(),
        good_until: NOW.plus_ms(1),
    }
}

fn text(header: &Value, changes: &Value) -> String {
    let mut claims = json!({"iss": ISSUER, "azp": "shop", "sub": "ann", "exp": 1_800_000_100, "scope": "read write"});
    for (name, value) in changes.as_object().unwrap() {
        if value.is_null() {
            claims.as_object_mut().unwrap().remove(name);
        } else {
            claims[name] = value.clone();
        }
    }
    let part = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.c2ln", part(header), part(&claims))
}

fn judge(
    issuer: &TrustedIssuer,
    kind: Option<&str>,
    changes: &Value,
) -> Result<Claims, TokenFault> {
    let mut header = json!({"alg": "RS256", "kid": "k"});
    if let Some(kind) = kind {
        header["typ"] = json!(kind);
    }
    let text = text(&header, changes);
    check_external(&Jwt::parse(&text).unwrap(), issuer, NOW)
}

#[test]
fn tokens_are_read_by_the_names_of_their_issuer() {
    let found = judge(&issuer(), Some("JWT"), &json!({})).unwrap();
    assert_eq!(found.client, Some(external_client("km", "shop")));
    assert!(found.client.unwrap().is_external());
    assert_eq!(found.scopes, ["read", "write"]);
    assert_eq!((found.subject.as_str(), found.id.as_str()), ("ann", ""));
    assert_eq!(found.key_manager.as_deref(), Some("km"));
    let other = TrustedIssuer {
        claims: ClaimNames {
            client: "cid".into(),
            scopes: "scp".into(),
            subject: "email".into(),
        },
        ..issuer()
    };
    let changes = json!({"cid": "okta", "scp": ["a", "b c"], "email": "ann@example.org"});
    let found = judge(&other, Some("application/at+jwt"), &changes).unwrap();
    assert_eq!(found.client, Some(external_client("km", "okta")));
    assert_eq!(found.scopes, ["a", "b c"]);
    assert_eq!(found.subject, "ann@example.org");
}

#[test]
fn clients_of_two_issuers_are_two_clients() {
    assert_ne!(
        external_client("km", "shop"),
        external_client("other", "shop")
    );
    assert_ne!(external_client("km", "shop"), ClientId::from("shop"));
}

fn check(kind: Option<&str>, changes: &Value, expected: Option<&TokenFault>) {
    let found = judge(&issuer(), kind, changes);
    assert_eq!(found.err().as_ref(), expected, "{kind:?} {changes}");
}

#[test]
fn tokens_of_other_types_are_refused() {
    check(None, &json!({}), None);
    check(Some("at+jwt"), &json!({}), None);
    for kind in ["dpop+jwt", "logout+jwt", "internal-key+jwt", "id+jwt"] {
        check(Some(kind), &json!({}), Some(&TokenFault::WrongType));
    }
    for mark in [
        json!({"at_hash": "x"}),
        json!({"events": {}}),
        json!({"typ": "ID"}),
        json!({"typ": "Refresh"}),
    ] {
        check(None, &mark, Some(&TokenFault::WrongType));
    }
    check(None, &json!({"typ": "Bearer"}), None);
}

#[test]
fn tokens_are_refused_with_their_reason() {
    let claim = |name| Some(TokenFault::Claim(name));
    for (changes, expected) in [
        (
            json!({"iss": "https://id.example/"}),
            Some(TokenFault::IssuerMismatch),
        ),
        (json!({"azp": null}), claim("the client")),
        (json!({"azp": ""}), claim("the client")),
        (json!({"azp": ["shop"]}), claim("the client")),
        (json!({"sub": 7}), claim("the subject")),
        (json!({"sub": ""}), claim("the subject")),
        (json!({"scope": 7}), claim("the scopes")),
        (json!({"scope": [7]}), claim("the scopes")),
        (json!({"exp": null}), claim("exp")),
        (json!({"exp": 1_799_999_941}), None),
        (json!({"exp": 1_799_999_940}), Some(TokenFault::Expired)),
        (json!({"nbf": 1_800_000_060}), None),
        (json!({"nbf": 1_800_000_061}), Some(TokenFault::NotYetValid)),
        (json!({"iat": 1_800_000_061}), Some(TokenFault::NotYetValid)),
        (json!({"cnf": {"kid": "x"}}), claim("cnf")),
    ] {
        check(None, &changes, expected.as_ref());
    }
}

#[test]
fn audience_is_asked_for_where_it_is_configured() {
    let strict = TrustedIssuer {
        audience: Some("https://api.example".into()),
        ..issuer()
    };
    let check = |audience: Value, expected: Option<TokenFault>| {
        let found = judge(&strict, None, &json!({"aud": audience}));
        assert_eq!(found.err(), expected, "{audience}");
    };
    check(json!("https://api.example"), None);
    check(json!(["other", "https://api.example"]), None);
    check(
        json!("https://api.example/"),
        Some(TokenFault::AudienceMismatch),
    );
    check(Value::Null, Some(TokenFault::AudienceMismatch));
}

#[test]
fn clients_own_tokens_are_known_by_their_marks() {
    let check = |changes: Value, expected: TokenUse| {
        let found = judge(&issuer(), None, &changes).unwrap();
        assert_eq!(found.token_use, expected, "{changes}");
    };
    check(json!({}), TokenUse::ApplicationUser);
    check(json!({"sub": "shop"}), TokenUse::Application);
    check(json!({"sub": null}), TokenUse::Application);
    check(
        json!({"sub": "shop@clients", "gty": "client-credentials"}),
        TokenUse::Application,
    );
    check(json!({"idtyp": "app"}), TokenUse::Application);
    check(
        json!({"preferred_username": "service-account-shop"}),
        TokenUse::Application,
    );
    check(
        json!({"preferred_username": "service-account-other"}),
        TokenUse::ApplicationUser,
    );
}

#[test]
fn key_without_a_name_stands_in_when_it_is_the_only_one() {
    let key = |kid: &str| VerificationKey {
        kid: kid.into(),
        alg: "RS256".into(),
        jwk: json!({"kty": "RSA", "n": "A".repeat(342), "e": "AQAB"}),
    };
    let check = |kid: Option<&str>, names: &[&str], expected: Result<&str, TokenFault>| {
        let mut header = json!({"alg": "RS256"});
        if let Some(kid) = kid {
            header["kid"] = json!(kid);
        }
        let text = text(&header, &json!({}));
        let keys: Vec<_> = names.iter().copied().map(key).collect();
        let found = choose_external(&keys, &Jwt::parse(&text).unwrap()).map(|key| key.kid.clone());
        assert_eq!(found, expected.map(str::to_owned), "{kid:?} {names:?}");
    };
    check(Some("a"), &["a", "b"], Ok("a"));
    check(Some("a"), &["", "a"], Ok("a"));
    check(Some("c"), &["", "a"], Ok(""));
    check(Some("c"), &["", ""], Err(TokenFault::UnknownKey));
    check(Some("c"), &["a"], Err(TokenFault::UnknownKey));
    check(Some("a"), &["a", "a"], Err(TokenFault::UnknownKey));
    check(None, &["a"], Ok("a"));
    check(None, &["a", ""], Err(TokenFault::UnknownKey));
}
