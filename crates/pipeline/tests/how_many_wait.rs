//! Calls that wait for upstreams: how many there may be, of whom, and for how long each counts.

mod world;

use pipeline::{Trace, Underway};
use world::{START, World, claims, get, token};

const WITHIN_MS: i64 = 30_000;

/// A call of the API of this id that is about to go upstream.
fn call(api: &str) -> Trace {
    let mut world = World::new();
    world.deployment.api.id = api.into();
    world.deployment.subscription_required = false;
    world.publish();
    let ask = get("/pets/1.0.0/pet/7").bearer(&token(&claims()));
    world.forwarded(&ask).trace
}

/// Lets calls in until there is no room for more; their numbers.
fn fill(underway: &mut Underway, trace: &Trace) -> Vec<u32> {
    let mut numbers = Vec::new();
    while numbers.len() < 100_000 && underway.has_room(trace, START) {
        numbers.push(underway.open(trace.clone(), WITHIN_MS, START));
    }
    numbers
}

#[test]
fn an_api_has_half_of_the_room() {
    for (room, half) in [
        ("100", 50),
        ("7", 4),
        ("1", 1),
        ("", 2_048),
        ("9999999", 2_048),
    ] {
        let mut underway = Underway::new(room);
        let (pets, shop, third) = (call("pets"), call("shop"), call("third"));
        assert_eq!(fill(&mut underway, &pets).len(), half, "{room}");
        let rest = room.parse().unwrap_or(4_096).min(4_096) - half;
        assert_eq!(fill(&mut underway, &shop).len(), rest, "{room}");
        assert_eq!(fill(&mut underway, &third).len(), 0, "{room}");
    }
}

#[test]
fn a_reply_makes_room_for_one_more() {
    let mut underway = Underway::new("10");
    let pets = call("pets");
    let numbers = fill(&mut underway, &pets);
    for number in &numbers {
        assert!(!underway.has_room(&pets, START));
        assert!(underway.take(*number).is_some(), "{number}");
        assert!(underway.take(*number).is_none(), "{number} twice");
        assert_eq!(fill(&mut underway, &pets).len(), 1);
    }
}

#[test]
fn a_call_counts_until_its_time_is_over() {
    let mut underway = Underway::new("10");
    let pets = call("pets");
    fill(&mut underway, &pets);
    let until = START.plus_ms(WITHIN_MS);
    assert!(!underway.has_room(&pets, until));
    assert!(underway.has_room(&pets, until.plus_ms(2_001)));
}

#[test]
fn what_the_platform_gave_up_leaves_its_room() {
    let mut underway = Underway::new("10");
    let pets = call("pets");
    let numbers = fill(&mut underway, &pets);
    for number in &numbers {
        underway.gave_up(*number);
        underway.gave_up(*number);
    }
    assert!(
        numbers.iter().all(|it| underway.take(*it).is_some()),
        "a reply that was under way has its event"
    );
    assert_eq!(fill(&mut underway, &pets).len(), 5, "and counts once");
}

/// A call that hung lost its event when 8,192 others had come after it.
#[test]
fn calls_that_wait_long_are_not_forgotten() {
    let mut underway = Underway::new("");
    let pets = call("pets");
    let slow: Vec<u32> = (0..1_000)
        .map(|_| underway.open(pets.clone(), WITHIN_MS, START))
        .collect();
    for _ in 0..50_000 {
        let number = underway.open(pets.clone(), WITHIN_MS, START);
        assert!(underway.take(number).is_some());
    }
    assert!(slow.iter().all(|number| underway.take(*number).is_some()));
    assert!(!underway.is_crowded());
}

#[test]
fn what_has_little_room_says_so() {
    let mut underway = Underway::new("100");
    let pets = call("pets");
    for count in 0..40 {
        assert_eq!(underway.is_crowded(), count >= 25, "{count}");
        underway.open(pets.clone(), WITHIN_MS, START);
    }
}
