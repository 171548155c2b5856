//! The world at its worst, seed after seed; and what a calm day costs.
//!
//! A failure prints its seed: `cargo xtask simulate --seed <seed>` tells that story alone.
//! This file tells the first stories; `cargo xtask test simulate` tells ten thousand.

#![expect(clippy::panic, reason = "test code that clippy does not know as such")]

use std::rc::Rc;

use model::{Algorithm, FailureMode, Limit, Measure, TimeUnit};
use simulation::{CALM, Day, Tally, Weather, World, calm_day, charge, storm};
use throttle::{Charge, ObjectName};

/// I1 (never over), I2 (a request counts once) and I4 (what remains does not rise) are checked by the world after each
/// step.
#[test]
fn never_over_in_any_weather() {
    for seed in 0..100 {
        if let Err(broken) = storm(seed) {
            panic!("seed {seed} fails: {broken}; cargo xtask simulate --seed {seed}");
        }
    }
}

/// I7.
#[test]
fn same_seed_tells_same_story() {
    let trace = |seed| storm(seed).map(|tally| (tally.trace, tally.admitted));
    assert_eq!(trace(7), trace(7));
    assert_ne!(trace(7), trace(8), "another seed, another story");
}

/// I6: the same application and API ids in two organizations.
#[test]
fn organizations_never_share_a_counter() {
    let mut world = World::new(1, CALM);
    for organization in ["acme", "umbrella"] {
        let object = ObjectName::of_application(&organization.into(), &"app".into());
        for call in 0..30 {
            world.arrive(call * 10, (call % 4) as usize, one(&object, minute(10)));
        }
    }
    assert_eq!(run(world).admitted, 20, "each has its own ten");
}

#[test]
fn small_limits_admit_exactly_their_amount() {
    for algorithm in [Algorithm::Fixed, Algorithm::Sliding] {
        for seed in 0..20 {
            let limit = minute(10).counted(algorithm);
            let tally = hammer(seed, CALM, 200, 0, &one(&app(), limit));
            assert_eq!((tally.admitted, tally.denied), (10, 190), "seed {seed}");
        }
    }
}

/// What a call of five units is denied is there for calls of one.
#[test]
fn a_denied_call_of_five_leaves_what_is_left() {
    for algorithm in [Algorithm::Fixed, Algorithm::Sliding] {
        let limit = minute(13).counted(algorithm);
        let mut world = World::new(2, CALM);
        let fives: Rc<[Charge]> = Rc::new([Charge {
            cost: 5,
            ..charge(&app(), "s", limit)
        }]);
        for call in 0..10 {
            world.arrive(call * 100, 0, Rc::clone(&fives));
        }
        for call in 0..10 {
            world.arrive(2_000 + call * 100, 1, one(&app(), limit));
        }
        assert_eq!(run(world).admitted, 2 + 3, "{algorithm:?}");
    }
}

#[test]
fn an_exhausted_counter_costs_no_calls() {
    let tally = hammer(3, CALM, 5_000, 4, &one(&app(), minute(10)));
    // Ten granted one by one, and each of four isolates hears of the end from the calls that were under way.
    let messages = tally.messages;
    assert!(messages <= 60, "{messages} messages for 5,000 requests");
}

#[test]
fn without_an_owner_the_local_share_bounds() {
    let weather = Weather {
        lost: 100,
        skew_ms: 0,
        ..CALM
    };
    let local: Rc<[Charge]> = Rc::new([Charge {
        on_failure: FailureMode::Local,
        ..charge(&app(), "s", minute(100))
    }]);
    let tally = hammer(5, weather, 2_000, 5, &local);
    assert_eq!(
        tally.admitted, 40,
        "a tenth of the limit in each of four isolates"
    );
}

#[test]
fn a_skewed_mix_asks_rarely() {
    let day = Day {
        keys: 200,
        calls_per_second: 625.0,
        seconds: 180,
        isolates: 4,
        rise_seconds: 0,
        plans: vec![2_000, 5_000, 10_000, 50_000],
        algorithm: Algorithm::Fixed,
        three_limits: true,
    };
    let figures = calm_day(&day, 11).unwrap_or_else(|broken| panic!("{broken}"));
    println!("{figures:?}");
    assert!(
        figures.exhausted >= 3,
        "the mix exhausts some limits: {figures:?}"
    );
    assert!(figures.messages_per_thousand <= 50.0, "{figures:?}");
    assert!(figures.undershoot <= 5.0, "{figures:?}");
}

/// A thousand isolates spend from one counter: no object is asked more than some hundreds of times in any second.
#[test]
fn no_object_is_asked_by_a_whole_crowd() {
    let day = Day {
        keys: 1,
        calls_per_second: 5_000.0,
        seconds: 70,
        isolates: 1_000,
        rise_seconds: 10,
        plans: vec![60_000],
        algorithm: Algorithm::Fixed,
        three_limits: false,
    };
    let figures = calm_day(&day, 3).unwrap_or_else(|broken| panic!("{broken}"));
    println!("{figures:?}");
    assert!(figures.busiest <= 400, "{figures:?}");
}

/// As many calls, one after the other, dealt out to all isolates.
fn hammer(seed: u64, weather: Weather, calls: i64, every_ms: i64, charges: &Rc<[Charge]>) -> Tally {
    let mut world = World::new(seed, weather);
    for call in 0..calls {
        let at = if every_ms == 0 {
            call % 7
        } else {
            call * every_ms
        };
        world.arrive(at, (call % 4) as usize, Rc::clone(charges));
    }
    run(world)
}

fn run(world: World) -> Tally {
    world.run().unwrap_or_else(|broken| panic!("{broken}"))
}

fn app() -> ObjectName {
    ObjectName::of_application(&"acme".into(), &"app".into())
}

fn one(object: &ObjectName, limit: Limit) -> Rc<[Charge]> {
    Rc::new([charge(object, "s", limit)])
}

fn minute(amount: u64) -> Limit {
    Limit::new(Measure::Requests(amount), 1, TimeUnit::Min)
}
