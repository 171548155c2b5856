//! Memory: however much there is behind a gateway, an isolate holds no more than so much of it, and no call waits for more
//! than it needs.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a story that is wrong ends"
)]

mod world;

use std::collections::BTreeMap;

use credential::ApiKey;
use model::{
    ApiKeyRecord, Catalog, Deployment, Hash, KeyType, Operation, OperationSecurity, Route, Shard,
    SubscriptionStatus, shard_of,
};
use pipeline::{Fetched, Need};
use serde_json::json;
use world::{World, but, get, token};

const MIB: usize = 1 << 20;
/// Texts; in memory they take about as much again, and the isolate has to stay below 64 MiB.
const MOST_HELD: usize = 28 * MIB;

fn named(text: &str) -> Hash {
    Hash::of(text.as_bytes())
}

/// An API with so many operations.
fn api(world: &World, number: usize, operations: usize) -> Deployment {
    let one = |index: usize| Operation {
        method: "GET".into(),
        template: format!("/resources{index}/{{resourceId}}/parts/{{partId}}"),
        security: OperationSecurity::Any,
        scopes: vec!["read".into()],
        limit: None,
        weight: 1,
    };
    let mut deployment = world.deployment.clone();
    deployment.base_path = format!("/api{number}/1.0.0");
    deployment.api.context.clone_from(&deployment.base_path);
    deployment.operations.extend((0..operations).map(one));
    deployment
}

/// Publishes so many APIs of 20 operations each.
fn crowded(world: &mut World, apis: usize) {
    let mut shards: BTreeMap<u16, Vec<Route>> = BTreeMap::new();
    for number in 0..apis {
        let deployment = api(world, number, 20);
        let text = serde_json::to_string(&deployment).expect("a value");
        let route = Route {
            base_path: deployment.base_path.clone(),
            host: None,
            api: deployment.api.id.clone(),
            deployment: named(&text),
        };
        world
            .kv
            .insert(format!("deployment/{}", named(&text)), text);
        let shard = shard_of(&route.base_path);
        shards.entry(shard).or_default().push(route);
    }
    let mut catalog: Catalog =
        serde_json::from_str(&world.kv["catalog/Default"]).expect("a catalogue");
    catalog.version += 1;
    for (number, routes) in shards {
        let text = serde_json::to_string(&Shard { schema: 1, routes }).expect("a value");
        catalog.shards.insert(number, named(&text));
        world.kv.insert(format!("shard/{}", named(&text)), text);
    }
    world.write("catalog/Default", &catalog);
}

#[test]
fn no_call_waits_for_the_whole_of_ten_thousand_apis() {
    let mut world = World::new();
    if let Some(gold) = world.policies.subscription.get_mut("Gold") {
        gold.limit = None;
    }
    world.publish();
    crowded(&mut world, 10_000);
    world.subscribe(&[("pets", SubscriptionStatus::Unblocked)]);
    let ask =
        |number: usize| get(&format!("/api{number}/1.0.0/pet/7")).bearer(&token(&world::claims()));
    world.forwarded(&ask(1));
    assert!(world.fetched.len() <= 10, "{:?}", world.fetched);
    let whole: usize = world.kv.values().map(String::len).sum();
    let catalog = &world.kv["catalog/Default"];
    let largest = world
        .kv
        .iter()
        .filter(|(name, _)| name.starts_with("shard/"))
        .map(|(_, text)| text.len())
        .max();
    assert!(
        world.facts.held_bytes() < 64 * 1024,
        "{} of {whole}",
        world.facts.held_bytes()
    );
    assert!(
        catalog.len() < 16 * 1024 && largest.is_some_and(|it| it < 32 * 1024),
        "{} {largest:?}",
        catalog.len()
    );
    world.fetched.clear();
    world.forwarded(&ask(2));
    assert!(
        world.fetched.len() <= 2,
        "another API costs its shard and itself: {:?}",
        world.fetched
    );
    let mut most = 0;
    for number in (0..10_000).step_by(4) {
        world.forwarded(&ask(number));
        most = most.max(world.facts.held_bytes());
    }
    assert!(most < MOST_HELD, "{} MiB", most / MIB);
    assert!(
        whole > MOST_HELD,
        "the story is about more than that: {}",
        whole / MIB
    );
}

#[test]
fn apis_as_large_as_they_may_be_are_held_a_few_at_a_time() {
    let mut world = World::new();
    let mut most = 0;
    for number in 0..40 {
        let text = serde_json::to_string(&api(&world, number, 12_000)).expect("a value");
        assert!(text.len() > MIB);
        let need = Need::Deployment(named(&text));
        world
            .facts
            .put(&need, Fetched::Value(text), world.now)
            .expect("a Deployment");
        most = most.max(world.facts.held_bytes());
    }
    assert!(most < MOST_HELD, "{} MiB", most / MIB);
}

#[test]
fn of_twenty_thousand_credentials_few_thousand_are_held() {
    let mut world = World::new();
    let mut most = 0;
    for number in 0..20_000_u32 {
        let mut random = [0; 32];
        random[..4].copy_from_slice(&number.to_be_bytes());
        let record = ApiKeyRecord {
            schema: 1,
            organization: "default".into(),
            id: format!("key-{number}").as_str().into(),
            application: "shop".into(),
            api: None,
            key_type: KeyType::Production,
            user: "ann".into(),
            expires_at: None,
            permitted_ips: vec!["192.0.2.0/24".into(); 50],
            permitted_referers: Vec::new(),
        };
        let need = Need::ApiKey(ApiKey::generate(KeyType::Production, &random).digest());
        let text = serde_json::to_string(&record).expect("a record");
        world
            .facts
            .put(&need, Fetched::Value(text), world.now)
            .expect("a record");
        most = most.max(world.facts.held_bytes());
    }
    assert!(most < MOST_HELD, "{} MiB", most / MIB);
}

#[test]
fn tokens_of_many_callers_do_not_add_up() {
    let mut world = World::new();
    if let Some(gold) = world.policies.subscription.get_mut("Gold") {
        gold.limit = None;
    }
    world.publish();
    let mut held = Vec::new();
    for minute in 0..2 {
        for number in 0..6_000 {
            let id = format!("t-{minute}-{number}-{}", "x".repeat(400));
            let claims = but(json!({"jti": id}));
            let signature = if number % 2 == 0 { "good" } else { "bad" };
            let one = world::signed("at+jwt", &claims, signature);
            let ask = get("/pets/1.0.0/pet/7").bearer(&one);
            let _ = world.call(&ask);
        }
        held.push(world.facts.held_bytes());
        world.wait_ms(60_000);
    }
    assert!(held.iter().all(|it| *it < MOST_HELD), "{held:?}");
    assert!(
        held.windows(2).all(|two| two[1] <= two[0] + MIB),
        "it grows with every minute: {held:?}"
    );
}
