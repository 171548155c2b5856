//! The questions in the SQL of the embedded store: SQLite adds up, and says the parts of the answer as lines.
//!
//! Two tables: `series` has a row for each combination that occurred, `rollup` has its sums by length and start of time,
//! the rows of a series one behind the other. Sketches are put behind one another and added up by whoever reads the line.

use crate::{
    Dimension, InvalidQuery, Query, Span,
    parts::{NUMBERS, SEPARATOR},
};

/// A statement with its values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Select {
    /// SQL with numbered parameters.
    pub sql: String,
    /// Their values.
    pub values: Vec<Bound>,
}

/// A value of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bound {
    /// A number.
    Integer(i64),
    /// A text.
    Text(String),
}

/// The statements that answer a question; each row that they find is one line of [`crate::Parts::read`]. `series` is how
/// many there are in the store.
///
/// # Errors
/// [`InvalidQuery`] for a range that has no sensible answer.
pub fn selects(query: &Query, series: u64) -> Result<Vec<Select>, InvalidQuery> {
    let spans = query.spans()?;
    Ok(spans
        .into_iter()
        .map(|span| select(query, span, series))
        .collect())
}

fn select(query: &Query, span: Span, series: u64) -> Select {
    let mut values = vec![
        Bound::Integer(span.step.number()),
        Bound::Integer(span.from.0),
        Bound::Integer(span.to.0),
    ];
    let mut wanted = String::new();
    for (dimension, only) in &query.filter.only {
        values.push(Bound::Text(serde_json::json!(only).to_string()));
        wanted.push_str(&format!(
            " AND {} IN (SELECT value FROM json_each(?{}))",
            expression(*dimension),
            values.len()
        ));
    }
    let at = match query.granularity.length_ms() {
        None => "''".to_owned(),
        Some(length_ms) => format!("(r.start - r.start % {length_ms})"),
    };
    let mut cell = vec![at];
    cell.extend(query.group_by.iter().map(|it| expression(*it).to_owned()));
    let mut fields = cell.clone();
    fields.extend(NUMBERS.iter().map(|(sum, _)| format!("SUM({sum})")));
    fields.push("group_concat(r.total, '|')".to_owned());
    fields.push("group_concat(r.upstream, '|')".to_owned());
    let parts = parts_of_a_cell(query, span, series);
    if parts > 1 {
        cell.push(format!("s.id % {parts}"));
    }
    let sql = format!(
        "SELECT {} AS line FROM series AS s CROSS JOIN rollup AS r \
         ON r.step = ?1 AND r.series = s.id AND r.start >= ?2 AND r.start < ?3 \
         WHERE 1{wanted} GROUP BY {}",
        fields.join(&format!(" || char({}) || ", u32::from(SEPARATOR))),
        cell.join(", "),
    );
    Select { sql, values }
}

/// Texts of two megabytes are the most that the platform's SQLite makes: the sketches of a cell come in parts that stay
/// well below.
fn parts_of_a_cell(query: &Query, span: Span, series: u64) -> u64 {
    let length_ms = span.to.ms_since(span.from);
    let cell_ms = query
        .granularity
        .length_ms()
        .unwrap_or(length_ms)
        .min(length_ms);
    let rows = cell_ms / span.step.length_ms();
    let sketches = series.saturating_mul(u64::try_from(rows).unwrap_or(u64::MAX));
    1 + sketches / SKETCHES_IN_A_TEXT
}

const fn expression(dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::Api => "s.api",
        Dimension::Application => "s.application",
        Dimension::Operation => "s.operation",
        Dimension::Plan => "s.plan",
        Dimension::KeyType => "s.key_type",
        Dimension::Environment => "s.environment",
        Dimension::Status => "CAST(s.status AS TEXT)",
        Dimension::StatusClass => "((s.status / 100) || 'xx')",
        Dimension::Error => "CAST(s.error AS TEXT)",
        Dimension::ErrorType => "s.kind",
        Dimension::Country => "s.country",
        Dimension::Agent => "s.agent",
        Dimension::Limit => "s.limited",
    }
}

/// The tables and their indexes.
pub const TABLES: [&str; 4] = [
    "CREATE TABLE IF NOT EXISTS series (
        id INTEGER PRIMARY KEY, api TEXT NOT NULL, application TEXT NOT NULL, operation TEXT NOT NULL,
        plan TEXT NOT NULL, key_type TEXT NOT NULL, environment TEXT NOT NULL,
        status INTEGER NOT NULL, error INTEGER NOT NULL, kind TEXT NOT NULL,
        country TEXT NOT NULL, agent TEXT NOT NULL, limited TEXT NOT NULL,
        UNIQUE (api, application, operation, plan, key_type, environment, status, error, country, agent, limited))",
    "CREATE INDEX IF NOT EXISTS series_application ON series (application)",
    "CREATE TABLE IF NOT EXISTS rollup (
        step INTEGER NOT NULL, series INTEGER NOT NULL, start INTEGER NOT NULL,
        requests INTEGER NOT NULL, request_bytes INTEGER NOT NULL, response_bytes INTEGER NOT NULL,
        counter_calls INTEGER NOT NULL, retries INTEGER NOT NULL, wait_ms INTEGER NOT NULL,
        cache_hits INTEGER NOT NULL, cache_misses INTEGER NOT NULL,
        total_ms INTEGER NOT NULL, upstream_ms INTEGER NOT NULL, total TEXT NOT NULL, upstream TEXT NOT NULL,
        PRIMARY KEY (step, series, start)) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS name (
        kind TEXT NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL, version TEXT NOT NULL,
        PRIMARY KEY (kind, id)) WITHOUT ROWID",
];
/// Some 800 KB of sketches that are not small.
const SKETCHES_IN_A_TEXT: u64 = 8_000;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Granularity, Step};
    use model::Timestamp;

    #[test]
    fn texts_of_sketches_stay_small() {
        let day = Step::Day.length_ms();
        let mut query = Query::of("acme".into(), Timestamp(0), Timestamp(30 * day));
        let span = Span {
            step: Step::Day,
            from: Timestamp(0),
            to: Timestamp(30 * day),
        };
        assert_eq!(parts_of_a_cell(&query, span, 10), 1);
        assert_eq!(parts_of_a_cell(&query, span, 1_000), 4);
        query.granularity = Granularity::Day;
        assert_eq!(parts_of_a_cell(&query, span, 1_000), 1);
    }

    #[test]
    fn narrows_by_values_and_never_by_text() {
        let mut query = Query::of("acme".into(), Timestamp(0), Timestamp(60_000));
        query.filter = query
            .filter
            .with(Dimension::Plan, vec!["'; DROP TABLE series; --".to_owned()]);
        let all = selects(&query, 1).unwrap();
        let [select] = all.as_slice() else {
            panic!("one minute is one span");
        };
        assert!(
            select
                .sql
                .contains("s.plan IN (SELECT value FROM json_each(?4))")
        );
        assert!(!select.sql.contains("DROP"));
        assert_eq!(
            select.values.last(),
            Some(&Bound::Text(r#"["'; DROP TABLE series; --"]"#.to_owned()))
        );
    }
}
