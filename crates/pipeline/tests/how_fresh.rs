//! What an isolate holds: how long it is used, when it is fetched once more, and what happens when it cannot be.

mod world;

use model::{ApiState, Catalog, SubscriptionStatus};
use world::{World, claims, get, token};

const PET: &str = "/pets/1.0.0/pet/7";

fn ask() -> world::Ask {
    get(PET).bearer(&token(&claims()))
}

#[test]
fn a_fresh_subscription_works_at_once() {
    let mut world = World::new();
    world.subscribe(&[]);
    assert_eq!(world.refused(&ask()), (403, "900908".to_owned()));
    world.subscribe(&[("pets", SubscriptionStatus::Unblocked)]);
    world.wait_ms(1_001);
    world.forwarded(&ask());
}

#[test]
fn a_flood_of_refused_calls_reads_once_a_second() {
    let mut world = World::new();
    world.subscribe(&[]);
    world.refused(&ask());
    world.fetched.clear();
    for _ in 0..100 {
        world.wait_ms(50);
        world.refused(&ask());
    }
    let reads = world
        .fetched
        .iter()
        .filter(|name| **name == "application")
        .count();
    assert!((4..=5).contains(&reads), "{reads} reads in five seconds");
}

#[test]
fn a_fresh_deploy_answers_within_a_second() {
    let mut world = World::new();
    world.deployment.base_path = "/cats/1.0.0".into();
    world.publish();
    assert_eq!(world.refused(&ask()), (404, "404".to_owned()));
    world.deployment.base_path = "/pets/1.0.0".into();
    world.publish();
    world.wait_ms(1_001);
    world.forwarded(&ask());
}

#[test]
fn stale_configuration_serves_while_it_is_fetched() {
    let mut world = World::new();
    world.forwarded(&ask());
    world.deployment.state = ApiState::Blocked;
    world.publish();
    world.wait_ms(31_000);
    world.forwarded(&ask());
    assert_eq!(
        world.refused(&ask()),
        (503, "700700".to_owned()),
        "the refresh has come"
    );
}

#[test]
fn an_isolate_that_slept_asks_first() {
    let mut world = World::new();
    world.forwarded(&ask());
    world.deployment.state = ApiState::Blocked;
    world.publish();
    world.wait_ms(61_000);
    assert_eq!(world.refused(&ask()), (503, "700700".to_owned()));
}

#[test]
fn what_is_held_outlives_an_outage_of_the_store() {
    let mut world = World::new();
    world.forwarded(&ask());
    world.is_down = true;
    for _ in 0..10 {
        world.wait_ms(120_000);
        world.forwarded(&ask());
    }
}

/// Each value that is waited for in vain costs the call the deadline of a read: once is enough.
#[test]
fn an_outage_is_waited_for_once() {
    let mut world = World::new();
    world.forwarded(&ask());
    world.is_down = true;
    world.wait_ms(61_000);
    world.fetched.clear();
    world.forwarded(&ask());
    // What comes behind the lease is fetched while nobody waits.
    let waited_for: Vec<_> = world
        .fetched
        .split(|it| *it == "lease")
        .next()
        .into_iter()
        .flatten()
        .collect();
    assert_eq!(waited_for, [&"catalog"]);
    world.is_down = false;
    world.deployment.state = ApiState::Blocked;
    world.publish();
    world.wait_ms(61_000);
    assert_eq!(
        world.refused(&ask()),
        (503, "700700".to_owned()),
        "the store is asked again when it has come back"
    );
}

#[test]
fn a_cold_isolate_without_store_says_so() {
    let mut world = World::new();
    world.is_down = true;
    assert_eq!(world.refused(&ask()), (503, "303100".to_owned()));
    world.is_down = false;
    world.forwarded(&ask());
}

#[test]
fn an_older_catalogue_never_comes_back() {
    let mut world = World::new();
    let old = world.kv["catalog/Default"].clone();
    world.deployment.state = ApiState::Blocked;
    world.publish();
    assert_eq!(world.refused(&ask()), (503, "700700".to_owned()));
    world.kv.insert("catalog/Default".into(), old);
    world.wait_ms(61_000);
    assert_eq!(world.refused(&ask()), (503, "700700".to_owned()));
}

#[test]
fn values_that_cannot_be_read_change_nothing() {
    let mut world = World::new();
    world.forwarded(&ask());
    let newer = Catalog {
        schema: model::SCHEMA_VERSION + 1,
        version: 99,
        ..Catalog::default()
    };
    for broken in [
        "",
        "null",
        "[]",
        "{\"schema\":1}",
        &serde_json::to_string(&newer).expect("JSON"),
    ] {
        world.kv.insert("catalog/Default".into(), broken.to_owned());
        world
            .kv
            .insert("application/shop".into(), broken.to_owned());
        world.wait_ms(61_000);
        world.forwarded(&ask());
    }
}

#[test]
fn a_cold_call_is_decided_in_few_rounds() {
    let mut world = World::new();
    world.forwarded(&ask());
    assert!(world.fetched.len() <= 10, "{:?}", world.fetched);
}
