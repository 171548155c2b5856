use model::Suspension;

use super::*;

const NOW: Timestamp = Timestamp(1_000_000);

fn endpoint(choice: Choice, weights: &[u32]) -> Endpoint {
    let care = Care {
        suspension: Some(Suspension {
            codes: Vec::new(),
            first_ms: 1_000,
            factor_percent: 100,
            longest_ms: 1_000,
        }),
        retry: None,
    };
    let member = |(index, weight): (usize, &u32)| Member {
        url: format!("http://up{index}"),
        timeout_ms: 1,
        weight: *weight,
        care: care.clone(),
    };
    Endpoint {
        pool: Some(Box::new(Pool {
            choice,
            moves_on: true,
            members: weights.iter().enumerate().map(member).collect(),
        })),
        ..Endpoint::default()
    }
}

fn choose(health: &mut Health, endpoint: &Endpoint, address: &str) -> Option<usize> {
    let caller = Caller {
        api: "api",
        address,
        cookies: "",
    };
    let chosen = health.choose(endpoint, caller, Tried::default(), NOW);
    chosen.map(|chosen| chosen.member)
}

fn fail(health: &mut Health, endpoint: &Endpoint, member: usize) {
    let member = &endpoint.pool.as_ref().unwrap().members[member];
    health.failed(place("api", &member.url), 101_503, &member.care, NOW);
}

#[test]
fn turns_go_round_by_weight() {
    for weights in [&[1, 1, 1][..], &[3, 1], &[95, 5], &[1, 2, 3, 4]] {
        let (mut health, endpoint) = (Health::default(), endpoint(Choice::Turns, weights));
        let total: u32 = weights.iter().sum();
        let mut counts = vec![0; weights.len()];
        for _ in 0..total * 3 {
            counts[choose(&mut health, &endpoint, "a").unwrap()] += 1;
        }
        let expected: Vec<u32> = weights.iter().map(|weight| weight * 3).collect();
        assert_eq!(counts, expected);
    }
}

#[test]
fn suspended_members_are_left_out() {
    let (mut health, endpoint) = (Health::default(), endpoint(Choice::Turns, &[1, 1, 1]));
    fail(&mut health, &endpoint, 1);
    for _ in 0..9 {
        assert_ne!(choose(&mut health, &endpoint, "a"), Some(1));
    }
    fail(&mut health, &endpoint, 0);
    fail(&mut health, &endpoint, 2);
    assert_eq!(choose(&mut health, &endpoint, "a"), None, "all suspended");
}

#[test]
fn order_takes_the_first_that_works() {
    let (mut health, endpoint) = (Health::default(), endpoint(Choice::Order, &[1, 1]));
    assert_eq!(choose(&mut health, &endpoint, "a"), Some(0));
    fail(&mut health, &endpoint, 0);
    assert_eq!(choose(&mut health, &endpoint, "a"), Some(1));
    health.succeeded(place("api", "http://up0"));
    assert_eq!(choose(&mut health, &endpoint, "a"), Some(0));
}

#[test]
fn an_address_stays_with_its_member_and_moves_alone() {
    let (mut health, endpoint) = (Health::default(), endpoint(Choice::Address, &[1, 1, 2]));
    let clients: Vec<String> = (0..400).map(|client| format!("10.0.0.{client}")).collect();
    let ask = |health: &mut Health| -> Vec<usize> {
        let of = |client: &String| choose(health, &endpoint, client).unwrap();
        clients.iter().map(of).collect()
    };
    let before = ask(&mut health);
    assert_eq!(before, ask(&mut health));
    let heavy = before.iter().filter(|member| **member == 2).count();
    assert!(
        (150..250).contains(&heavy),
        "{heavy} of 400 have half the weight"
    );
    fail(&mut health, &endpoint, 0);
    for (before, after) in before.iter().zip(ask(&mut health)) {
        assert!(*before == 0 || *before == after);
        assert_ne!(after, 0);
    }
}

#[test]
fn a_cookie_brings_the_browser_back() {
    let endpoint = endpoint(Choice::Cookie { seconds: 60 }, &[1, 1, 1]);
    let mut health = Health::default();
    let caller = |cookies| Caller {
        api: "api",
        address: "a",
        cookies,
    };
    let none = Tried::default();
    let first = health.choose(&endpoint, caller(""), none, NOW).unwrap();
    let set = cookie(&endpoint, &first, caller(""), "/shop/1").unwrap();
    assert!(
        set.ends_with("; Path=/shop/1; Max-Age=60; HttpOnly; SameSite=Lax"),
        "{set}"
    );
    let sent = format!("a=b; {}", set.split(';').next().unwrap());
    for _ in 0..5 {
        let again = health.choose(&endpoint, caller(&sent), none, NOW).unwrap();
        assert_eq!(again.member, first.member);
        assert_eq!(cookie(&endpoint, &again, caller(&sent), "/shop/1"), None);
    }
    fail(&mut health, &endpoint, first.member);
    let other = health.choose(&endpoint, caller(&sent), none, NOW).unwrap();
    assert_ne!(other.member, first.member);
    assert!(cookie(&endpoint, &other, caller(&sent), "/shop/1").is_some());
}

#[test]
fn no_member_is_tried_twice() {
    let (mut health, endpoint) = (Health::default(), endpoint(Choice::Turns, &[1, 1, 1]));
    let caller = Caller {
        api: "api",
        address: "a",
        cookies: "",
    };
    let mut tried = Tried::default();
    for _ in 0..3 {
        let chosen = health.choose(&endpoint, caller, tried, NOW).unwrap();
        tried.add(chosen.member);
    }
    assert_eq!(health.choose(&endpoint, caller, tried, NOW), None);
}
