//! The answer's words: names, kinds of errors, shapes.
#![expect(
    clippy::expect_used,
    reason = "test code that clippy does not know as such"
)]

use model::Timestamp;
use usage::{
    Batch, Category, Dimension, ErrorType, Event, Filter, Granularity, InvalidQuery, Names, Query,
    Step, roll_up, summarize,
};

const NOON: i64 = 1_763_985_600_000;

#[test]
fn rows_carry_names_and_kinds_of_errors() {
    let events = [
        event(r#""st":200,"l":10,"ul":4,"rb":100"#),
        event(r#""st":429,"l":1,"f":{"c":900804}"#),
        event(r#""st":401,"l":1,"f":{"c":900901}"#),
        event(r#""st":502,"l":30,"f":{"c":101503}"#),
        event(r#""st":404,"l":2,"f":{"c":404}"#),
        event(r#""st":500,"l":20,"ul":19"#),
    ];
    let mut names = Names::default();
    names
        .apis
        .insert("pets".into(), ("Pets".to_owned(), "1.0.0".to_owned()));
    let query = query(vec![Dimension::Api, Dimension::Operation]);
    let minutes = roll_up(&events)
        .into_iter()
        .filter(|(key, _)| key.step == Step::Minute);
    let answer = summarize(&query, minutes, &names);
    let row = &answer.list[0];
    assert_eq!(answer.count, 1);
    assert_eq!(row.api_name.as_deref(), Some("Pets"));
    assert_eq!(
        (row.method.as_deref(), row.template.as_deref()),
        (Some("GET"), Some("/pet/{id}"))
    );
    assert_eq!((row.requests, row.successes, row.errors), (6, 1, 5));
    let faults = (
        row.auth_failures,
        row.throttled,
        row.upstream_failures,
        row.other_failures,
    );
    assert_eq!(
        faults,
        (1, 1, 1, 1),
        "the upstream's own 500 is an error but no fault of ours"
    );
    assert_eq!(row.upstream_latency.mean, Some(11.5));
    assert_eq!(row.response_bytes, 100);
}

#[test]
fn a_row_has_the_documented_shape() {
    let query = query(vec![
        Dimension::Status,
        Dimension::Error,
        Dimension::Application,
    ]);
    let events = [event(r#""st":429,"l":0,"f":{"c":900804}"#)];
    let minutes = roll_up(&events)
        .into_iter()
        .filter(|(key, _)| key.step == Step::Minute);
    let answer = serde_json::to_value(summarize(&query, minutes, &Names::default())).unwrap();
    assert_eq!(
        answer["list"][0],
        serde_json::json!({
            "applicationId": "", "status": 429, "errorCode": 900_804, "errorType": "THROTTLED",
            "requests": 1, "successes": 0, "errors": 1, "authFailures": 0, "throttled": 1,
            "upstreamFailures": 0, "otherFailures": 0,
            "latency": {"p50": 0.0, "p95": 0.0, "p99": 0.0, "mean": 0.0}, "upstreamLatency": {},
            "requestBytes": 0, "responseBytes": 0, "counterCalls": 0,
        })
    );
    assert_eq!(answer["from"], "2025-11-24T12:00:00.000Z");
}

#[test]
fn ranges_without_an_answer_are_named() {
    let cases = [
        (
            NOON,
            NOON - 1,
            Granularity::Total,
            InvalidQuery::Backwards,
            "`to` is before `from`",
        ),
        (
            0,
            NOON,
            Granularity::Total,
            InvalidQuery::TooLong,
            "the range is longer than 400 days",
        ),
        (
            NOON,
            NOON + 40 * 86_400_000,
            Granularity::Minute,
            InvalidQuery::TooFine,
            "the range has more than 45000 points; choose a coarser `granularity`",
        ),
    ];
    for (from, to, granularity, invalid, words) in cases {
        let query = Query {
            from_ms: Timestamp(from),
            to_ms: Timestamp(to),
            granularity,
            ..query(Vec::new())
        };
        assert_eq!(query.spans(), Err(invalid));
        assert_eq!(invalid.to_string(), words);
    }
}

#[test]
fn an_event_reads_back_as_it_was() {
    let event = event(
        r#""st":429,"l":7,"f":{"c":900804},"p":{"i":"app","n":"App","u":"ann"},"k":"PRODUCTION""#,
    );
    let text = serde_json::to_string(&event).unwrap();
    assert_eq!(serde_json::from_str::<Event>(&text).unwrap(), event);
    assert_eq!(event.category(), Category::Fault);
    assert_eq!(event.error_type(), Some(ErrorType::Throttled));
    assert!(text.len() < 260, "{} bytes", text.len());
}

#[test]
fn a_batch_is_split_by_organization() {
    let mut other = event(r#""st":200,"l":1"#);
    other.organization = "umbrella".into();
    let events = vec![
        event(r#""st":200,"l":1"#),
        other,
        event(r#""st":200,"l":2"#),
    ];
    let parts = Batch {
        batch: "b".to_owned(),
        events,
    }
    .by_organization();
    let sizes: Vec<(&str, usize)> = parts
        .iter()
        .map(|(name, part)| (name.as_str(), part.events.len()))
        .collect();
    assert_eq!(sizes, [("acme", 2), ("umbrella", 1)]);
    let nameless = Batch {
        batch: String::new(),
        events: Vec::new(),
    };
    assert_eq!(
        nameless.fault().as_deref(),
        Some("`batch` is not 1 to 64 bytes long")
    );
}

fn query(group_by: Vec<Dimension>) -> Query {
    Query {
        organization: "acme".into(),
        from_ms: Timestamp(NOON),
        to_ms: Timestamp(NOON + 60_000),
        granularity: Granularity::Total,
        filter: Filter::default(),
        group_by,
    }
}

fn event(more: &str) -> Event {
    let api = r#"{"i":"pets","n":"Pets","v":"1.0.0","c":"/pets/1.0.0","u":"admin","k":"HTTP"}"#;
    let text = format!(
        r#"{{"t":{NOON},"id":"c","o":"acme","e":"Default","a":{api},"m":"GET","r":"/pet/{{id}}",{more}}}"#
    );
    serde_json::from_str(&text).expect("the shape of an event")
}
