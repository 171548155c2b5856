//! Calls that wait for each other, and holders that are too many for one owner.

use super::tests::{NOW, Pair, charge};
use super::*;
use crate::LimitShardState;

#[test]
fn calls_that_wait_send_one_message() {
    let mut pair = Pair::new();
    let charges = [charge("s", 5_000)];
    let Verdict::Missing(calls) = pair.book.admit(&charges, NOW) else {
        panic!("nothing held")
    };
    let Verdict::Awaited(turn) = pair.book.admit(&charges, NOW.plus_ms(10)) else {
        panic!("the first has asked")
    };
    assert!(pair.book.is_awaited(&turn, NOW.plus_ms(10)));
    pair.deliver(calls, NOW.plus_ms(20));
    assert!(!pair.book.is_awaited(&turn, NOW.plus_ms(20)));
    assert_eq!(pair.admitted(&charges, 9, NOW.plus_ms(20)), 9);
    assert_eq!(pair.calls, 1);
}

#[test]
fn an_answer_that_does_not_come_is_not_waited_for() {
    let mut pair = Pair::new();
    let charges = [charge("s", 5_000)];
    let Verdict::Missing(calls) = pair.book.admit(&charges, NOW) else {
        panic!("nothing held")
    };
    let late = NOW.plus_ms(250);
    assert!(matches!(
        pair.book.admit(&charges, late),
        Verdict::Missing(_)
    ));
    pair.book.unreachable(&calls[0], late);
    let verdict = pair.book.admit(&charges, late);
    assert!(
        matches!(verdict, Verdict::Admitted(_)),
        "by the local share"
    );
}

#[test]
fn who_waited_in_vain_asks_for_himself() {
    let mut pair = Pair::new();
    let Verdict::Missing(calls) = pair.book.admit(&[charge("s", 5_000)], NOW) else {
        panic!("nothing held")
    };
    let dear = Charge {
        cost: 200,
        ..charge("s", 5_000)
    };
    let dear = std::slice::from_ref(&dear);
    assert!(matches!(pair.book.admit(dear, NOW), Verdict::Awaited(_)));
    pair.deliver(calls, NOW);
    for _ in 0..2 {
        let verdict = pair.book.admit(dear, NOW);
        assert!(matches!(verdict, Verdict::Missing(_)), "each for itself");
    }
}

#[test]
fn of_small_limits_each_call_asks_for_its_own() {
    let mut pair = Pair::new();
    let charges = [charge("s", 10)];
    for _ in 0..3 {
        assert!(matches!(
            pair.book.admit(&charges, NOW),
            Verdict::Missing(_)
        ));
    }
}

#[test]
fn a_crowd_is_told_of_its_relays() {
    let mut pair = Pair::new();
    pair.owner = LimitShardState::default().relayed_from(2);
    let charges = [charge("s", 5_000)];
    assert_eq!(pair.admitted(&charges, 1, NOW), 1);
    pair.book = LeaseBook::new(Holder::from_random(2), 100);
    assert_eq!(pair.admitted(&charges, 1, NOW), 1);
    let Verdict::Missing(calls) = pair.book.admit(&[charge("t", 5_000)], NOW) else {
        panic!("nothing held")
    };
    assert!(calls[0].relay.is_some());
    pair.book.unreachable(&calls[0], NOW);
    let later = NOW.plus_ms(1_500);
    let Verdict::Missing(calls) = pair.book.admit(&[charge("t", 5_000)], later) else {
        panic!("nothing held")
    };
    assert_eq!(calls[0].relay, None, "past the one that failed");
}

#[test]
fn what_was_used_is_told_to_the_owner_itself() {
    let mut pair = Pair::new();
    pair.owner = LimitShardState::default().relayed_from(1);
    let bytes = charge("s", 5_000);
    assert_eq!(pair.admitted(std::slice::from_ref(&bytes), 1, NOW), 1);
    pair.book.settle(&bytes, 4_000, NOW);
    let due = pair.book.refill_due(NOW);
    assert_eq!((due.len(), due[0].relay), (1, None));
}

/// Ten calls that waited in vain took ten blocks with them, each for a minute.
#[test]
fn only_the_first_of_many_asks_for_a_block() {
    let mut pair = Pair::new();
    let charges = [charge("s", 5_000)];
    let Verdict::Missing(calls) = pair.book.admit(&charges, NOW) else {
        panic!("nothing held")
    };
    pair.deliver(calls, NOW);
    assert_eq!(pair.admitted(&charges, 78, NOW), 78, "all of it");
    let wants = [1, 2, 3].map(|_| match pair.book.admit(&charges, NOW) {
        Verdict::Missing(calls) => calls[0].request.asks[0].want,
        Verdict::Admitted(_) | Verdict::Denied(_) | Verdict::Awaited(_) => 0,
    });
    assert_eq!(wants, [1_248, 1, 1]);
}
