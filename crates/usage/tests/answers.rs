//! The answer's words: names, kinds of errors, shapes.
#![expect(
    clippy::expect_used,
    reason = "test code that clippy does not know as such"
)]

use model::Timestamp;
use usage::{
    Answer, Batch, Category, Dimension, ErrorType, Event, Filter, Granularity, InvalidQuery, Names,
    Parts, Quality, Query, Rank, answer, roll_up,
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
    let parts = Parts {
        names,
        ..Parts::of_rows(&roll_up(&events), &query)
    };
    let answer = answer(&query, &parts, None, Quality::default());
    let row = &answer.list[0];
    assert_eq!(answer.count, 1);
    assert_eq!(row.api_name.as_deref(), Some("Pets"));
    assert_eq!(
        (row.method.as_deref(), row.template.as_deref()),
        (Some("GET"), Some("/pet/{id}"))
    );
    assert_eq!(
        (
            row.figures.requests,
            row.figures.successes,
            row.figures.errors
        ),
        (6, 1, 5)
    );
    let faults = (
        row.figures.auth_failures,
        row.figures.throttled,
        row.figures.upstream_failures,
        row.figures.other_failures,
    );
    assert_eq!(
        faults,
        (1, 1, 1, 1),
        "the upstream's own 500 is an error but no fault of ours"
    );
    assert_eq!(row.figures.upstream_latency.mean, Some(11.5));
    assert_eq!(row.figures.response_bytes, 100);
}

#[test]
fn a_row_has_the_documented_shape() {
    let query = query(vec![
        Dimension::Status,
        Dimension::Error,
        Dimension::Application,
    ]);
    let events = [event(r#""st":429,"l":0,"f":{"c":900804}"#)];
    let answer = serde_json::to_value(of_events(&events, &query)).unwrap();
    assert_eq!(
        answer["list"][0],
        serde_json::json!({
            "applicationId": "", "status": 429, "errorCode": 900_804, "errorType": "THROTTLED",
            "requests": 1, "successes": 0, "errors": 1, "authFailures": 0, "throttled": 1,
            "upstreamFailures": 0, "otherFailures": 0,
            "latency": {"p50": 0.0, "p95": 0.0, "p99": 0.0, "mean": 0.0}, "upstreamLatency": {},
            "requestBytes": 0, "responseBytes": 0, "counterCalls": 0, "retries": 0, "waitMs": 0,
            "cacheHits": 0, "cacheMisses": 0,
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
fn a_batch_is_split_by_organization_and_month() {
    let mut other = event(r#""st":200,"l":1"#);
    other.organization = "umbrella".into();
    let mut later = event(r#""st":200,"l":1"#);
    later.at = Timestamp(NOON + 30 * 86_400_000);
    let events = vec![
        event(r#""st":200,"l":1"#),
        other,
        event(r#""st":200,"l":2"#),
        later,
    ];
    let parts = Batch {
        batch: "b".to_owned(),
        events,
    }
    .by_store();
    let sizes: Vec<(&str, &str, usize)> = parts
        .iter()
        .map(|((name, month), part)| (name.as_str(), month.as_str(), part.events.len()))
        .collect();
    let expected = [
        ("acme", "2025-11", 2),
        ("acme", "2025-12", 1),
        ("umbrella", "2025-11", 1),
    ];
    assert_eq!(sizes, expected);
    let nameless = Batch {
        batch: String::new(),
        events: Vec::new(),
    };
    assert_eq!(
        nameless.fault().as_deref(),
        Some("`batch` is not 1 to 64 bytes long")
    );
}

#[test]
fn the_first_groups_stay_and_the_total_counts_all() {
    let events = [
        event(r#""st":200,"l":10,"c":"CH""#),
        event(r#""st":200,"l":10,"c":"CH""#),
        event(r#""st":500,"l":900,"c":"DE""#),
        event(r#""st":200,"l":10,"c":"FR""#),
    ];
    let mut query = query(vec![Dimension::Country]);
    query.top = Some(1);
    for (order_by, first) in [
        (Rank::Requests, "CH"),
        (Rank::Errors, "DE"),
        (Rank::Latency, "DE"),
    ] {
        query.order_by = order_by;
        let answer = of_events(&events, &query);
        assert_eq!(answer.list[0].country.as_deref(), Some(first));
        assert_eq!(
            (answer.count, answer.omitted, answer.total.requests),
            (1, 2, 4)
        );
    }
}

#[test]
fn the_range_before_is_told_beside() {
    let now = [event(r#""st":200,"l":10"#), event(r#""st":200,"l":10"#)];
    let mut earlier = event(r#""st":404,"l":5,"f":{"c":404}"#);
    earlier.at = Timestamp(NOON - 1);
    let query = query(vec![Dimension::Api]);
    let rows = roll_up(&[now[0].clone(), now[1].clone(), earlier]);
    let parts = Parts::of_rows(&rows, &query);
    let before = Parts::of_rows(&rows, &query.before());
    let answer = answer(&query, &parts, Some(&before), Quality::default());
    let row = &answer.list[0];
    let previous = row.previous.as_ref().unwrap();
    assert_eq!((row.figures.requests, row.figures.errors), (2, 0));
    assert_eq!((previous.requests, previous.errors), (1, 1));
    assert_eq!(answer.previous_total.unwrap().requests, 1);
}

#[test]
fn a_filter_only_ever_narrows() {
    let events = [event(r#""st":200,"l":1"#), event(r#""st":404,"l":1"#)];
    let mut query = query(Vec::new());
    for (only, expected) in [
        (vec!["200"], 1),
        (vec!["200", "404"], 2),
        (vec!["500"], 0),
        (vec![], 0),
    ] {
        let values = only.iter().map(|it| (*it).to_owned()).collect();
        query.filter = Filter::default().with(Dimension::Status, values);
        assert_eq!(
            of_events(&events, &query).total.requests,
            expected,
            "{only:?}"
        );
    }
    let own = Filter::default().with(Dimension::Application, vec!["mine".to_owned()]);
    let asked = own.with(Dimension::Application, vec!["other".to_owned()]);
    assert_eq!(asked.only.get(&Dimension::Application), Some(&Vec::new()));
}

#[test]
fn other_percentiles_are_told_by_their_number() {
    let mut query = query(Vec::new());
    query.percentiles = vec![75.0, 99.9];
    let answer = of_events(&[event(r#""st":200,"l":100"#)], &query);
    let names: Vec<&str> = answer
        .total
        .latency
        .percentiles
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(names, ["75", "99.9"]);
    query.percentiles = vec![100.0];
    assert_eq!(query.spans(), Err(InvalidQuery::Percentile));
}

fn of_events(events: &[Event], query: &Query) -> Answer {
    let parts = Parts::of_rows(&roll_up(events), query);
    answer(query, &parts, None, Quality::default())
}

fn query(group_by: Vec<Dimension>) -> Query {
    Query {
        group_by,
        ..Query::of("acme".into(), Timestamp(NOON), Timestamp(NOON + 60_000))
    }
}

fn event(more: &str) -> Event {
    let api = r#"{"i":"pets","n":"Pets","v":"1.0.0","c":"/pets/1.0.0","u":"admin","k":"HTTP"}"#;
    let text = format!(
        r#"{{"t":{NOON},"id":"c","o":"acme","e":"Default","a":{api},"m":"GET","r":"/pet/{{id}}",{more}}}"#
    );
    serde_json::from_str(&text).expect("the shape of an event")
}
