use model::{Limit, Measure, TimeUnit};

use super::*;
use crate::{GiveBack, Holder};

const NOW: Timestamp = Timestamp(1_763_949_990_000);

fn minute(amount: u64) -> Limit {
    Limit::new(Measure::Requests(amount), 1, TimeUnit::Min)
}

fn ask(key: &str, amount: u64, cost: u64) -> Ask {
    Ask {
        key: key.to_owned().into(),
        limit: minute(amount),
        cost,
        want: 8,
        owed: 0,
    }
}

fn request(number: u64, asks: Vec<Ask>) -> LeaseRequest {
    LeaseRequest {
        holder: Holder::from_random(7),
        number,
        asks,
        returns: Vec::new(),
        holders: 1,
    }
}

fn units(granting: &Granting) -> Vec<u64> {
    granting
        .reply
        .outcomes
        .iter()
        .map(|outcome| outcome.units)
        .collect()
}

#[test]
fn a_repeated_request_gets_the_same_block() {
    let mut state = LimitShardState::default();
    let first = state.grant(&request(1, vec![ask("s", 10, 1)]), NOW);
    let again = state.grant(&request(1, vec![ask("s", 10, 1)]), NOW.plus_ms(50));
    assert_eq!((units(&first), units(&again)), (vec![1], vec![1]));
    assert_eq!(again.reply.outcomes[0].remaining, 9, "debited once");
    assert!(again.persist.is_empty(), "nothing to write");
}

#[test]
fn a_refused_call_takes_nothing_elsewhere() {
    let mut state = LimitShardState::default();
    state.grant(&request(1, vec![ask("a", 1, 1)]), NOW);
    let both = state.grant(&request(2, vec![ask("s", 10, 1), ask("a", 1, 1)]), NOW);
    assert_eq!(units(&both), [0, 0]);
    assert!(!both.reply.outcomes[0].denied, "`s` has plenty");
    assert!(both.reply.outcomes[1].denied);
    assert_eq!(both.reply.outcomes[0].remaining, 10);
}

#[test]
fn refills_are_granted_each_by_itself() {
    let mut state = LimitShardState::default();
    state.grant(&request(1, vec![ask("a", 1, 1)]), NOW);
    let refill = state.grant(&request(2, vec![ask("s", 1_000, 0), ask("a", 1, 0)]), NOW);
    assert_eq!(units(&refill), [8, 0], "nobody waits for both");
}

#[test]
fn returned_units_are_granted_again() {
    let mut state = LimitShardState::default();
    let first = state.grant(&request(1, vec![ask("s", 1_000, 1)]), NOW);
    assert_eq!(first.reply.outcomes[0].remaining, 992);
    let mut second = request(2, vec![ask("t", 10, 1)]);
    second.returns = vec![GiveBack {
        key: "s".to_owned().into(),
        number: 1,
        units: 5,
    }];
    let granting = state.grant(&second, NOW);
    assert_eq!(
        granting
            .persist
            .iter()
            .filter(|p| matches!(p, Persist::Save { .. }))
            .count(),
        2
    );
    let late_copy = state.grant(&request(1, vec![ask("s", 1_000, 1)]), NOW);
    assert_eq!(
        units(&late_copy),
        [0],
        "its block is gone, and it gets no other"
    );
    let third = state.grant(&request(3, vec![ask("s", 1_000, 1)]), NOW);
    assert_eq!(third.reply.outcomes[0].remaining, 997 - 8);
}

#[test]
fn a_clock_that_steps_back_opens_no_spent_window() {
    let mut state = LimitShardState::default();
    state.grant(&request(1, vec![ask("s", 1, 1)]), NOW);
    let next_minute = NOW.plus_ms(60_000);
    state.grant(&request(2, vec![ask("s", 1, 1)]), next_minute);
    let back = state.grant(&request(3, vec![ask("s", 1, 1)]), NOW.plus_ms(1_000));
    assert_eq!(units(&back), [0], "it stands still instead");
    let much_later = next_minute.plus_ms(3_600_000);
    state.grant(&request(4, vec![ask("t", 1, 1)]), much_later);
    let put_right = state.grant(
        &request(5, vec![ask("u", 1, 1)]),
        next_minute.plus_ms(60_000),
    );
    assert_eq!(
        put_right.reply.outcomes[0].ends_in_ms, 30_000,
        "a clock put right is believed"
    );
}

#[test]
fn ended_counters_leave_the_store() {
    let mut state = LimitShardState::default();
    state.grant(&request(1, vec![ask("s", 5, 1)]), NOW);
    assert_eq!(state.len(), 1);
    let later = state.grant(&request(2, vec![ask("t", 5, 1)]), NOW.plus_ms(120_000));
    assert!(later.persist.contains(&Persist::Drop {
        key: "s".to_owned().into()
    }));
    assert!(
        later
            .persist
            .contains(&Persist::Clock(NOW.plus_ms(120_000)))
    );
    assert_eq!(state.len(), 1, "only `t`");
}

#[test]
fn an_unreadable_row_closes_the_object() {
    let rows = vec![("s".to_owned(), "{}".to_owned())];
    let error = LimitShardState::restore(rows, None).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the stored counter `s` cannot be read; delete its row to reset it"
    );
}

#[test]
fn malformed_requests_are_named() {
    let holder = "0".repeat(65);
    let cases = [
        ("{", "EOF while parsing an object"),
        (r#"{"h":"a","n":1,"a":[],"zzz":1}"#, "unknown field `zzz`"),
        (r#"{"h":"","n":1,"a":[]}"#, "`h` is not 1 to 64 bytes long"),
        (
            &format!(r#"{{"h":"{holder}","n":1,"a":[]}}"#),
            "`h` is not 1 to 64 bytes long",
        ),
        (
            &with_asks(33, |place| place.to_string()),
            "`a` has more than 32 entries",
        ),
        (
            &with_asks(2, |_| "s".to_owned()),
            "`a` names a counter twice",
        ),
        (
            &with_asks(1, |_| "s".repeat(201)),
            "`k` is longer than 200 bytes",
        ),
    ];
    for (body, reason) in cases {
        let error = LeaseRequest::parse(body.as_bytes())
            .unwrap_err()
            .to_string();
        assert!(error.contains(reason), "{error} should say {reason}");
    }
    assert!(LeaseRequest::parse(with_asks(32, |place| place.to_string()).as_bytes()).is_ok());
}

fn with_asks(count: usize, key: impl Fn(usize) -> String) -> String {
    let ask = |place| {
        let key = key(place);
        format!(
            r#"{{"k":"{key}","l":{{"measure":{{"requests":5}},"unit_time":1,"time_unit":"min"}},"c":1,"w":1}}"#
        )
    };
    let asks: Vec<String> = (0..count).map(ask).collect();
    format!(r#"{{"h":"a","n":1,"a":[{}]}}"#, asks.join(","))
}

/// The store, as far as bills are concerned: sums, and the counters' rows.
#[derive(Default)]
struct Sums(Vec<(String, i64)>);

impl Sums {
    fn add(&mut self, persist: Vec<Persist>) {
        for change in persist {
            if let Persist::Debit { debited, .. } = change {
                self.0.push((debited.0.to_string(), debited.1));
            }
        }
    }
}

fn debited(state: &LimitShardState, month: &str) -> Vec<i64> {
    state.debited_in(month).map(|(_, units)| units).collect()
}

/// Bills add these up: what is granted once, and not what is asked again or given back.
#[test]
fn debits_of_subscriptions_are_told_once() {
    let mut state = LimitShardState::default();
    let key = CounterKey::subscription(&"app".into(), &"api".into());
    let mut owing = ask(key.as_str(), 1_000, 0);
    (owing.want, owing.owed) = (0, 3);
    let mut second = request(2, vec![ask("t", 10, 1)]);
    second.returns = vec![GiveBack {
        key: key.clone(),
        number: 1,
        units: 5,
    }];
    let asks = vec![ask(key.as_str(), 1_000, 1), ask("a:app:ann", 1_000, 1)];
    let third = request(3, vec![owing]);
    for (request, sum) in [(request(1, asks), 8), (second, 3), (third, 6)] {
        for _ in 0..2 {
            state.grant(&request, NOW);
            assert_eq!(debited(&state, "2025-11"), [sum]);
        }
    }
    assert!(debited(&state, "2025-12").is_empty());
}

/// A row that goes, and a month that ends, leave what was debited in the store.
#[test]
fn debits_outlive_their_counters() {
    let mut state = LimitShardState::default();
    let key = CounterKey::subscription(&"app".into(), &"api".into());
    let mut sums = Sums::default();
    let mut number = 0;
    let mut grant = |state: &mut LimitShardState, key: &str, now| {
        number += 1;
        state
            .grant(&request(number, vec![ask(key, 1_000, 1)]), now)
            .persist
    };
    let december = Timestamp(1_764_547_200_000);
    sums.add(grant(&mut state, key.as_str(), NOW));
    sums.add(grant(&mut state, "t", NOW.plus_ms(120_000)));
    assert_eq!(sums.0, [("2025-11".to_owned(), 8)], "the minute is over");
    sums.add(grant(&mut state, key.as_str(), december.plus_ms(-1)));
    let saved = |(key, counter): (&CounterKey, &Counter)| {
        (key.to_string(), serde_json::to_string(counter).unwrap())
    };
    let restored = LimitShardState::restore(state.counters.iter().map(saved), None).unwrap();
    assert_eq!(debited(&restored, "2025-11"), [8], "a restart knows it");
    sums.add(grant(&mut state, key.as_str(), december));
    assert_eq!(sums.0.last(), Some(&("2025-11".to_owned(), 8)));
    assert_eq!(debited(&state, "2025-12"), [8]);
    let keys = vec![key];
    sums.add(state.reset(&ResetRequest { keys }, december));
    assert_eq!(sums.0.last(), Some(&("2025-12".to_owned(), 8)));
}
