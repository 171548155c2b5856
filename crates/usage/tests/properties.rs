//! Sketches add up and stay close; roll-ups lose nothing.
#![expect(
    clippy::expect_used,
    reason = "test code that clippy does not know as such"
)]

use model::Timestamp;
use proptest::prelude::*;
use usage::{
    Dimension, Event, Granularity, Level, Parts, Quality, Query, Sketch, Step, Sums, answer,
    roll_up,
};

fn values() -> impl Strategy<Value = Vec<u32>> {
    let value = prop_oneof![0..20_u32, 0..2_000_u32, 0..4_000_000_u32];
    proptest::collection::vec(value, 1..400)
}

fn sketch_of(values: &[u32]) -> Sketch {
    let mut sketch = Sketch::default();
    values.iter().for_each(|value| sketch.add(*value));
    sketch
}

proptest! {
    #[test]
    fn percentiles_are_within_two_percent(mut values in values(), fraction in 0.0..=1.0_f64) {
        let found = sketch_of(&values).quantile(fraction).expect("values were added");
        values.sort_unstable();
        let rank = (fraction * (values.len() - 1) as f64).floor() as usize;
        let exact = f64::from(values[rank]);
        prop_assert!((found - exact).abs() <= exact * 0.020_000_1, "{found} is not close to {exact}");
    }

    #[test]
    fn sketches_add_up(left in values(), right in values()) {
        let mut sum = sketch_of(&left);
        sum.merge(&sketch_of(&right));
        let all: Vec<u32> = left.iter().chain(&right).copied().collect();
        prop_assert_eq!(&sum, &sketch_of(&all));
        prop_assert_eq!(Sketch::decode(&sum.encode()), Ok(sum));
    }

    #[test]
    fn an_answer_counts_every_event_once(
        events in proptest::collection::vec((0..40_u64 * 3_600, 0..3_u8, 0..6_u8, 0..5_000_u32), 1..200),
        granularity in prop_oneof![
            Just(Granularity::Minute), Just(Granularity::Hour), Just(Granularity::Day), Just(Granularity::Total)
        ],
        from_s in 0..10_u64 * 3_600,
        length_s in 60..40_u64 * 3_600,
    ) {
        let events: Vec<Event> = events.into_iter().map(event).collect();
        let query = Query {
            granularity,
            group_by: vec![Dimension::Api, Dimension::Status],
            ..Query::of("acme".into(), at(from_s), at(from_s + length_s))
        };
        let parts = Parts::of_rows(&roll_up(&events), &query);
        let answer = answer(&query, &parts, None, Quality::default());
        let (from, to) = query.range();
        let expected = events.iter().filter(|event| from <= event.at && event.at < to).count();
        let counted: u64 = answer.list.iter().map(|row| row.figures.requests).sum();
        prop_assert_eq!(counted, expected as u64);
        prop_assert!(answer.list.iter().all(|row| row.figures.requests == row.figures.successes + row.figures.errors));
    }
}

proptest! {
    /// Whichever rows answer a question, they have counted the same calls.
    #[test]
    fn every_level_counts_every_event_once(
        events in proptest::collection::vec((0..40_u64 * 3_600, 0..3_u8, 0..6_u8, 0..5_000_u32), 1..100),
    ) {
        let events: Vec<Event> = events.into_iter().map(event).collect();
        let rows = roll_up(&events);
        let sums = |level: Level| {
            let mut sums: [Sums; 3] = Default::default();
            for ((of, _), times) in &rows {
                for ((step, _), more) in times.iter().filter(|_| *of == level) {
                    sums[step.number() as usize].merge(more);
                }
            }
            sums
        };
        let full = sums(Level::Full);
        prop_assert_eq!(full[0].counts.requests, events.len() as u64);
        for level in Level::COARSE {
            prop_assert_eq!(sums(level), full.clone());
        }
    }
}

#[test]
fn rows_start_with_their_minute_and_hour() {
    let moment = Timestamp(1_763_949_990_123);
    assert_eq!(Step::Minute.start_of(moment), Timestamp(1_763_949_960_000));
    assert_eq!(Step::Hour.start_of(moment), Timestamp(1_763_949_600_000));
}

fn at(seconds: u64) -> Timestamp {
    Timestamp(1_763_942_400_000 + seconds as i64 * 1_000)
}

fn event((seconds, api, outcome, total_ms): (u64, u8, u8, u32)) -> Event {
    let (status, fault) = match outcome {
        0 => (401, Some(900_902)),
        1 => (429, Some(900_804)),
        2 => (500, None),
        _ => (200, None),
    };
    let json = serde_json::json!({
        "t": at(seconds), "id": "c", "o": "acme", "e": "Default", "m": "GET", "r": "/pet",
        "a": {"i": format!("api{api}"), "n": "Pets", "v": "1", "c": "/pets/1", "u": "admin", "k": "HTTP"},
        "st": status, "l": total_ms, "f": fault.map(|code| serde_json::json!({"c": code})),
    });
    serde_json::from_value(json).expect("the shape of an event")
}
