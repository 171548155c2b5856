use model::{FailureMode, Limit, Measure, TimeUnit};

use super::*;
use crate::{CounterKey, LimitShardState, Stage};

/// 30 s before a minute ends.
pub(super) const NOW: Timestamp = Timestamp(1_763_949_990_000);

/// A book and the owner it asks, without a network between them.
pub(super) struct Pair {
    pub(super) book: LeaseBook,
    pub(super) owner: LimitShardState,
    pub(super) calls: usize,
}

impl Pair {
    pub(super) fn new() -> Self {
        let book = LeaseBook::new(Holder::from_random(1), 100);
        Self {
            book,
            owner: LimitShardState::default(),
            calls: 0,
        }
    }

    /// Asks as often as it takes.
    pub(super) fn admit(&mut self, charges: &[Charge], now: Timestamp) -> Verdict {
        for _ in 0..3 {
            let verdict = self.book.admit(charges, now);
            let Verdict::Missing(calls) = verdict else {
                return verdict;
            };
            self.deliver(calls, now);
        }
        panic!("still missing after three rounds");
    }

    pub(super) fn deliver(&mut self, calls: Vec<LeaseCall>, now: Timestamp) {
        for call in calls {
            self.calls += 1;
            let reply = self.owner.grant(&call.request, now).reply;
            self.book.receive(&call, &reply, now, now);
        }
    }

    /// Calls admitted until the first denial, at most `most`.
    pub(super) fn admitted(&mut self, charges: &[Charge], most: usize, now: Timestamp) -> usize {
        (0..most)
            .take_while(|_| matches!(self.admit(charges, now), Verdict::Admitted(_)))
            .count()
    }
}

pub(super) fn object() -> ObjectName {
    ObjectName::of_application(&"acme".into(), &"app".into())
}

pub(super) fn charge(key: &str, amount: u64) -> Charge {
    let limit = Limit::new(Measure::Requests(amount), 1, TimeUnit::Min);
    Charge {
        stage: Stage::Subscription,
        object: object(),
        key: CounterKey::from(key.to_owned()),
        policy: "Gold".into(),
        limit,
        cost: 1,
        enforced: true,
        on_failure: FailureMode::Local,
        resets: 0,
    }
}

#[test]
fn no_limits_need_no_owner() {
    let mut pair = Pair::new();
    assert!(matches!(pair.book.admit(&[], NOW), Verdict::Admitted(_)));
}

#[test]
fn ten_of_ten_are_admitted_then_denied() {
    let mut pair = Pair::new();
    let charges = [charge("s", 10)];
    assert_eq!(pair.admitted(&charges, 100, NOW), 10);
    let Verdict::Denied(denied) = pair.admit(&charges, NOW) else {
        panic!("over")
    };
    assert_eq!(denied.refusal, Refusal::Exhausted);
    assert_eq!(denied.retry_at, NOW.plus_ms(30_000));
    assert_eq!(
        (denied.standing.remaining, denied.standing.stage.code()),
        (0, 900_804)
    );
    assert_eq!(pair.calls, 11, "the denial is remembered");
    assert_eq!(
        (pair.book.take_calls(), pair.book.take_calls()),
        (11, 0),
        "each call is told of once"
    );
    assert_eq!(
        pair.admitted(&charges, 100, NOW.plus_ms(30_000)),
        10,
        "the next window is full"
    );
}

#[test]
fn all_limits_are_checked_before_any_is_spent() {
    let mut pair = Pair::new();
    assert_eq!(pair.admitted(&[charge("a", 3)], 9, NOW), 3);
    let both = [charge("s", 10), charge("a", 3)];
    assert!(matches!(pair.admit(&both, NOW), Verdict::Denied(_)));
    assert_eq!(
        pair.admitted(&[charge("s", 10)], 99, NOW),
        10,
        "`s` was not touched"
    );
}

#[test]
fn one_call_carries_all_limits_of_an_object() {
    let mut pair = Pair::new();
    let mut charges = vec![charge("s", 5_000), charge("a", 5_000), charge("sb", 5_000)];
    charges.push(Charge {
        object: ObjectName::of_api(&"acme".into(), &"pets".into()),
        ..charge("p", 5_000)
    });
    let Verdict::Missing(calls) = pair.book.admit(&charges, NOW) else {
        panic!("nothing held")
    };
    let asks: Vec<usize> = calls.iter().map(|call| call.request.asks.len()).collect();
    assert_eq!(asks, [3, 1]);
}

#[test]
fn the_next_block_is_asked_for_before_the_last_is_spent() {
    let mut pair = Pair::new();
    let charges = [charge("s", 50_000)];
    let mut waited = 0;
    for step in 0..2_000 {
        let now = NOW.plus_ms(step * 10);
        if let Verdict::Missing(calls) = pair.book.admit(&charges, now) {
            waited += 1;
            pair.deliver(calls, now);
            assert!(matches!(pair.admit(&charges, now), Verdict::Admitted(_)));
        }
        let refills = pair.book.refill_due(now);
        pair.deliver(refills, now);
    }
    assert_eq!(waited, 1, "only the first call waited");
    assert!(pair.calls <= 20, "{} calls for 2,000 requests", pair.calls);
}

#[test]
fn a_reply_counts_once() {
    let mut pair = Pair::new();
    let charges = [charge("s", 10)];
    let Verdict::Missing(calls) = pair.book.admit(&charges, NOW) else {
        panic!("nothing held")
    };
    let reply = pair.owner.grant(&calls[0].request, NOW).reply;
    pair.book.receive(&calls[0], &reply, NOW, NOW);
    pair.book.receive(&calls[0], &reply, NOW, NOW);
    assert!(matches!(
        pair.book.admit(&charges, NOW),
        Verdict::Admitted(_)
    ));
    assert!(matches!(
        pair.book.admit(&charges, NOW),
        Verdict::Missing(_)
    ));
}

#[test]
fn a_block_dies_with_its_window() {
    let mut pair = Pair::new();
    let charges = [charge("s", 5_000)];
    assert!(matches!(pair.admit(&charges, NOW), Verdict::Admitted(_)));
    let last = NOW.plus_ms(29_999);
    assert!(matches!(
        pair.book.admit(&charges, last),
        Verdict::Admitted(_)
    ));
    let next = NOW.plus_ms(30_000);
    assert!(matches!(
        pair.book.admit(&charges, next),
        Verdict::Missing(_)
    ));
}

#[test]
fn a_late_reply_shortens_the_block() {
    let mut pair = Pair::new();
    let charges = [charge("s", 5_000)];
    let Verdict::Missing(calls) = pair.book.admit(&charges, NOW) else {
        panic!("nothing held")
    };
    let reply = pair.owner.grant(&calls[0].request, NOW).reply;
    // Sent at NOW, answered 31 s later: the window, 30 s long then, is over.
    let late = NOW.plus_ms(31_000);
    pair.book.receive(&calls[0], &reply, NOW, late);
    assert!(matches!(
        pair.book.admit(&charges, late),
        Verdict::Missing(_)
    ));
}

#[test]
fn idle_blocks_go_back_with_the_next_message() {
    let mut pair = Pair::new();
    pair.admit(&[charge("s", 5_000)], NOW);
    let later = NOW.plus_ms(10_000);
    let Verdict::Missing(calls) = pair.book.admit(&[charge("t", 5_000)], later) else {
        panic!("nothing held of `t`")
    };
    let returns = &calls[0].request.returns;
    assert_eq!(
        (returns.len(), returns[0].key.as_str(), returns[0].units),
        (1, "s", 77)
    );
    pair.deliver(calls, later);
    assert_eq!(
        pair.owner.grant(&probe("s"), later).reply.outcomes[0].remaining,
        5_000 - 1 - 1
    );
}

#[test]
fn more_limits_than_a_message_holds_are_all_counted() {
    let mut pair = Pair::new();
    pair.book = LeaseBook::new(Holder::from_random(1), 1_000);
    let mut charges: Vec<Charge> = (0..80)
        .map(|place| charge(&format!("c{place}"), 3))
        .collect();
    assert_eq!(pair.admitted(&charges, 9, NOW), 3);
    // The last of them is beyond what two messages hold.
    charges[79].limit.measure = Measure::Requests(4);
    charges.drain(..79);
    assert_eq!(pair.admitted(&charges, 9, NOW), 1);
}

#[test]
fn another_policy_drops_blocks_and_denials() {
    let mut pair = Pair::new();
    assert_eq!(pair.admitted(&[charge("s", 5)], 99, NOW), 5);
    assert_eq!(
        pair.admitted(&[charge("s", 8)], 99, NOW),
        3,
        "what was used stays used"
    );
    assert_eq!(pair.admitted(&[charge("s", 6)], 99, NOW), 0);
}

#[test]
fn calls_beyond_a_soft_limit_pass_and_are_marked() {
    let mut pair = Pair::new();
    let soft = [Charge {
        enforced: false,
        ..charge("s", 2)
    }];
    for expected in [None, None, Some("Gold"), Some("Gold")] {
        let Verdict::Admitted(admitted) = pair.admit(&soft, NOW) else {
            panic!("refused")
        };
        assert_eq!(admitted.over_usage(), expected);
    }
}

#[test]
fn an_owner_out_of_reach_leaves_it_to_the_policy() {
    for (mode, expected) in [
        (FailureMode::Closed, 0),
        (FailureMode::Local, 10),
        (FailureMode::Open, 50),
    ] {
        let mut book = LeaseBook::new(Holder::from_random(1), 100);
        let charges = [Charge {
            on_failure: mode,
            ..charge("s", 100)
        }];
        let mut admitted = 0;
        for _ in 0..50 {
            match book.admit(&charges, NOW) {
                Verdict::Admitted(proof) => {
                    assert!(proof.is_degraded());
                    admitted += 1;
                }
                Verdict::Denied(denied) => assert_eq!(denied.refusal, Refusal::Unreachable),
                Verdict::Missing(calls) => {
                    calls.iter().for_each(|call| book.unreachable(call, NOW))
                }
                Verdict::Awaited(_) => panic!("nobody else asks"),
            }
        }
        // The first round found out that nobody answers.
        let expected = if mode == FailureMode::Open {
            expected - 1
        } else {
            expected
        };
        assert_eq!(admitted, expected, "{mode:?}");
        let later = NOW.plus_ms(1_000);
        assert!(
            matches!(book.admit(&charges, later), Verdict::Missing(_)),
            "a second later it asks again"
        );
    }
}

#[test]
fn a_reply_of_another_length_is_no_reply() {
    let mut pair = Pair::new();
    let charges = [Charge {
        on_failure: FailureMode::Closed,
        ..charge("s", 10)
    }];
    let Verdict::Missing(calls) = pair.book.admit(&charges, NOW) else {
        panic!("nothing held")
    };
    pair.book.receive(
        &calls[0],
        &LeaseReply {
            outcomes: Vec::new(),
            relays: 0,
        },
        NOW,
        NOW,
    );
    assert!(matches!(pair.book.admit(&charges, NOW), Verdict::Denied(_)));
}

#[test]
fn memory_is_bounded_and_use_keeps_an_entry() {
    let mut pair = Pair::new();
    let kept = [charge("kept", 5_000)];
    pair.admit(&kept, NOW);
    for place in 0..10_000 {
        pair.admit(&[charge(&format!("u:{place}"), 5_000)], NOW);
        if place % 10 == 0 {
            assert!(pair.book.entries.get(&object(), &kept[0].key).is_some());
        }
    }
    assert!(pair.book.entries.len() <= 100);
}

#[test]
fn a_clock_far_back_forfeits_every_block() {
    let mut pair = Pair::new();
    let charges = [charge("s", 5_000)];
    pair.admit(&charges, NOW);
    assert!(matches!(
        pair.book.admit(&charges, NOW.plus_ms(-4_000)),
        Verdict::Admitted(_)
    ));
    assert!(matches!(
        pair.book.admit(&charges, NOW.plus_ms(-6_000)),
        Verdict::Missing(_)
    ));
}

fn probe(key: &str) -> LeaseRequest {
    let limit = charge(key, 5_000).limit;
    let ask = Ask {
        key: key.to_owned().into(),
        limit,
        cost: 1,
        want: 1,
        owed: 0,
    };
    LeaseRequest {
        holder: Holder::from_random(9),
        number: 1,
        asks: vec![ask],
        returns: Vec::new(),
        holders: 1,
    }
}
