//! What is known only when a call ends: bytes of responses, mostly.

use super::tests::{NOW, Pair, charge, object};
use super::*;
use crate::{Persist, wire::LeaseRequest};

fn bytes(amount: u64) -> Charge {
    let limit = model::Limit::new(model::Measure::Bytes(amount), 1, model::TimeUnit::Min);
    Charge {
        limit,
        ..charge("b", amount)
    }
}

fn used(pair: &mut Pair, charge: &Charge) -> u64 {
    let mut probe = LeaseBook::new(Holder::from_random(99), 10);
    let Verdict::Missing(calls) = probe.admit(std::slice::from_ref(charge), NOW) else {
        panic!("a new book knows nothing")
    };
    let reply = pair.owner.clone().grant(&calls[0].request, NOW).reply;
    let Some(outcome) = reply.outcomes.first() else {
        panic!("one ask, one outcome")
    };
    crate::amount(&charge.limit) - outcome.units - outcome.remaining
}

#[test]
fn what_is_held_pays_first() {
    let mut pair = Pair::new();
    let charge = bytes(1_000);
    assert_eq!(pair.admitted(std::slice::from_ref(&charge), 1, NOW), 1);
    pair.book.settle(&charge, 10, NOW);
    assert_eq!(pair.book.refill_due(NOW), [], "the block had them");
    assert_eq!(used(&mut pair, &charge), 16, "one block was granted");
}

#[test]
fn the_rest_is_debited_with_the_next_message() {
    let mut pair = Pair::new();
    let charge = bytes(100_000);
    assert_eq!(pair.admitted(std::slice::from_ref(&charge), 1, NOW), 1);
    pair.book.settle(&charge, 5_000, NOW);
    let due = pair.book.refill_due(NOW);
    let owed: Vec<u64> = due[0].request.asks.iter().map(|ask| ask.owed).collect();
    assert_eq!(owed, [4_489], "512 were granted, of which the call had one");
    pair.deliver(due, NOW);
    let mut later = pair.book.clone();
    assert_eq!(later.refill_due(NOW), [], "owed once");
    assert!(used(&mut pair, &charge) >= 5_001);
}

#[test]
fn a_debit_sent_twice_counts_once() {
    let mut pair = Pair::new();
    let charge = bytes(1_000);
    assert_eq!(pair.admitted(std::slice::from_ref(&charge), 1, NOW), 1);
    pair.book.settle(&charge, 300, NOW);
    let due = pair.book.refill_due(NOW);
    let first = pair.owner.grant(&due[0].request, NOW);
    let again = pair.owner.grant(&due[0].request, NOW);
    assert!(
        first
            .persist
            .iter()
            .any(|it| matches!(it, Persist::Save { .. }))
    );
    assert!(again.persist.is_empty());
    assert_eq!(
        first.reply.outcomes[0].remaining,
        again.reply.outcomes[0].remaining
    );
}

#[test]
fn a_count_beyond_its_limit_refuses_everything() {
    let mut pair = Pair::new();
    let charge = bytes(1_000);
    assert_eq!(pair.admitted(std::slice::from_ref(&charge), 1, NOW), 1);
    pair.book.settle(&charge, 7_000, NOW);
    let due = pair.book.refill_due(NOW);
    pair.deliver(due, NOW);
    let calls = pair.calls;
    assert_eq!(pair.admitted(std::slice::from_ref(&charge), 5, NOW), 0);
    assert_eq!(pair.calls, calls, "the answer to the debit said so");
    assert_eq!(
        pair.admitted(std::slice::from_ref(&charge), 1, NOW.plus_ms(30_000)),
        1
    );
}

#[test]
fn a_debit_that_was_lost_is_sent_again() {
    let mut pair = Pair::new();
    let charge = bytes(100_000);
    assert_eq!(pair.admitted(std::slice::from_ref(&charge), 1, NOW), 1);
    pair.book.settle(&charge, 5_000, NOW);
    let due = pair.book.refill_due(NOW);
    pair.book.unreachable(&due[0], NOW);
    pair.book.settle(&charge, 1, NOW);
    assert_eq!(pair.book.refill_due(NOW), [], "its object is left alone");
    let later = NOW.plus_ms(1_500);
    pair.book.settle(&charge, 1, later);
    let asks = pair.book.refill_due(later).remove(0).request.asks;
    assert_eq!(asks[0].owed, 4_491);
}

#[test]
fn no_room_for_a_refill_loses_no_debit() {
    let mut pair = Pair::new();
    pair.book = LeaseBook::new(Holder::from_random(1), 1_000);
    let charges: Vec<Charge> = (0..40)
        .map(|place| charge(&format!("b{place}"), 100_000))
        .collect();
    for charge in &charges {
        pair.book.settle(charge, 3, NOW);
    }
    let due = pair.book.refill_due(NOW);
    assert_eq!(due.len(), 1);
    assert_eq!(due[0].request.asks.len(), LeaseRequest::MAX_ASKS);
    pair.book.settle(&charges[39], 4, NOW);
    let asks = pair.book.refill_due(NOW).remove(0).request.asks;
    assert_eq!((asks.len(), asks[0].owed), (1, 7));
    assert_eq!(object(), charges[0].object);
}

#[test]
fn a_call_of_unknown_cost_needs_something_left() {
    let mut pair = Pair::new();
    let free = Charge {
        cost: 0,
        ..bytes(10)
    };
    assert_eq!(pair.admitted(std::slice::from_ref(&free), 3, NOW), 3);
    pair.book.settle(&free, 10, NOW);
    let due = pair.book.refill_due(NOW);
    pair.deliver(due, NOW);
    assert_eq!(pair.admitted(std::slice::from_ref(&free), 3, NOW), 0);
}

#[test]
fn a_message_that_is_not_sent_changes_nothing() {
    let mut pair = Pair::new();
    let charge = bytes(1_000);
    assert_eq!(pair.admitted(std::slice::from_ref(&charge), 1, NOW), 1);
    pair.book.take_calls();
    pair.book.settle(&charge, 300, NOW);
    for call in pair.book.refill_due(NOW) {
        pair.book.unsent(&call);
    }
    for _ in 0..2 {
        let Verdict::Missing(calls) = pair.book.admit(std::slice::from_ref(&charge), NOW) else {
            panic!("what was held is used up, and nobody waits for an answer")
        };
        assert_eq!(calls[0].request.asks[0].owed, 285, "16 were granted");
        pair.book.unsent(&calls[0]);
    }
    assert_eq!(pair.book.take_calls(), 0);
}
