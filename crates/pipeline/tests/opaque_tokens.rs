//! An opaque token is good for what the Key Manager says of it, and is asked about once.

mod world;

use credential::{ApiKey, ReferenceToken};
use model::{ApiKeyRecord, KeyType, RevokedToken};
use serde_json::json;
use world::{START, World, but, claims, get, reference_of};

const PET: &str = "/pets/1.0.0/pet/7";

fn token() -> ReferenceToken {
    ReferenceToken::generate(&[7; 32])
}

fn known() -> World {
    let mut world = World::new();
    world.write(&reference_of(&token()), &claims());
    world
}

#[test]
fn good_token_is_asked_about_once() {
    let mut world = known();
    let ask = get(PET).bearer(token().reveal());
    world.forwarded(&ask);
    assert!(world.fetched.contains(&"reference-token"));
    world.fetched.clear();
    world.forwarded(&ask);
    assert!(world.fetched.is_empty(), "{:?}", world.fetched);
}

#[test]
fn unknown_token_is_asked_about_once() {
    let mut world = World::new();
    let ask = get(PET).bearer(token().reveal());
    assert_eq!(world.refused(&ask), (401, "900901".to_owned()));
    world.fetched.clear();
    assert_eq!(world.refused(&ask), (401, "900901".to_owned()));
    assert!(!world.fetched.contains(&"reference-token"));
}

#[test]
fn mistyped_token_is_not_asked_about() {
    let mut world = known();
    let text = token().reveal().to_owned();
    let mistyped = format!("{}x", text.get(..text.len() - 1).expect("a token"));
    assert_eq!(
        world.refused(&get(PET).bearer(&mistyped)),
        (401, "900901".to_owned())
    );
    assert!(!world.fetched.contains(&"reference-token"));
}

#[test]
fn revocation_reaches_a_token_that_is_known() {
    let mut world = known();
    let ask = get(PET).bearer(token().reveal());
    world.forwarded(&ask);
    world.trust.revocations.tokens.push(RevokedToken {
        jti: "t-1".into(),
        expires_at: START.plus_ms(9_000_000),
    });
    world.publish();
    world.now = world.now.plus_ms(60_000);
    assert_eq!(world.refused(&ask), (401, "900904".to_owned()));
}

#[test]
fn known_token_ends_at_its_moment() {
    let mut world = known();
    let soon = but(json!({"exp": START.seconds() + 5}));
    world.write(&reference_of(&token()), &soon);
    let ask = get(PET).bearer(token().reveal());
    world.forwarded(&ask);
    world.now = world.now.plus_ms(5_000);
    assert_eq!(world.refused(&ask), (401, "900903".to_owned()));
}

#[test]
fn key_manager_out_of_reach_lets_nobody_in() {
    let mut world = known();
    world.forwarded(&get(PET).bearer(&world::token(&claims())));
    world.is_down = true;
    let answer = world.answered(&get(PET).bearer(token().reveal()));
    assert_eq!(answer.status, 503);
    world.forwarded(&get(PET).bearer(&world::token(&claims())));
}

#[test]
fn use_of_a_good_key_is_told_and_of_no_other() {
    let mut world = World::new();
    world.deployment.security.api_key = true;
    world.publish();
    let key = ApiKey::generate(KeyType::Production, &[1; 32]);
    let other = ApiKey::generate(KeyType::Production, &[2; 32]);
    let record = ApiKeyRecord {
        schema: 1,
        organization: "default".into(),
        id: "key-1".into(),
        application: "shop".into(),
        api: None,
        key_type: KeyType::Production,
        user: "ann".into(),
        permitted_ips: vec![],
        permitted_referers: vec![],
        expires_at: None,
    };
    world.write(&format!("api-key/{}", key.digest()), &record);
    assert_eq!(
        world.refused(&get(PET).with("apikey", other.reveal())).0,
        401
    );
    world.forwarded(&get(PET).with("apikey", key.reveal()));
    world.forwarded(&get(PET).with("apikey", key.reveal()));
    assert_eq!(world.facts.take_uses(), [key.digest()]);
}
