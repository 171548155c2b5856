//! Frames of sockets: events and bytes of a plan, counted as they come and never beyond it.

mod world;

use model::{Limit, Measure, TimeUnit};
use pipeline::{Frame, Plan, frame};
use world::{Came, World, claims, get, token};

fn ask() -> world::Ask {
    get("/pets/1.0.0/pet/7").bearer(&token(&claims()))
}

/// An API of sockets under a plan of so much an hour.
fn sockets(measure: Measure) -> World {
    let mut world = World::new();
    world.deployment.api.kind = "WS".into();
    under(&mut world, measure);
    world
}

fn under(world: &mut World, measure: Measure) {
    if let Some(gold) = world.policies.subscription.get_mut("Gold") {
        gold.limit = Some(Limit::new(measure, 1, TimeUnit::Hour));
    }
    world.publish();
}

/// How many of so many frames pass, and what stops the next.
fn pass(world: &mut World, plan: &mut Plan, frames: u32, bytes: u64) -> (u32, u32) {
    let mut passed = 0;
    while passed < frames {
        match frame(&mut plan.metered, bytes, &mut world.facts, world.now) {
            Frame::Passes => passed += 1,
            Frame::Refused(stopped) => return (passed, stopped.code),
            Frame::Missing(needs) => {
                for need in needs {
                    assert_eq!(world.fetch(&need), Ok(()));
                }
            }
        }
    }
    (passed, 0)
}

#[test]
fn each_frame_is_an_event_of_the_plan() {
    let mut world = sockets(Measure::Events(10));
    let mut plan = world.forwarded(&ask());
    assert_eq!(pass(&mut world, &mut plan, 99, 5), (10, 900_808));
    assert_eq!(
        world.refused(&ask()),
        (429, "900808".to_owned()),
        "nor another socket"
    );
    world.wait_ms(3_600_000);
    assert_eq!(
        pass(&mut world, &mut plan, 99, 5),
        (10, 900_808),
        "a window later"
    );
}

#[test]
fn sockets_of_one_subscription_share_its_events() {
    let mut world = sockets(Measure::Events(2_000));
    let mut plans = [world.forwarded(&ask()), world.forwarded(&ask())];
    let mut passed = 0;
    for turn in 0..3_000 {
        let Some(plan) = plans.get_mut(turn % 2) else {
            continue;
        };
        passed += pass(&mut world, plan, 1, 5).0;
    }
    assert_eq!(passed, 2_000);
}

#[test]
fn frames_are_bytes_of_the_plan() {
    let mut world = sockets(Measure::Bytes(1_000));
    let mut plan = world.forwarded(&ask());
    // The handshake itself is a byte, as every call is.
    assert_eq!(pass(&mut world, &mut plan, 99, 100), (9, 900_804));
    assert_eq!(
        pass(&mut world, &mut plan, 1, 99),
        (1, 0),
        "a smaller one still fits"
    );
}

#[test]
fn a_plan_that_changes_holds_for_open_sockets() {
    let mut world = sockets(Measure::Events(10));
    let mut plan = world.forwarded(&ask());
    assert_eq!(pass(&mut world, &mut plan, 6, 5), (6, 0));
    under(&mut world, Measure::Events(8));
    world.wait_ms(31_000);
    for _ in 0..2 {
        assert!(
            matches!(world.call(&ask()), Came::Forwarded(_)),
            "it brings the new plan"
        );
    }
    // What the handshake under the old plan held goes back before the new plan is counted.
    assert_eq!(pass(&mut world, &mut plan, 99, 5), (2, 900_808));
}

#[test]
fn events_of_other_apis_are_their_calls() {
    let mut world = World::new();
    under(&mut world, Measure::Events(3));
    let plan = world.forwarded(&ask());
    assert!(plan.metered.is_empty());
    let passed = (0..9).filter(|_| matches!(world.call(&ask()), Came::Forwarded(_)));
    assert_eq!(passed.count(), 2);
}
