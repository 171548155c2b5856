use super::*;
use crate::{Filter, Granularity, Quality, answer, roll_up};

const NOON: i64 = 1_763_985_600_000;

fn event(more: &str) -> Event {
    let api = r#"{"i":"pets","n":"Pets","v":"1.0.0","c":"/pets/1.0.0","u":"admin","k":"HTTP"}"#;
    let text = format!(
        r#"{{"t":{NOON},"id":"c","o":"acme","e":"Default","a":{api},"m":"GET","r":"/pet",{more}}}"#
    );
    serde_json::from_str(&text).unwrap()
}

fn query() -> Query {
    Query {
        granularity: Granularity::Hour,
        group_by: vec![Dimension::Api, Dimension::Status],
        ..Query::of("acme".into(), Timestamp(NOON), Timestamp(NOON + 3_600_000))
    }
}

#[test]
fn a_point_fits_into_the_engine() {
    let point = point(&event(
        r#""st":429,"l":120,"ul":7,"f":{"c":900804},"c":"CH""#,
    ));
    assert_eq!((point.blobs.len(), point.doubles.len()), (16, 17));
    assert!(point.blobs.len() <= 20 && point.doubles.len() <= 20);
    assert_eq!(point.blobs[0], "pets");
    assert_eq!(
        (
            point.blobs[7].as_str(),
            point.blobs[9].as_str(),
            point.blobs[10].as_str()
        ),
        ("4xx", "THROTTLED", "CH")
    );
    assert_eq!(
        (point.doubles[0], point.doubles[3], point.doubles[13]),
        (NOON as f64, 1.0, 120.0)
    );
}

#[test]
fn a_question_is_told_in_its_sql() {
    let mut query = query();
    query.filter = Filter::default().with(
        Dimension::Plan,
        vec!["Bob's".to_owned(), "back\\slash".to_owned()],
    );
    let found = statements(&query, "postern_events").latencies;
    let expected = "SELECT intDiv(double1, 3600000) * 3600000 AS t, blob1 AS d0, blob7 AS d1, double16 AS bucket, \
        SUM(_sample_interval) AS n FROM postern_events WHERE index1 = 'acme' AND timestamp >= toDateTime(1763985000) \
        AND timestamp < toDateTime(1763989800) AND double1 >= 1763985600000 AND double1 < 1763989200000 \
        AND blob4 IN ('Bob''s') GROUP BY t, d0, d1, bucket FORMAT JSON";
    assert_eq!(found, expected);
    query.filter = Filter::default().with(Dimension::Plan, Vec::new());
    assert!(
        statements(&query, "postern_events")
            .sums
            .contains("AND 1 = 0")
    );
}

/// In the engine's own form: whole numbers of 64 bits as texts, others as numbers.
#[test]
fn a_recorded_answer_is_read_with_its_sampling() {
    let numbers: String = (1..15)
        .map(|n| format!(r#","n{n}":{}"#, if n == 1 { 30 } else { 0 }))
        .collect();
    let sums = format!(
        r#"{{"meta":[{{"name":"t","type":"Float64"}}],"data":[{{"t":{NOON},"d0":"pets","d1":"200","n0":"30"{numbers},"stored":"3","newest":{NOON}}}],"rows":1}}"#
    );
    let buckets = format!(
        r#"{{"data":[{{"t":{NOON},"d0":"pets","d1":"200","bucket":{},"n":"30"}}],"rows":1}}"#,
        Sketch::bucket(100)
    );
    let names = format!(
        r#"{{"data":[{{"api":"pets","name":"New","version":"2","application":"","called":"","t":{NOON}}},
            {{"api":"pets","name":"Old","version":"1","application":"","called":"","t":1}}]}}"#
    );
    let (query, mut parts) = (query(), Parts::default());
    assert_eq!(read_sums(&sums, &query, &mut parts), Ok(10.0));
    read_latencies(&buckets, &query, &mut parts).unwrap();
    read_names(&names, &mut parts).unwrap();
    let answer = answer(
        &query,
        &parts,
        None,
        Quality::of("analyticsEngine", parts.newest, 10.0),
    );
    let row = &answer.list[0];
    assert_eq!(
        (row.figures.requests, row.figures.successes, row.status),
        (30, 30, Some(200))
    );
    assert_eq!(row.api_name.as_deref(), Some("New"));
    let p95 = row.figures.latency.p95.unwrap();
    assert!((p95 - 100.0).abs() <= 2.0, "{p95}");
    for bad in ["", "{}", r#"{"data":[{"n0":true}]}"#] {
        assert_eq!(
            read_sums(bad, &query, &mut parts),
            Err(UnreadablePart),
            "{bad}"
        );
    }
}

/// What the engine adds up of points is what the embedded store adds up of rows.
#[test]
fn points_add_up_to_the_same_sums() {
    let events = [
        event(r#""st":200,"l":120,"ul":100,"rb":10,"x":{"h":"hit","rt":1}"#),
        event(r#""st":502,"l":3,"ul":2,"f":{"c":101503}"#),
    ];
    let query = Query::of("acme".into(), Timestamp(NOON), Timestamp(NOON + 60_000));
    let expected = Parts::of_rows(&roll_up(&events), &query);
    let mut sums = Sums::default();
    for point in events.iter().map(point) {
        sums.counts.requests += 1;
        for (number, double) in NUMBERS.iter().skip(1).zip(point.doubles.iter().skip(1)) {
            *(number.place)(&mut sums) += *double as u64;
        }
        sums.counts.total.add_bucket(point.doubles[15] as u16, 1);
        sums.counts.upstream.add_bucket(point.doubles[16] as u16, 1);
    }
    assert_eq!(Some(&sums), expected.cells.values().next());
}
