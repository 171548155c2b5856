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

/// The store takes its time: whoever asked for the next configuration still waits, and nobody else has to.
#[test]
fn a_store_that_hangs_is_waited_for_by_nobody() {
    let mut world = World::new();
    world.forwarded(&ask());
    world.wait_ms(58_000);
    let now = world.now;
    world.hangs = true;
    world.forwarded(&ask());
    world.fetched.clear();
    world.wait_ms(5_000);
    world.forwarded(&ask());
    assert!(
        !world.fetched.contains(&"catalog"),
        "{:?} at {now:?}",
        world.fetched
    );
    world.hangs = false;
    world.deployment.state = ApiState::Blocked;
    world.publish();
    // An isolate that slept since asks first.
    world.wait_ms(120_000);
    assert_eq!(world.refused(&ask()), (503, "700700".to_owned()));
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
fn a_deployment_of_a_newer_schema_leaves_the_last_in_service() {
    let mut world = World::new();
    let before = world.forwarded(&ask()).url;
    world.deployment.schema = model::SCHEMA_VERSION + 1;
    world.deployment.endpoints.production = world.deployment.endpoints.production.map(|it| {
        let url = "http://new.example".into();
        model::Endpoint { url, ..it }
    });
    world.publish();
    world.wait_ms(61_000);
    assert_eq!(world.forwarded(&ask()).url, before);
    // What an older compiler wrote is read as it is.
    for schema in 1..=model::SCHEMA_VERSION {
        world.deployment.schema = schema;
        world.publish();
        world.wait_ms(61_000);
        let plan = world.forwarded(&ask());
        assert!(plan.url.starts_with("http://new.example"), "{schema}");
    }
}

#[test]
fn a_condition_that_nobody_can_read_leaves_the_last_in_service() {
    let unreadable = || {
        let filter = model::Action::FilterAddress {
            allows: false,
            ranges: vec!["192.0.2.0/24".into()],
        };
        let step = model::Step {
            action: filter,
            condition: Some("words.of.tomorrow(".into()),
        };
        model::Flows {
            request: vec![step],
            ..model::Flows::default()
        }
    };
    for is_for_all in [false, true] {
        let mut world = World::new();
        let before = world.forwarded(&ask()).url;
        if is_for_all {
            world.flows = unreadable();
        } else {
            world.deployment.steps = vec![unreadable(); world.deployment.operations.len()];
        }
        world.deployment.endpoints.production = world.deployment.endpoints.production.map(|it| {
            let url = "http://new.example".into();
            model::Endpoint { url, ..it }
        });
        world.publish();
        for _ in 0..3 {
            world.wait_ms(61_000);
            assert_eq!(world.forwarded(&ask()).url, before, "for all: {is_for_all}");
        }
        assert!(!world.facts.take_complaints().is_empty());
    }
}

/// The values that the newest pointer names, which are not those that were there before.
fn new_values(world: &World, before: &std::collections::HashMap<String, String>) -> Vec<String> {
    let names = world.kv.keys().filter(|name| !before.contains_key(*name));
    names.cloned().collect()
}

#[test]
fn what_a_pointer_names_and_cannot_be_read_leaves_the_last_in_service() {
    let newer = r#"{"schema":99,"routes":[]}"#;
    for (kind, broken) in [
        ("shard", Some("")),
        ("shard", Some("{\"schema\":1,\"routes\":[]}")),
        ("shard", Some(newer)),
        ("shard", None),
        ("deployment", Some("null")),
        ("deployment", None),
        ("policies", Some("[]")),
        ("policies", None),
    ] {
        let mut world = World::new();
        world.forwarded(&ask());
        let before = world.kv.clone();
        world.deployment.endpoints.production = world.deployment.endpoints.production.map(|it| {
            let url = "http://new.example".into();
            model::Endpoint { url, ..it }
        });
        if let Some(gold) = world.policies.subscription.get_mut("Gold") {
            gold.stop_on_quota_reach = false;
        }
        world.publish();
        let whole = world.kv.clone();
        for name in new_values(&world, &before) {
            if name.starts_with(kind) {
                match broken {
                    Some(text) => drop(world.kv.insert(name, text.to_owned())),
                    None => drop(world.kv.remove(&name)),
                }
            }
        }
        for _ in 0..3 {
            world.wait_ms(61_000);
            let plan = world.forwarded(&ask().with("x-postern-debug", "1"));
            let is_old = plan.url.starts_with("http://up.example");
            assert_eq!(
                is_old,
                kind != "policies",
                "{kind} {broken:?}: {}",
                plan.url
            );
            let said = ("x-postern-degraded", "config".to_owned());
            assert!(plan.reply_headers.contains(&said), "{kind} {broken:?}");
        }
        let complains = !world.facts.take_complaints().is_empty();
        assert_eq!(complains, broken.is_some(), "{kind} {broken:?}");
        let refused = world.refused(&get("/pets/1.0.0/pet/7"));
        assert_eq!(
            refused.1, "900902",
            "{kind} {broken:?}: no one gets past what guards it"
        );
        world.kv = whole;
        world.wait_ms(61_000);
        world.forwarded(&ask());
        let plan = world.forwarded(&ask());
        assert!(
            plan.url.starts_with("http://new.example"),
            "{kind} {broken:?}: it came after all"
        );
    }
}

#[test]
fn what_was_never_there_is_unknown_and_not_absent() {
    let mut world = World::new();
    world.forwarded(&ask());
    let before = world.kv.clone();
    world.deployment.base_path = "/pets/2.0.0".into();
    world.publish();
    for name in new_values(&world, &before) {
        if name.starts_with("deployment") {
            world.kv.insert(name, "{}".into());
        }
    }
    world.wait_ms(61_000);
    let new = get("/pets/2.0.0/pet/7").bearer(&token(&claims()));
    for _ in 0..3 {
        assert_eq!(world.refused(&new), (503, "303100".to_owned()));
        world.wait_ms(700);
    }
}

#[test]
fn a_cold_call_is_decided_in_few_rounds() {
    let mut world = World::new();
    world.forwarded(&ask());
    assert!(world.fetched.len() <= 10, "{:?}", world.fetched);
}
