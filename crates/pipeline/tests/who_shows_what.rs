//! Passwords and certificates: which of them an API takes, in which order, and what they are worth.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a story that is wrong ends"
)]

mod world;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use model::{Certificates, ClientCertificate, KeyType, Limit, Measure, RevokedUser, TimeUnit};
use serde_json::json;
use world::{Ask, Came, START, World, claims, get, token};

const PET: &str = "/pets/1.0.0/pet/7";
/// The SHA-256 of some certificates, as Cloudflare tells it, and what of it an API holds.
const OURS: (&str, &str) = (
    "0000000000000000000000000000000000000000000000000000000000000000",
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
);
const OTHERS: (&str, &str) = (
    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "__________________________________________8",
);

fn basic(pair: &str) -> Ask {
    get(PET).with(
        "authorization",
        format!("Basic {}", BASE64_STANDARD.encode(pair)),
    )
}

fn with_passwords() -> World {
    let mut world = World::new();
    world.deployment.security.basic = true;
    world.publish();
    world.write("login/ann:secret", &json!({"user": "ann", "scopes": []}));
    world
}

fn code(world: &mut World, ask: &Ask) -> String {
    match world.call(ask) {
        Came::Forwarded(_) => "passes".to_owned(),
        Came::Answered(answer) => {
            let body: serde_json::Value = serde_json::from_str(&answer.body).expect("a body");
            format!(
                "{} {}",
                answer.status,
                body["code"].as_str().unwrap_or_default()
            )
        }
    }
}

#[test]
fn a_users_password_opens_an_api_that_takes_one() {
    let mut world = with_passwords();
    let plan = world.forwarded(&basic("ann:secret"));
    assert_eq!(plan.edits.drop, ["authorization"]);
    for pair in ["ann:guess", "bob:secret", ":", "ann"] {
        assert_eq!(code(&mut world, &basic(pair)), "401 900901", "{pair}");
    }
    assert_eq!(code(&mut world, &get(PET)), "401 900902");
    let answer = world.answered(&get(PET));
    let challenge = answer
        .headers
        .iter()
        .find(|(name, _)| *name == "www-authenticate");
    assert!(
        challenge.is_some_and(|(_, text)| text.contains("Basic realm=")),
        "{challenge:?}"
    );
    world.deployment.security.basic = false;
    world.publish();
    world.wait_ms(61_000);
    assert_eq!(
        code(&mut world, &basic("ann:secret")),
        "401 900902",
        "a scheme that is off is not seen"
    );
}

#[test]
fn a_password_is_compared_once_in_half_a_minute() {
    let mut world = with_passwords();
    let compared = |world: &World| world.fetched.iter().filter(|it| **it == "login").count();
    for _ in 0..2 {
        world.forwarded(&basic("ann:secret"));
        world.refused(&basic("ann:guess"));
    }
    assert_eq!(compared(&world), 2, "right and wrong ones alike");
    world.kv.remove("login/ann:secret");
    world.wait_ms(30_000);
    assert_eq!(
        code(&mut world, &basic("ann:secret")),
        "401 900901",
        "it was changed meanwhile"
    );
}

#[test]
fn a_user_who_is_taken_back_is_asked_again_at_once() {
    let mut world = with_passwords();
    world.forwarded(&basic("ann:secret"));
    world.kv.remove("login/ann:secret");
    let (user, before) = ("ann".to_owned(), START.plus_ms(2_000));
    world.trust.revocations.users = vec![RevokedUser { user, before }].into();
    world.publish();
    // The next look at who was taken back; a password is remembered for less than that here.
    world.wait_ms(29_999);
    let _ = world.fetch(&pipeline::Need::Trust);
    assert_eq!(code(&mut world, &basic("ann:secret")), "401 900901");
}

#[test]
fn without_the_key_manager_nobody_new_gets_in_by_password() {
    let mut world = with_passwords();
    world.forwarded(&basic("ann:secret"));
    world.is_down = true;
    world.forwarded(&basic("ann:secret"));
    assert_eq!(code(&mut world, &basic("ann:other")), "503 303100");
}

#[test]
fn a_password_has_the_users_scopes_and_counts_for_nobodys_application() {
    let mut world = with_passwords();
    let post = |pair: &str| basic(pair).url("/pets/1.0.0/pet").method("POST");
    assert_eq!(code(&mut world, &post("ann:secret")), "403 900910");
    world.write(
        "login/eve:secret",
        &json!({"user": "eve", "scopes": ["write"]}),
    );
    let ask = post("eve:secret");
    let passed = (0..9)
        .filter(|_| matches!(world.call(&ask), Came::Forwarded(_)))
        .count();
    assert_eq!(passed, 3, "the plan `Unauthenticated` of this address");
}

fn certificate(thumbprint: &str) -> ClientCertificate {
    ClientCertificate {
        thumbprint: thumbprint.into(),
        subject: "CN=shop".into(),
        plan: "Gold".into(),
        key_type: KeyType::Production,
        not_before: START.plus_ms(-1_000),
        not_after: START.plus_ms(3_600_000),
    }
}

fn with_certificates(mandatory: bool, with_other: bool) -> World {
    let mut world = World::new();
    world.deployment.security.certificates = Some(Certificates {
        mandatory,
        with_other,
        accepted: vec![certificate(OURS.1)],
    });
    world.publish();
    world
}

/// Certificate and token, or neither.
fn shown() -> [(&'static str, Ask); 8] {
    let with = |told: &'static str| get(PET).with(":client-certificate", told);
    let good = token(&claims());
    [
        ("nothing", get(PET)),
        ("ours", with(OURS.0)),
        ("another's", with(OTHERS.0)),
        ("none at all", with("nonsense")),
        ("token", get(PET).bearer(&good)),
        ("ours and token", with(OURS.0).bearer(&good)),
        ("another's and token", with(OTHERS.0).bearer(&good)),
        ("ours and bad token", with(OURS.0).bearer("x")),
    ]
}

#[rustfmt::skip]
#[test]
fn mandatory_and_optional_credentials_combine() {
    let (passes, missing, invalid) = ("passes", "401 900902", "401 900901");
    for (mandatory, with_other, expected) in [
        (false, false, [missing, passes, missing, missing, passes, passes, passes, passes]),
        (true, false, [missing, passes, invalid, invalid, missing, passes, invalid, passes]),
        (false, true, [missing, missing, missing, missing, passes, passes, passes, invalid]),
        (true, true, [missing, missing, invalid, invalid, missing, passes, invalid, invalid]),
    ] {
        for ((name, ask), expected) in shown().iter().zip(expected) {
            let mut world = with_certificates(mandatory, with_other);
            let found = code(&mut world, ask);
            assert_eq!(found, expected, "{name}, mandatory {mandatory}, with other {with_other}");
        }
    }
}

#[test]
fn a_certificate_is_worth_something_only_while_it_is_good() {
    let ask = get(PET).with(":client-certificate", OURS.0);
    for (ms, expected) in [
        (-2_000, "401 900901"),
        (0, "passes"),
        (3_600_001, "401 900901"),
    ] {
        let mut world = with_certificates(true, false);
        world.wait_ms(ms);
        assert_eq!(code(&mut world, &ask), expected, "{ms}");
    }
    let mut world = World::new();
    assert_eq!(
        code(&mut world, &ask),
        "401 900902",
        "an API that takes no certificates sees none"
    );
}

#[test]
fn a_certificate_has_a_plan_and_an_endpoint_of_its_own() {
    let mut world = with_certificates(true, false);
    let mut second = certificate(OTHERS.1);
    second.key_type = KeyType::Sandbox;
    if let Some(rules) = &mut world.deployment.security.certificates {
        rules.accepted.push(second);
    }
    if let Some(gold) = world.policies.subscription.get_mut("Gold") {
        gold.limit = Some(Limit::new(Measure::Requests(2), 1, TimeUnit::Min));
    }
    world.publish();
    let ours = get(PET).with(":client-certificate", OURS.0);
    assert_eq!(code(&mut world, &ours), "passes");
    assert_eq!(code(&mut world, &ours), "passes");
    assert_eq!(code(&mut world, &ours), "429 900804");
    let sandbox = get(PET).with(":client-certificate", OTHERS.0);
    assert_eq!(code(&mut world, &sandbox), "403 900916");
}

#[test]
fn two_certificates_of_one_name_count_apart() {
    let mut world = with_certificates(true, false);
    if let Some(rules) = &mut world.deployment.security.certificates {
        rules.accepted.push(certificate(OTHERS.1));
    }
    if let Some(gold) = world.policies.subscription.get_mut("Gold") {
        gold.limit = Some(Limit::new(Measure::Requests(1), 1, TimeUnit::Min));
    }
    world.publish();
    for told in [OURS.0, OTHERS.0] {
        let ask = get(PET).with(":client-certificate", told);
        assert_eq!(code(&mut world, &ask), "passes");
        assert_eq!(code(&mut world, &ask), "429 900804");
    }
}

#[test]
fn the_publishers_trial_needs_no_certificate() {
    let mut world = with_certificates(true, true);
    let api = json!({"id": "pets", "name": "Pets", "version": "1.0.0", "context": "/pets/1.0.0"});
    let key = world::signed(
        "internal-key+jwt",
        &world::but(json!({"sub": "admin", "api": api})),
        "good",
    );
    world.forwarded(&get(PET).with("internal-key", key));
    world.forwarded(&get("/pets/1.0.0/open"));
}
