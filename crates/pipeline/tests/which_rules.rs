//! Rules that look at the call itself: denials, condition groups, custom rules, the upstream's cap, weights and bytes.

mod world;

use model::{
    AdvancedPolicy, Condition, ConditionGroup, CustomRule, DenyRule, DenyTarget, FailureMode,
    KeyType, Limit, Measure, TimeUnit, Trait,
};
use world::{Ask, Came, World, but, claims, get, token};

const fn per_minute(measure: Measure) -> Limit {
    Limit::new(measure, 1, TimeUnit::Min)
}

fn requests(amount: u64) -> Option<Limit> {
    Some(per_minute(Measure::Requests(amount)))
}

fn ask() -> Ask {
    get("/pets/1.0.0/pet/7").bearer(&token(&claims()))
}

fn admitted(world: &mut World, calls: usize, ask: &Ask) -> usize {
    (0..calls)
        .filter(|_| matches!(world.call(ask), Came::Forwarded(_)))
        .count()
}

fn range(from: &str, to: &str, inverted: bool) -> Condition {
    let (from, to) = (from.parse().unwrap_or(LOCAL), to.parse().unwrap_or(LOCAL));
    Condition {
        about: Trait::Address { from, to },
        inverted,
    }
}

const LOCAL: std::net::IpAddr = std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

fn denying(targets: Vec<DenyTarget>) -> World {
    let mut world = World::new();
    let rule = |target| DenyRule {
        target,
        until: None,
        reason: Some("too many bad calls".into()),
    };
    world.policies.deny = targets.into_iter().map(rule).collect();
    world.publish();
    world
}

fn subscription(key_type: Option<KeyType>) -> DenyTarget {
    DenyTarget::Subscription {
        application: "ann:Shop".into(),
        api: "/pets/1.0.0".into(),
        key_type,
    }
}

#[test]
fn whoever_is_denied_is_told_so() {
    let refuses = [
        DenyTarget::Api("/pets/1.0.0".into()),
        DenyTarget::Application("ann:Shop".into()),
        DenyTarget::User("shop-client".into()),
        subscription(None),
        subscription(Some(KeyType::Production)),
        DenyTarget::Address(range("192.0.2.7", "192.0.2.7", false)),
        DenyTarget::Address(range("192.0.2.0", "192.0.2.255", false)),
        DenyTarget::Address(range("198.51.100.0", "198.51.100.255", true)),
        DenyTarget::Address(range("2001:db8::", "2001:db8::ffff", true)),
    ];
    for target in refuses {
        let mut world = denying(vec![target.clone()]);
        let answer = world.answered(&ask());
        assert_eq!(answer.status, 403, "{target:?}");
        for text in ["900805", "Message blocked", "too many bad calls"] {
            assert!(answer.body.contains(text), "{target:?}: {}", answer.body);
        }
    }
}

#[test]
fn whoever_is_not_denied_passes() {
    let passes = [
        DenyTarget::Api("/pets/2.0.0".into()),
        DenyTarget::Application("bob:Shop".into()),
        DenyTarget::User("ann".into()),
        DenyTarget::User("anonymous".into()),
        subscription(Some(KeyType::Sandbox)),
        DenyTarget::Address(range("192.0.2.8", "192.0.2.255", false)),
        DenyTarget::Address(range("192.0.2.0", "192.0.2.255", true)),
        DenyTarget::Address(range("2001:db8::", "2001:db8::ffff", false)),
    ];
    for target in passes {
        let mut world = denying(vec![target.clone()]);
        world.forwarded(&ask());
        world.forwarded(&get("/pets/1.0.0/open"));
    }
}

#[test]
fn anonymous_callers_are_denied_by_address() {
    let mut world = denying(vec![DenyTarget::Address(range(
        "192.0.2.7",
        "192.0.2.7",
        false,
    ))]);
    let open = get("/pets/1.0.0/open");
    assert_eq!(world.refused(&open).0, 403);
    world.address = "::ffff:192.0.2.7";
    assert_eq!(
        world.refused(&open).0,
        403,
        "the same address in IPv6's writing"
    );
    world.address = "192.0.2.8";
    world.forwarded(&open);
}

#[test]
fn an_address_in_any_of_many_ranges_is_denied() {
    let ranges = [
        ("10.0.0.0", "10.255.255.255"),
        ("10.1.0.0", "10.1.0.9"),
        ("10.9.0.0", "10.9.0.9"),
        ("172.16.0.1", "172.16.0.1"),
    ];
    let targets = ranges.map(|(from, to)| DenyTarget::Address(range(from, to, false)));
    let mut world = denying(targets.into());
    for (address, is_denied) in [
        ("10.1.0.10", true),
        ("10.200.0.1", true),
        ("9.255.255.255", false),
        ("11.0.0.0", false),
        ("172.16.0.1", true),
        ("172.16.0.2", false),
        ("2001:db8::1", false),
        ("nowhere", false),
    ] {
        world.address = address;
        let denied = matches!(world.call(&ask()), Came::Answered(_));
        assert_eq!(denied, is_denied, "{address}");
    }
}

#[test]
fn a_denial_ends_by_itself_and_spends_nothing() {
    let mut world = denying(vec![DenyTarget::User("shop-client".into())]);
    world.policies.deny[0].until = Some(world.now.plus_ms(30_000));
    if let Some(gold) = world.policies.subscription.get_mut("Gold") {
        gold.limit = requests(2);
    }
    world.publish();
    for _ in 0..5 {
        let answer = world.answered(&ask());
        assert_eq!(answer.status, 403);
        assert!(
            answer.headers.contains(&("retry-after", "30".to_owned())),
            "{:?}",
            answer.headers
        );
        assert!(answer.body.contains("nextAccessTime"), "{}", answer.body);
    }
    world.wait_ms(30_000);
    assert_eq!(
        admitted(&mut world, 5, &ask()),
        2,
        "the plan is as full as ever"
    );
}

#[test]
fn a_lifted_denial_is_lifted_at_once() {
    let mut world = denying(vec![DenyTarget::User("shop-client".into())]);
    assert_eq!(world.refused(&ask()).0, 403);
    world.policies.deny.clear();
    world.publish();
    world.wait_ms(1_500);
    world.forwarded(&ask());
}

fn group(id: &str, conditions: Vec<Condition>, amount: u64) -> ConditionGroup {
    ConditionGroup {
        id: id.into(),
        conditions,
        limit: requests(amount),
    }
}

fn header(pattern: &str) -> Condition {
    Condition {
        about: Trait::Header {
            name: "x-tier".into(),
            pattern: pattern.into(),
        },
        inverted: false,
    }
}

fn grouped(groups: Vec<ConditionGroup>, per_user: bool) -> World {
    let mut world = World::new();
    let policy = AdvancedPolicy {
        limit: requests(5),
        per_user,
        on_failure: FailureMode::Closed,
        groups,
    };
    world.policies.advanced.insert("Tiered".into(), policy);
    world.deployment.api_limit = Some("Tiered".into());
    world.publish();
    world
}

#[test]
fn the_first_group_that_is_met_gives_the_limit() {
    let groups = vec![
        group(
            "1",
            vec![header("free|trial"), range("192.0.2.0", "192.0.2.9", false)],
            2,
        ),
        group("2", vec![header("free")], 3),
    ];
    let mut world = grouped(groups, false);
    let free = ask().with("x-tier", "free");
    assert_eq!(admitted(&mut world, 9, &free), 2, "the first group's");
    assert_eq!(world.refused(&free), (429, "900800".to_owned()));
    assert_eq!(
        admitted(&mut world, 9, &ask().with("x-tier", "freebie")),
        5,
        "no group's"
    );
    world.address = "192.0.2.10";
    assert_eq!(admitted(&mut world, 9, &free), 3, "the second group's");
    world.wait_ms(60_000);
    assert_eq!(
        admitted(&mut world, 9, &free),
        3,
        "the next window is full again"
    );
}

#[test]
fn every_kind_of_condition_tells_calls_apart() {
    let query = Trait::Query {
        name: "a b".into(),
        pattern: "x y".into(),
    };
    let claim = |pattern: &str| Trait::Claim {
        name: "groups".into(),
        pattern: pattern.into(),
    };
    let plain = get("/pets/1.0.0/pet/7");
    let with = |claim: serde_json::Value| {
        plain
            .clone()
            .bearer(&token(&but(serde_json::json!({"groups": claim}))))
    };
    let asked = get("/pets/1.0.0/pet/7?z=1&a+b=x%20y").bearer(&token(&claims()));
    for (about, met, unmet) in [
        (query, asked, ask()),
        (claim("admin"), with("admin".into()), ask()),
        (
            claim("admin"),
            with(serde_json::json!(["x", "admin"])),
            with("admins".into()),
        ),
        (claim("7"), with(7.into()), with(77.into())),
    ] {
        for inverted in [false, true] {
            let condition = Condition {
                about: about.clone(),
                inverted,
            };
            let mut world = grouped(vec![group("1", vec![condition], 1)], false);
            let (one, five) = if inverted {
                (&unmet, &met)
            } else {
                (&met, &unmet)
            };
            assert_eq!(admitted(&mut world, 9, one), 1, "{about:?} {inverted}");
            assert_eq!(admitted(&mut world, 9, five), 5, "{about:?} {inverted}");
        }
    }
}

#[test]
fn a_group_counts_each_user_by_itself_where_the_policy_does() {
    let mut world = grouped(vec![group("1", vec![header("free")], 2)], true);
    for user in ["ann", "bob"] {
        let changes = serde_json::json!({"sub": user, "jti": user, "aut": "APPLICATION_USER"});
        let free = get("/pets/1.0.0/pet/7")
            .bearer(&token(&but(changes)))
            .with("x-tier", "free");
        assert_eq!(admitted(&mut world, 9, &free), 2, "{user}");
    }
}

#[test]
fn a_condition_that_cannot_be_read_lets_nobody_pass() {
    let mut world = grouped(vec![group("1", vec![header("(")], 2)], false);
    assert_eq!(world.refused(&ask()), (503, "303100".to_owned()));
}

#[test]
fn a_value_too_long_meets_no_group() {
    let mut not_free = header("free");
    not_free.inverted = true;
    let mut world = grouped(
        vec![
            group("1", vec![header("f*")], 1),
            group("2", vec![not_free], 2),
        ],
        false,
    );
    let long = ask().with("x-tier", "f".repeat(10_000));
    assert_eq!(admitted(&mut world, 9, &long), 5, "the policy's own limit");
}

fn custom(template: &str, condition: Option<&str>, amount: u64) -> World {
    let mut world = World::new();
    world.policies.custom = vec![CustomRule {
        name: "Ring".into(),
        key_template: template.into(),
        condition: condition.map(Into::into),
        limit: requests(amount),
        on_failure: FailureMode::Closed,
    }];
    world.publish();
    world
}

#[test]
fn a_custom_rule_counts_each_key_by_itself() {
    let mut world = custom(
        "$clientIp:$resourceKey",
        Some("'x-tier' in request.headers"),
        2,
    );
    let free = ask().with("x-tier", "free");
    assert_eq!(admitted(&mut world, 5, &free), 2);
    let answer = world.answered(&free);
    assert_eq!(answer.status, 429);
    assert!(
        answer.body.contains("900806") && answer.body.contains("nextAccessTime"),
        "{}",
        answer.body
    );
    for name in ["retry-after", "ratelimit", "ratelimit-policy"] {
        assert!(answer.headers.iter().any(|(key, _)| *key == name), "{name}");
    }
    assert_eq!(
        admitted(&mut world, 50, &ask()),
        50,
        "the condition is not met"
    );
    world.address = "192.0.2.8";
    assert_eq!(admitted(&mut world, 5, &free), 2, "another key");
    let open = get("/pets/1.0.0/open").with("x-tier", "free");
    assert_eq!(
        admitted(&mut world, 5, &open),
        2,
        "callers without a credential too"
    );
    world.wait_ms(60_000);
    assert_eq!(admitted(&mut world, 5, &free), 2, "the next window");
}

#[test]
fn a_custom_rule_that_cannot_be_read_is_no_hole() {
    let mut world = custom("$userId", Some("user =="), 2);
    assert_eq!(admitted(&mut world, 5, &ask()), 2, "counts every call");
    let mut world = custom("$nobody", None, 2);
    assert_eq!(
        admitted(&mut world, 5, &ask()),
        2,
        "counts all calls together"
    );
}

#[test]
fn an_undecided_custom_rule_is_not_met() {
    let mut world = custom("$userId", Some("claims.gone == 'x'"), 1);
    assert_eq!(admitted(&mut world, 5, &ask()), 5);
}

#[test]
fn the_upstream_is_spared_beyond_its_cap() {
    let mut world = World::new();
    if let Some(endpoint) = &mut world.deployment.endpoints.production {
        endpoint.cap = requests(3);
    }
    world.deployment.endpoints.sandbox = world.deployment.endpoints.production.clone();
    world.client("try-client", "shop", KeyType::Sandbox);
    world.publish();
    assert_eq!(admitted(&mut world, 2, &ask()), 2);
    let open = get("/pets/1.0.0/open");
    assert_eq!(admitted(&mut world, 2, &open), 1, "whoever calls");
    let answer = world.answered(&ask());
    assert_eq!(answer.status, 503);
    assert!(
        answer.body.contains("900801") && answer.body.contains("nextAccessTime"),
        "{}",
        answer.body
    );
    for name in ["retry-after", "ratelimit", "ratelimit-policy"] {
        assert!(answer.headers.iter().any(|(key, _)| *key == name), "{name}");
    }
    let sandbox = but(serde_json::json!({"client_id": "try-client", "jti": "t-2"}));
    let sandbox = get("/pets/1.0.0/pet/7").bearer(&token(&sandbox));
    assert_eq!(admitted(&mut world, 9, &sandbox), 3, "the other endpoint");
}

#[test]
fn a_heavy_operation_takes_more_of_every_limit_of_requests() {
    let mut world = World::new();
    if let Some(gold) = world.policies.subscription.get_mut("Gold") {
        gold.limit = requests(10);
    }
    world.deployment.operations[0].weight = 4;
    world.publish();
    assert_eq!(admitted(&mut world, 9, &ask()), 2, "4 and 4 of 10");
    let light = get("/pets/1.0.0/public/x").bearer(&token(&claims()));
    assert_eq!(admitted(&mut world, 9, &light), 2, "the other two");
}

#[test]
fn a_plan_of_events_has_its_own_code() {
    let mut world = World::new();
    if let Some(gold) = world.policies.subscription.get_mut("Gold") {
        gold.limit = Some(per_minute(Measure::Events(2)));
    }
    world.deployment.operations[0].weight = 4;
    world.publish();
    assert_eq!(admitted(&mut world, 9, &ask()), 2, "events have no weight");
    assert_eq!(world.refused(&ask()), (429, "900808".to_owned()));
}

#[test]
fn bytes_of_replies_count_when_they_are_known() {
    let mut world = World::new();
    if let Some(gold) = world.policies.subscription.get_mut("Gold") {
        gold.limit = Some(per_minute(Measure::Bytes(10_000)));
    }
    world.publish();
    for _ in 0..2 {
        let plan = world.forwarded(&ask());
        assert_eq!(plan.metered.len(), 1);
        let now = world.now;
        for charge in &plan.metered {
            world.facts.book.settle(charge, 5_000, now);
        }
        for need in world.facts.take_due(now) {
            world.fetch(&need).unwrap();
        }
    }
    assert_eq!(world.refused(&ask()), (429, "900804".to_owned()));
    world.wait_ms(60_000);
    world.forwarded(&ask());
}

#[test]
fn what_counts_requests_is_not_metered() {
    let mut world = World::new();
    assert!(world.forwarded(&ask()).metered.is_empty());
}

#[test]
fn calls_under_way_are_no_more_than_the_plan_allows() {
    let mut world = World::new();
    if let Some(gold) = world.policies.subscription.get_mut("Gold") {
        gold.concurrency = Some(2);
        gold.limit = requests(20);
    }
    world.publish();
    let mut under_way: Vec<_> = (0..2).map(|_| world.forwarded(&ask()).slot).collect();
    let answer = world.answered(&ask());
    assert_eq!(answer.status, 429);
    assert!(
        answer.body.contains("900808") && answer.body.contains("nextAccessTime"),
        "{}",
        answer.body
    );
    assert!(
        answer.headers.contains(&("retry-after", "1".to_owned())),
        "{:?}",
        answer.headers
    );
    let over = under_way.pop().flatten().unwrap();
    world.facts.slots.close(&over);
    under_way.push(world.forwarded(&ask()).slot);
    assert!(matches!(world.call(&ask()), Came::Answered(_)));
    for slot in under_way.into_iter().flatten() {
        world.facts.slots.close(&slot);
    }
    let passed = (0..30).filter(|_| match world.call(&ask()) {
        Came::Forwarded(plan) => plan.slot.is_some_and(|slot| {
            world.facts.slots.close(&slot);
            true
        }),
        Came::Answered(_) => false,
    });
    assert_eq!(
        passed.count(),
        17,
        "what was refused for want of a slot spent nothing of 20"
    );
}

#[test]
fn a_plan_without_a_limit_of_calls_under_way_takes_no_slot() {
    let mut world = World::new();
    assert!(world.forwarded(&ask()).slot.is_none());
    assert!(!world.fetched.contains(&"slots"));
}
