//! Limits: refused calls spend nothing, say when to come back, and never reach the upstream.

mod world;

use model::{AdvancedPolicy, FailureMode, Limit, Measure, TimeUnit};
use pipeline::Outcome;
use world::{Came, World, claims, get, token};

fn per_minute(amount: u64) -> Option<Limit> {
    Some(Limit::new(Measure::Requests(amount), 1, TimeUnit::Min))
}

fn ask() -> world::Ask {
    get("/pets/1.0.0/pet/7").bearer(&token(&claims()))
}

fn admitted(world: &mut World, calls: usize, ask: &world::Ask) -> usize {
    (0..calls)
        .filter(|_| matches!(world.call(ask), Came::Forwarded(_)))
        .count()
}

#[test]
fn a_plan_admits_exactly_its_quota() {
    let mut world = World::new();
    if let Some(gold) = world.policies.subscription.get_mut("Gold") {
        gold.limit = per_minute(10);
    }
    world.publish();
    assert_eq!(admitted(&mut world, 50, &ask()), 10);
    let answer = world.answered(&ask());
    assert_eq!(answer.status, 429);
    assert!(
        answer.body.contains("900804") && answer.body.contains("nextAccessTime"),
        "{}",
        answer.body
    );
    for name in ["retry-after", "ratelimit", "ratelimit-policy"] {
        assert!(answer.headers.iter().any(|(key, _)| *key == name), "{name}");
    }
    world.wait_ms(60_000);
    assert_eq!(
        admitted(&mut world, 50, &ask()),
        10,
        "the next window is full again"
    );
}

#[test]
fn each_limit_refuses_with_its_own_code() {
    for (place, code) in [
        ("api", "900800"),
        ("operation", "900802"),
        ("application", "900803"),
        ("burst", "900807"),
    ] {
        let mut world = World::new();
        let policy = AdvancedPolicy {
            limit: per_minute(2),
            per_user: false,
            groups: Vec::new(),
            on_failure: FailureMode::Closed,
        };
        world.policies.advanced.insert("Two".into(), policy);
        match place {
            "api" => world.deployment.api_limit = Some("Two".into()),
            "operation" => world.deployment.operations[0].limit = Some("Two".into()),
            "application" => {
                if let Some(policy) = world.policies.application.get_mut("Unlimited") {
                    policy.limit = per_minute(2);
                }
            }
            _ => {
                if let Some(gold) = world.policies.subscription.get_mut("Gold") {
                    gold.burst = per_minute(2);
                }
            }
        }
        world.publish();
        assert_eq!(admitted(&mut world, 5, &ask()), 2, "{place}");
        assert_eq!(world.refused(&ask()), (429, code.to_owned()));
    }
}

#[test]
fn a_plan_that_does_not_stop_lets_pass() {
    let mut world = World::new();
    if let Some(gold) = world.policies.subscription.get_mut("Gold") {
        gold.limit = per_minute(3);
        gold.stop_on_quota_reach = false;
    }
    world.publish();
    assert_eq!(admitted(&mut world, 3, &ask()), 3);
    let over = |world: &mut World| {
        let plan = world.forwarded(&ask());
        let outcome = Outcome::default();
        let event = plan.trace.forwarded(&outcome, world.now);
        event.details.over.map(|name| name.into_owned())
    };
    for _ in 0..7 {
        assert_eq!(over(&mut world).as_deref(), Some("Gold"), "passes, marked");
    }
    world.wait_ms(60_000);
    assert_eq!(over(&mut world), None);
}

#[test]
fn open_operations_are_counted_by_address() {
    let mut world = World::new();
    assert_eq!(admitted(&mut world, 10, &get("/pets/1.0.0/open")), 3);
}

#[test]
fn refused_credentials_spend_nothing() {
    let mut world = World::new();
    if let Some(gold) = world.policies.subscription.get_mut("Gold") {
        gold.limit = per_minute(2);
    }
    world.publish();
    for _ in 0..5 {
        world.refused(
            &get("/pets/1.0.0/pet")
                .method("POST")
                .bearer(&token(&claims())),
        );
    }
    assert_eq!(admitted(&mut world, 5, &ask()), 2);
}

#[test]
fn a_policy_nobody_knows_lets_nobody_pass() {
    let mut world = World::new();
    world.deployment.api_limit = Some("Gone".into());
    world.publish();
    assert_eq!(world.refused(&ask()), (503, "303100".to_owned()));
}

#[test]
fn a_busy_minute_asks_the_owners_rarely() {
    let mut world = World::new();
    for _ in 0..2_000 {
        world.wait_ms(10);
        world.forwarded(&ask());
    }
    let asked = world
        .fetched
        .iter()
        .filter(|name| **name == "lease")
        .count();
    assert!(asked <= 100, "{asked} calls to owners for 2,000 requests");
}
