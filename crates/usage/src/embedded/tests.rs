use super::*;
use crate::Step;

const DAY: i64 = Step::Day.length_ms();

#[test]
fn texts_of_sketches_stay_small() {
    let mut query = Query::of("acme".into(), Timestamp(0), Timestamp(30 * DAY));
    let span = Span {
        step: Step::Day,
        from: Timestamp(0),
        to: Timestamp(30 * DAY),
    };
    assert_eq!(parts_of_a_cell(&query, span, 10), 1);
    assert_eq!(parts_of_a_cell(&query, span, 1_000), 4);
    query.granularity = Granularity::Day;
    assert_eq!(parts_of_a_cell(&query, span, 1_000), 1);
}

#[test]
fn narrows_by_values_and_never_by_text() {
    let mut query = Query::of("acme".into(), Timestamp(0), Timestamp(60_000));
    query.filter = query.filter.with(
        Dimension::Limit,
        vec!["'; DROP TABLE series; --".to_owned()],
    );
    let all = selects(&query, Store::default()).unwrap();
    let [Scan { select, .. }] = all.as_slice() else {
        panic!("one minute is one span");
    };
    assert!(
        select
            .sql
            .contains("s.limited IN (SELECT value FROM json_each(?4))")
    );
    assert!(!select.sql.contains("DROP"));
    assert_eq!(
        select.values.last(),
        Some(&Bound::Text(r#"["'; DROP TABLE series; --"]"#.to_owned()))
    );
}

#[test]
fn what_was_before_the_coarser_series_is_read_from_the_full_ones() {
    let query = Query::of("acme".into(), Timestamp(0), Timestamp(30 * DAY));
    let tables = |coarse_since: i64| -> Vec<(bool, i64)> {
        let store = Store {
            series: 1,
            coarse_since: Timestamp(coarse_since),
        };
        let scans = selects(&query, store).unwrap();
        let told = scans.iter().map(|scan| {
            let days = scan.span.to.ms_since(scan.span.from) / DAY;
            (scan.select.sql.contains("coarse_rollup"), days)
        });
        told.collect()
    };
    assert_eq!(tables(0), [(true, 30)]);
    assert_eq!(tables(10 * DAY), [(false, 10), (true, 20)]);
    assert_eq!(tables(40 * DAY), [(false, 30)]);
}

#[test]
fn counts_alone_read_no_sketch() {
    let mut query = Query::of("acme".into(), Timestamp(0), Timestamp(60_000));
    query.only_counts = true;
    let scans = selects(&query, Store::default()).unwrap();
    assert!(
        scans
            .iter()
            .all(|it| !it.select.sql.contains("group_concat"))
    );
}
