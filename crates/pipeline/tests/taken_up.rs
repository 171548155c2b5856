//! What an isolate takes up ahead of calls, and what it tells of itself.

#![allow(clippy::expect_used, reason = "a story that goes wrong ends")]

mod world;

use serde_json::{Value, json};
use world::{Ask, World, claims, get, token};

fn ask() -> Ask {
    get("/pets/1.0.0/pet/7").bearer(&token(&claims()))
}

fn standing(world: &World) -> Value {
    serde_json::from_str(&world.facts.standing()).expect("JSON")
}

/// Publishes a Deployment of another API as the one that was put there last; its name.
fn put_another(world: &mut World) -> String {
    let mut another = world.deployment.clone();
    another.base_path = "/birds/1.0.0".to_owned();
    let hash = world.store("deployment", &another);
    world.latest = vec![hash.clone()];
    world.publish();
    format!("deployment/{hash}")
}

#[test]
fn newest_deployment_is_fetched_while_nobody_waits() {
    let mut world = World::new();
    world.forwarded(&ask());
    put_another(&mut world);
    world.wait_ms(31_000);
    world.fetched.clear();
    world.forwarded(&ask());
    assert!(!world.fetched.contains(&"deployment"), "the pointer first");
    world.forwarded(&ask());
    assert!(world.fetched.contains(&"deployment"));
    assert_eq!(
        standing(&world),
        json!({"catalog": 2, "trust": 2, "refused": []})
    );
}

#[test]
fn isolate_that_begins_fetches_nothing_ahead() {
    let mut world = World::new();
    put_another(&mut world);
    world.forwarded(&ask());
    let deployments = world.fetched.iter().filter(|name| **name == "deployment");
    assert_eq!(deployments.count(), 1, "only the one that is called");
}

#[test]
fn refused_deployment_is_told_until_another_catalogue_comes() {
    let mut world = World::new();
    world.forwarded(&ask());
    let name = put_another(&mut world);
    world.kv.insert(name.clone(), "{}".to_owned());
    world.wait_ms(31_000);
    world.forwarded(&ask());
    world.forwarded(&ask());
    let reason = "what stands under its name is not what was written";
    let refused = json!([{"name": name, "reason": reason}]);
    assert_eq!(standing(&world)["refused"], refused);
    world.latest.clear();
    world.publish();
    world.wait_ms(31_000);
    world.forwarded(&ask());
    world.forwarded(&ask());
    assert_eq!(standing(&world)["refused"], json!([]));
}

#[test]
fn pointer_that_cannot_be_had_is_told_until_it_comes() {
    let mut world = World::new();
    world.forwarded(&ask());
    world.is_down = true;
    world.wait_ms(61_000);
    world.forwarded(&ask());
    let told = standing(&world)["refused"].to_string();
    assert!(told.contains("catalog/Default"), "{told}");
    world.is_down = false;
    world.wait_ms(61_000);
    world.forwarded(&ask());
    world.forwarded(&ask());
    let told = standing(&world)["refused"].to_string();
    assert!(!told.contains("catalog/Default"), "{told}");
}
