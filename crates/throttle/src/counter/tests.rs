use model::{Measure, TimeUnit};

use super::*;
use crate::Ask;

const NOW: Timestamp = Timestamp(1_763_949_990_000);

fn minute(amount: u64) -> Limit {
    Limit::new(Measure::Requests(amount), 1, TimeUnit::Min)
}

fn hour(amount: u64) -> Limit {
    Limit {
        time_unit: TimeUnit::Hour,
        ..minute(amount)
    }
}

const ALONE: Part = Part { holders: 1, of: 1 };

fn request(number: u64) -> LeaseRequest {
    let holder = Holder::from_random(1);
    LeaseRequest {
        holder,
        number,
        asks: Vec::new(),
        returns: Vec::new(),
        holders: 1,
    }
}

fn give_back(number: u64, units: u64) -> GiveBack {
    GiveBack {
        key: "s".to_owned().into(),
        number,
        units,
    }
}

fn ask(limit: Limit, cost: u64, want: u64) -> Ask {
    Ask {
        key: "s".to_owned().into(),
        limit,
        cost,
        want,
        owed: 0,
    }
}

#[test]
fn another_amount_measures_the_same_count() {
    let mut counter = Counter::default();
    counter.grant(&request(1), &minute(100), 90, NOW);
    assert_eq!(counter.remaining(&minute(100), NOW), 10);
    assert_eq!(
        counter.remaining(&minute(1_000), NOW),
        910,
        "raised: what was used stays used"
    );
    assert_eq!(
        counter.remaining(&minute(50), NOW),
        0,
        "lowered below use: nothing is left"
    );
}

#[test]
fn another_window_carries_what_was_used() {
    let mut counter = Counter::default();
    counter.grant(&request(1), &minute(100), 90, NOW);
    assert_eq!(counter.remaining(&hour(1_000), NOW), 910);
    counter.grant(&request(2), &hour(1_000), 10, NOW);
    assert_eq!(counter.remaining(&hour(1_000), NOW), 900);
    assert_eq!(
        counter.remaining(&minute(100), NOW),
        0,
        "changing back refills nothing"
    );
    let later = NOW.plus_ms(60_000);
    counter.settle(later);
    assert_eq!(
        counter.remaining(&hour(1_000), later),
        900,
        "the hour still runs"
    );
}

#[test]
fn a_block_comes_back_once() {
    let mut counter = Counter::default();
    counter.grant(&request(1), &minute(100), 40, NOW);
    counter.grant(&request(2), &minute(100), 30, NOW);
    let other = Holder::from_random(2);
    assert!(
        counter.take_back(&other, &give_back(1, 40), NOW) == 0,
        "not its holder"
    );
    assert!(counter.take_back(&request(1).holder, &give_back(1, 1_000), NOW) > 0);
    assert_eq!(
        counter.remaining(&minute(100), NOW),
        70,
        "no more than was granted"
    );
    assert!(
        counter.take_back(&request(1).holder, &give_back(1, 40), NOW) == 0,
        "sent twice"
    );
    assert_eq!(counter.remaining(&minute(100), NOW), 70);
}

/// A message that the network delivered twice used to return the spent part of a block as well.
#[test]
fn a_part_that_comes_back_twice_counts_once() {
    let mut counter = Counter::default();
    counter.grant(&request(1), &minute(100), 40, NOW);
    assert!(counter.take_back(&request(1).holder, &give_back(1, 15), NOW) > 0);
    assert!(counter.take_back(&request(1).holder, &give_back(1, 15), NOW) == 0);
    assert_eq!(counter.remaining(&minute(100), NOW), 75, "25 were spent");
}

#[test]
fn a_block_of_an_ended_window_stays_debited() {
    let mut counter = Counter::default();
    counter.grant(&request(1), &minute(100), 40, NOW);
    counter.grant(&request(2), &hour(100), 10, NOW);
    let later = NOW.plus_ms(60_000);
    assert!(counter.take_back(&request(1).holder, &give_back(1, 40), later) == 0);
    assert_eq!(counter.remaining(&hour(100), later), 50);
}

#[test]
fn a_carried_count_keeps_what_comes_back() {
    let mut counter = Counter::default();
    counter.grant(&request(1), &hour(100), 40, NOW);
    let later = NOW.plus_ms(10);
    counter.grant(&request(2), &minute(100), 10, later);
    assert!(counter.take_back(&request(1).holder, &give_back(1, 40), later) > 0);
    assert_eq!(counter.remaining(&hour(100), later), 90);
    assert_eq!(
        counter.remaining(&minute(100), later),
        50,
        "it opened after the block was granted"
    );
}

#[test]
fn a_forgotten_block_stays_debited() {
    let mut counter = Counter::default();
    for number in 0..=BLOCKS_KEPT as u64 {
        counter.grant(&request(number), &minute(1_000), 2, NOW);
    }
    assert!(counter.take_back(&request(0).holder, &give_back(0, 2), NOW) == 0);
    assert!(
        counter
            .granted_before(&request(0), &minute(1_000), NOW)
            .is_none()
    );
    assert_eq!(
        counter.granted_before(&request(5), &minute(1_000), NOW),
        Some((2, Window::at(&minute(1_000), NOW).end))
    );
    assert!(
        counter
            .granted_before(&request(5), &minute(999), NOW)
            .is_none(),
        "another policy"
    );
}

#[test]
fn blocks_shrink_towards_exhaustion() {
    let cases = [
        ("small limits one by one", ask(minute(100), 1, 50), 100, 1),
        (
            "as wanted while there is plenty",
            ask(minute(10_000), 1, 60),
            9_000,
            60,
        ),
        (
            "a twentieth of the limit at most",
            ask(minute(2_000), 1, 500),
            2_000,
            100,
        ),
        (
            "an eighth of what remains",
            ask(minute(2_000), 1, 500),
            80,
            10,
        ),
        ("one near the end", ask(minute(2_000), 1, 500), 7, 1),
        (
            "never less than the call needs",
            ask(minute(2_000), 5, 500),
            7,
            5,
        ),
        ("never more than remains", ask(minute(2_000), 0, 500), 1, 1),
    ];
    for (case, ask, remaining, units) in cases {
        assert_eq!(block_units(&ask, remaining, ALONE), units, "{case}");
    }
}

#[test]
fn rows_read_back_as_they_were() {
    let mut counter = Counter::default();
    counter.grant(&request(1), &minute(100), 40, NOW);
    let row = serde_json::to_string(&counter).unwrap();
    assert_eq!(serde_json::from_str::<Counter>(&row).unwrap(), counter);
    assert_eq!(counter.last_seen(), NOW);
}

#[test]
fn blocks_of_many_holders_leave_some_for_all() {
    let ask = |limit: Limit| Ask {
        key: "s".to_owned().into(),
        limit,
        cost: 1,
        want: 5_000,
        owed: 0,
    };
    let fixed = Limit::new(Measure::Requests(60_000), 1, TimeUnit::Min);
    let rate = fixed.counted(Algorithm::Gcra { burst: 5_000 });
    let part = |holders: u32, of: u32| Part { holders, of };
    for (limit, part, units) in [
        (fixed, part(1, 8), 3_000),
        (fixed, part(1, 30), 2_000),
        (fixed, part(1, 1_000), 60),
        (fixed, part(125, 1_000), 3_000),
        (rate, part(1, 4), 937),
        (rate, part(1, 1_000), 2),
        (rate, part(125, 1_000), 312),
    ] {
        assert_eq!(block_units(&ask(limit), 60_000, part), units, "{part:?}");
    }
}
