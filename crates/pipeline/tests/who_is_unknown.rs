//! Credentials that somebody made up cost the Key Manager and the stores no more than a stated rate, and whoever has one
//! that is good is answered, also behind the same address.

#![allow(clippy::indexing_slicing, reason = "a story that is wrong ends")]

mod world;

use credential::{ApiKey, ReferenceToken};
use model::{ApiKeyRecord, KeyType};
use world::{Ask, Came, World, claims, get, reference_of};

const PET: &str = "/pets/1.0.0/pet/7";

fn random(number: u32) -> [u8; 32] {
    let mut random = [9; 32];
    random[..4].copy_from_slice(&number.to_be_bytes());
    random
}

fn opaque(number: u32) -> ReferenceToken {
    ReferenceToken::generate(&random(number))
}

fn with_token(token: &ReferenceToken) -> Ask {
    get(PET).bearer(token.reveal())
}

fn with_key(number: u32) -> Ask {
    let key = ApiKey::generate(KeyType::Production, &random(number));
    get(PET).with("apikey", key.reveal())
}

fn with_password(number: u32) -> Ask {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let pair = STANDARD.encode(format!("ann:guess {number}"));
    get(PET).with("authorization", format!("Basic {pair}"))
}

fn world() -> World {
    let mut world = World::new();
    world.deployment.security.api_key = true;
    world.deployment.security.basic = true;
    if let Some(gold) = world.policies.subscription.get_mut("Gold") {
        gold.limit = None;
    }
    world.publish();
    world
}

/// How often the world was asked about such a credential.
fn asked(world: &World, what: &str) -> usize {
    world.fetched.iter().filter(|name| **name == what).count()
}

/// A call with a credential of this number.
type MadeUp = fn(u32) -> Ask;

#[test]
fn made_up_credentials_are_looked_up_at_a_rate() {
    let kinds: [(&str, MadeUp); 3] = [
        ("reference-token", |number| with_token(&opaque(number))),
        ("api-key", with_key),
        ("login", with_password),
    ];
    for (what, made_up) in kinds {
        let mut world = world();
        let mut refusals = Vec::new();
        for number in 0..5_000 {
            refusals.push(world.refused(&made_up(number)));
            world.wait_ms(2);
        }
        // A hundred at once, and five a second in the ten seconds but one look-up that this takes.
        assert_eq!(asked(&world, what), 149, "{what}");
        let (looked_up, rest) = refusals.split_at(100);
        assert!(
            looked_up.iter().all(|it| it.0 == 401),
            "{what}: {looked_up:?}"
        );
        let turned_away = (429, "900918".to_owned());
        assert_eq!(
            rest.iter().filter(|it| **it == turned_away).count(),
            4_851,
            "{what}"
        );
    }
}

#[test]
fn flood_from_everywhere_is_looked_up_at_a_rate() {
    let mut world = world();
    for number in 0..20_000 {
        world.address = ADDRESSES[number as usize % ADDRESSES.len()];
        let _ = world.refused(&with_token(&opaque(number)));
        if number % 20 == 0 {
            world.wait_ms(1);
        }
    }
    let all = asked(&world, "reference-token");
    assert!(
        (1_000..=1_100).contains(&all),
        "a thousand at once, a hundred a second: {all}"
    );
}

#[test]
fn known_credential_is_served_through_a_flood() {
    let mut world = world();
    let good = opaque(7_000_000);
    world.write(&reference_of(&good), &claims());
    world.forwarded(&with_token(&good));
    flood(&mut world);
    world.fetched.clear();
    for _ in 0..100 {
        world.forwarded(&with_token(&good));
    }
    assert!(world.fetched.is_empty(), "{:?}", world.fetched);
}

#[test]
fn unknown_credential_that_comes_again_is_looked_up() {
    let mut world = world();
    let good = opaque(7_000_000);
    world.write(&reference_of(&good), &claims());
    flood(&mut world);
    let answer = world.answered(&with_token(&good));
    assert_eq!(answer.status, 429);
    let mut headers = answer.headers.iter();
    let retry = headers.find(|(name, _)| *name == "retry-after");
    assert_eq!(retry.map(|(_, text)| text.as_str()), Some("1"));
    let words = "send yours again after `Retry-After`";
    assert!(answer.body.contains(words), "{}", answer.body);
    for round in 1..=3 {
        world.wait_ms(400);
        for number in 0..2_000 {
            let _ = world.refused(&with_token(&opaque(1_000_000 * round + number)));
        }
        if round < 3 {
            assert_eq!(world.answered(&with_token(&good)).status, 429, "too early");
        }
    }
    world.forwarded(&with_token(&good));
}

#[test]
fn garbage_that_comes_again_has_a_rate_too() {
    let mut world = world();
    for _ in 0..20 {
        flood(&mut world);
        world.wait_ms(1_000);
    }
    // 100 and 50 at once, five and two in each of twenty seconds; what was looked up and refused is remembered.
    let all = asked(&world, "reference-token");
    assert!((200..=290).contains(&all), "{all}");
}

#[test]
fn look_ups_that_find_somebody_are_free() {
    let mut world = world();
    for number in 0..1_000 {
        world.write(&reference_of(&opaque(number)), &claims());
        world.forwarded(&with_token(&opaque(number)));
    }
    assert_eq!(asked(&world, "reference-token"), 1_000);
}

#[test]
fn made_up_keys_push_no_good_one_out() {
    let mut world = world();
    let good = ApiKey::generate(KeyType::Production, &[1; 32]);
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
    world.write(&format!("api-key/{}", good.digest()), &record);
    let ask = get(PET).with("apikey", good.reveal());
    world.forwarded(&ask);
    for number in 0..6_000 {
        world.address = ADDRESSES[number as usize % ADDRESSES.len()];
        let _ = world.refused(&with_key(number));
        if number % 10 == 0 {
            world.wait_ms(1);
        }
    }
    world.fetched.clear();
    world.forwarded(&ask);
    assert!(!world.fetched.contains(&"api-key"), "{:?}", world.fetched);
}

#[test]
fn addresses_of_one_subscriber_count_as_one() {
    let mut world = world();
    for number in 0..1_000 {
        world.address = ["2001:db8::1", "2001:db8::2", "2001:db8:0:0:ffff::3"][number as usize % 3];
        let _ = world.refused(&with_token(&opaque(number)));
    }
    assert_eq!(asked(&world, "reference-token"), 100);
    world.address = "2001:db8:0:1::1";
    assert_eq!(world.refused(&with_token(&opaque(5_000))).0, 401);
}

#[test]
fn clock_that_goes_back_closes_no_door_for_long() {
    let mut world = world();
    flood(&mut world);
    world.wait_ms(-3_600_000);
    assert_eq!(world.refused(&with_token(&opaque(8_000_000))).0, 429);
    world.wait_ms(1_000);
    assert_eq!(world.refused(&with_token(&opaque(8_000_001))).0, 401);
}

/// More than one address may ask about at once.
fn flood(world: &mut World) {
    for number in 0..500 {
        let Came::Answered(answer) = world.call(&with_token(&opaque(number))) else {
            unreachable!("made up");
        };
        assert!(matches!(answer.status, 401 | 429), "{}", answer.body);
    }
}

const ADDRESSES: [&str; 20] = [
    "192.0.2.1",
    "192.0.2.2",
    "192.0.2.3",
    "192.0.2.4",
    "192.0.2.5",
    "192.0.2.6",
    "192.0.2.7",
    "192.0.2.8",
    "192.0.2.9",
    "192.0.2.10",
    "192.0.2.11",
    "192.0.2.12",
    "192.0.2.13",
    "192.0.2.14",
    "192.0.2.15",
    "192.0.2.16",
    "192.0.2.17",
    "192.0.2.18",
    "192.0.2.19",
    "192.0.2.20",
];
