//! Tokens of external issuers: good by the rules and keys of their own issuer, and by nobody else's.

mod world;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use credential::external_client;
use model::{ClaimNames, KeyType, RevokedClient, TrustedIssuer, VerificationKey};
use serde_json::{Value, json};
use world::{ISSUER, START, World, but, claims, get, key, signature_by, token};

const PET: &str = "/pets/1.0.0/pet/7";
const ELSEWHERE: &str = "https://id.example";

fn issuer(id: &str, name: &str, letter: &str) -> TrustedIssuer {
    TrustedIssuer {
        id: id.into(),
        name: format!("Manager {letter}"),
        organization: "default".into(),
        issuer: name.into(),
        audience: None,
        claims: ClaimNames {
            client: "azp".into(),
            scopes: "scope".into(),
            subject: "sub".into(),
        },
        keys: vec![key("k1", letter)],
        good_until: START.plus_ms(24 * 3_600_000),
    }
}

fn theirs(name: &str, azp: &str) -> Value {
    let now = START.seconds();
    json!({"iss": name, "sub": "ann", "azp": azp, "exp": now + 3_600, "scope": "read"})
}

fn signed(claims: &Value, kid: &str, by: &VerificationKey) -> String {
    let header = json!({"alg": "ES256", "typ": "JWT", "kid": kid});
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.{}", part(&header), part(claims), signature_by(by))
}

/// Two issuers with a key of one name and clients of one name, of which `km-b` has one that is the shop's.
fn world() -> World {
    let mut world = World::new();
    world.trust.external = vec![
        issuer("km-b", ELSEWHERE, "B"),
        issuer("km-c", "https://other.example", "C"),
    ];
    world.publish();
    let client = external_client("km-b", "their-client");
    world.client(client.as_str(), "shop", KeyType::Production);
    world
}

#[test]
fn token_of_a_trusted_issuer_is_forwarded() {
    let mut world = world();
    let token = signed(&theirs(ELSEWHERE, "their-client"), "k1", &key("k1", "B"));
    let ask = get(PET).bearer(&token);
    world.forwarded(&ask);
    world.fetched.clear();
    world.forwarded(&ask);
    assert!(world.fetched.is_empty(), "{:?}", world.fetched);
}

#[test]
fn keys_and_clients_of_two_issuers_do_not_cross() {
    let own = key("k1", "A");
    let b = key("k1", "B");
    let c = key("k1", "C");
    let shop = theirs(ELSEWHERE, "their-client");
    let check = |text: &str, expected: &str, why: &str| {
        let mut world = world();
        let found = world.refused(&get(PET).bearer(text));
        assert_eq!(found.1, expected, "{why}");
    };
    check(
        &signed(&shop, "k1", &c),
        "900901",
        "the other issuer's key of the same name",
    );
    check(
        &signed(&shop, "k1", &own),
        "900901",
        "our key of the same name",
    );
    let other = theirs("https://other.example", "their-client");
    check(
        &signed(&other, "k1", &c),
        "900908",
        "the other issuer's client of the same name",
    );
    let foreign = theirs("https://nobody.example", "their-client");
    check(
        &signed(&foreign, "k1", &b),
        "900901",
        "an issuer that nobody trusts",
    );
    // Our own claims, by their key: our rules count, and our key.
    let header = json!({"alg": "ES256", "typ": "at+jwt", "kid": "k1"});
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let forged = format!("{}.{}.{}", part(&header), part(&claims()), signature_by(&b));
    check(&forged, "900901", "our name, by their key");
    let named = external_client("km-b", "their-client");
    let claiming =
        but(json!({"iss": ELSEWHERE, "azp": "shop-client", "client_id": named.as_str()}));
    check(
        &signed(&claiming, "k1", &b),
        "900908",
        "a client of ours in their token",
    );
}

#[test]
fn nobody_else_has_our_name() {
    let mut world = world();
    world.trust.external.push(issuer("km-x", ISSUER, "X"));
    world.publish();
    let evil = signed(&theirs(ISSUER, "their-client"), "k1", &key("k1", "X"));
    assert_eq!(world.refused(&get(PET).bearer(&evil)).1, "900901");
    world.forwarded(&get(PET).bearer(&token(&claims())));
}

#[test]
fn internal_keys_are_ours_alone() {
    let mut world = world();
    let mut claims = theirs(ELSEWHERE, "their-client");
    claims["api"] = json!({"id": "pets", "name": "p", "version": "1", "context": "/p"});
    let text = signed(&claims, "k1", &key("k1", "B"));
    let ask = get(PET).with("internal-key", text.clone());
    assert_eq!(world.refused(&ask).1, "900901");
    world.forwarded(&get(PET).bearer(&text));
    assert_eq!(
        world.refused(&ask).1,
        "900901",
        "verified, it is still none"
    );
}

#[test]
fn tokens_stop_with_their_issuer() {
    let text = signed(&theirs(ELSEWHERE, "their-client"), "k1", &key("k1", "B"));
    let ask = get(PET).bearer(&text);
    let check = |change: fn(&mut World), expected: &str, why: &str| {
        let mut world = world();
        world.forwarded(&ask);
        change(&mut world);
        world.publish();
        world.wait_ms(61_000);
        assert_eq!(world.refused(&ask).1, expected, "{why}");
    };
    check(|world| world.trust.external.clear(), "900901", "disabled");
    check(
        |world| world.trust.external[0].keys = vec![key("k1", "D")],
        "900901",
        "another key of the same name",
    );
    check(
        |world| world.trust.external[0].audience = Some("us".into()),
        "900914",
        "audience",
    );
    check(
        |world| world.trust.external[0].organization = "other".into(),
        "900901",
        "organization",
    );
    check(
        |world| world.trust.external[0].good_until = START,
        "900901",
        "keys too old",
    );
    check(
        |world| world.trust.external[0].claims.client = "sub".into(),
        "900908",
        "client claim",
    );
    check(
        |world| {
            let client = external_client("km-b", "their-client");
            let before = START.plus_ms(1);
            world
                .trust
                .revocations
                .clients
                .push(RevokedClient { client, before });
        },
        "900904",
        "client taken back",
    );
}

#[test]
fn keys_that_nobody_could_renew_close_by_themselves() {
    let mut world = world();
    let mut claims = theirs(ELSEWHERE, "their-client");
    claims["exp"] = json!(START.seconds() + 48 * 3_600);
    let ask = get(PET).bearer(&signed(&claims, "k1", &key("k1", "B")));
    world.forwarded(&ask);
    world.wait_ms(24 * 3_600_000 - 1);
    world.forwarded(&ask);
    world.wait_ms(1);
    assert_eq!(world.refused(&ask).1, "900901");
}

#[test]
fn revocations_of_ours_do_not_meet_theirs() {
    let mut world = world();
    let mut claims = theirs(ELSEWHERE, "their-client");
    claims["jti"] = json!("taken-back");
    world.forwarded(&get(PET).bearer(&signed(&claims, "k1", &key("k1", "B"))));
}

#[test]
fn unknown_key_is_asked_for_once_in_half_a_minute() {
    let mut world = world();
    let text = signed(&theirs(ELSEWHERE, "their-client"), "k2", &key("k2", "E"));
    let ask = get(PET).bearer(&text);
    assert_eq!(world.refused(&ask).1, "900901");
    let count = |world: &World| {
        world
            .fetched
            .iter()
            .filter(|name| **name == "issuer-keys")
            .count()
    };
    assert_eq!(count(&world), 1);
    world.wait_ms(29_000);
    assert_eq!(world.refused(&ask).1, "900901");
    assert_eq!(count(&world), 1);
    let mut trust = world.trust.clone();
    trust.version += 1;
    trust.external[0].keys.push(key("k2", "E"));
    world.trust_to_come = Some(trust);
    world.wait_ms(1_000);
    world.forwarded(&ask);
    assert_eq!(count(&world), 2);
}

#[test]
fn an_api_takes_tokens_of_the_key_managers_that_it_names() {
    let theirs = signed(&theirs(ELSEWHERE, "their-client"), "k1", &key("k1", "B"));
    let ours = token(&claims());
    let opaque = credential::ReferenceToken::generate(&[7; 32]);
    for (named, takes_ours, takes_theirs) in [
        (&[][..], true, true),
        (&["Resident Key Manager"][..], true, false),
        (&["Manager B"][..], false, true),
        (&["Resident Key Manager", "Manager B"][..], true, true),
        (&["Manager C"][..], false, false),
    ] {
        let mut world = world();
        world.write(&world::reference_of(&opaque), &claims());
        // Known before the API says whom it trusts: what is remembered counts no more than what is new.
        for text in [&ours, &theirs] {
            world.forwarded(&get(PET).bearer(text));
        }
        world.deployment.security.key_managers = named.iter().map(|it| (*it).to_owned()).collect();
        world.publish();
        world.wait_ms(61_000);
        for (text, is_taken) in [
            (ours.as_str(), takes_ours),
            (theirs.as_str(), takes_theirs),
            (opaque.reveal(), takes_ours),
        ] {
            let ask = get(PET).bearer(text);
            if is_taken {
                world.forwarded(&ask);
            } else {
                assert_eq!(
                    world.refused(&ask),
                    (401, "900901".to_owned()),
                    "{named:?} {text}"
                );
            }
        }
    }
}
