//! What an isolate makes of counters that were reset behind its back.

use model::{Limit, Measure, TimeUnit};

use super::tests::{NOW, Pair, charge};
use super::*;

#[test]
fn a_reset_is_noticed_within_five_seconds() {
    let mut pair = Pair::new();
    let limit = Limit::new(Measure::Requests(3), 1, TimeUnit::Hour);
    let charges = [Charge {
        limit,
        ..charge("s", 3)
    }];
    assert_eq!(pair.admitted(&charges, 9, NOW), 3);
    let reset = crate::ResetRequest {
        keys: vec![charges[0].key.clone()],
    };
    let persist = pair.owner.reset(&reset, NOW);
    assert_eq!(persist.len(), 2, "the row goes, the clock stays");
    let calls = pair.calls;
    for ms in [1_000, 4_999, 5_000] {
        assert_eq!(
            pair.admitted(&charges, 9, NOW.plus_ms(ms)),
            0,
            "still refused"
        );
    }
    let later = NOW.plus_ms(5_001);
    let due = pair.book.refill_due(later);
    assert_eq!(
        (due.len(), pair.calls),
        (1, calls),
        "asked once, and no call waited"
    );
    pair.deliver(due, later);
    assert_eq!(pair.admitted(&charges, 9, later), 3, "and not one more");
}

#[test]
fn a_minute_spent_is_not_asked_about() {
    let mut pair = Pair::new();
    let charges = [charge("s", 3)];
    assert_eq!(pair.admitted(&charges, 9, NOW), 3);
    for second in 1..30 {
        let now = NOW.plus_ms(second * 1_000);
        assert_eq!(pair.admitted(&charges, 9, now), 0);
        assert_eq!(pair.book.refill_due(now), []);
    }
}

#[test]
fn blocks_from_before_a_reset_do_not_come_back() {
    let mut pair = Pair::new();
    let charges = [charge("s", 5_000)];
    assert_eq!(pair.admitted(&charges, 1, NOW), 1);
    let reset = crate::ResetRequest {
        keys: vec![charges[0].key.clone()],
    };
    pair.owner.reset(&reset, NOW);
    let mut other = Pair::new();
    std::mem::swap(&mut other.owner, &mut pair.owner);
    other.book = LeaseBook::new(Holder::from_random(2), 10);
    assert_eq!(other.admitted(&charges, 20, NOW), 20);
    std::mem::swap(&mut other.owner, &mut pair.owner);
    let idle = NOW.plus_ms(11_000);
    assert_eq!(
        pair.admitted(&[charge("t", 5_000)], 1, idle),
        1,
        "its message brings back what lay idle"
    );
    let Verdict::Admitted(admitted) = pair.admit(&charges, idle) else {
        panic!("there is plenty")
    };
    let remaining = admitted.standings()[0].remaining;
    assert!(
        remaining <= 4_979,
        "twenty and one were used since: {remaining}"
    );
}

#[test]
fn a_reset_that_is_told_ends_a_denial_at_once() {
    let mut pair = Pair::new();
    let charges = [charge("s", 3)];
    assert_eq!(pair.admitted(&charges, 9, NOW), 3);
    let reset = crate::ResetRequest {
        keys: vec![charges[0].key.clone()],
    };
    pair.owner.reset(&reset, NOW);
    assert_eq!(
        pair.admitted(&charges, 9, NOW),
        0,
        "a minute is not doubted"
    );
    let [charge] = charges;
    let told = [Charge {
        resets: 1,
        ..charge
    }];
    assert_eq!(pair.admitted(&told, 9, NOW), 3);
    let calls = pair.calls;
    assert_eq!(
        (pair.admitted(&told, 9, NOW), pair.calls),
        (0, calls),
        "once"
    );
}
