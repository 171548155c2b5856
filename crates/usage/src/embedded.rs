//! The questions in the SQL of the embedded store: SQLite adds up, and says the parts of the answer as lines.
//!
//! Two tables: `series` has a row for each combination that occurred, `rollup` has its sums by length and start of time,
//! the rows of a series one behind the other. Two more have the same of coarser series ([`Level`]). Sketches are put
//! behind one another and added up by whoever reads the line.

use model::Timestamp;

use crate::{
    Dimension, Granularity, InvalidQuery, Level, Query, Span,
    parts::{NUMBERS, SEPARATOR},
};

/// A statement with its values.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Select {
    /// SQL with numbered parameters.
    pub sql: String,
    /// Their values.
    pub values: Vec<Bound>,
}

/// A value of a statement.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bound {
    /// A number.
    Integer(i64),
    /// A text.
    Text(String),
}

/// A statement, and which rows it reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scan {
    /// Which rows.
    pub span: Span,
    /// The statement; each row that it finds is one line of [`crate::Parts::read`].
    pub select: Select,
}

/// What a store says of itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Store {
    /// How many full series it has.
    pub series: u64,
    /// Since when it has coarser ones: the start of a day.
    pub coarse_since: Timestamp,
}

/// Where series and their rows are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tables {
    /// One row for each series.
    pub series: &'static str,
    /// Their sums.
    pub rows: &'static str,
}

impl Tables {
    /// Where those of a level are.
    #[must_use]
    pub const fn of(level: Level) -> Self {
        match level {
            Level::Full => Self {
                series: "series",
                rows: "rollup",
            },
            Level::Whole | Level::Client | Level::Application | Level::Api => Self {
                series: "coarse_series",
                rows: "coarse_rollup",
            },
        }
    }
}

/// The statements that answer a question.
///
/// # Errors
/// [`InvalidQuery`] for a range that has no sensible answer.
pub fn selects(query: &Query, store: Store) -> Result<Vec<Scan>, InvalidQuery> {
    let level = Level::of(query);
    let mut scans = Vec::new();
    for span in query.spans()? {
        // Every row begins on one side of the start of a day.
        let since = store.coarse_since.clamp(span.from, span.to);
        let (earlier, later) = (
            Span { to: since, ..span },
            Span {
                from: since,
                ..span
            },
        );
        for (level, span) in [(Level::Full, earlier), (level, later)] {
            if span.from < span.to {
                let select = select(query, span, level, store.series);
                scans.push(Scan { span, select });
            }
        }
    }
    Ok(scans)
}

fn select(query: &Query, span: Span, level: Level, series: u64) -> Select {
    let tables = Tables::of(level);
    let mut values = vec![
        Bound::Integer(span.step.number()),
        Bound::Integer(span.from.0),
        Bound::Integer(span.to.0),
    ];
    let mut wanted = String::new();
    if level != Level::Full {
        values.push(Bound::Integer(level.number()));
        wanted.push_str(" AND s.level = ?4");
    }
    for (dimension, only) in &query.filter.only {
        values.push(Bound::Text(serde_json::json!(only).to_string()));
        wanted.push_str(&format!(
            " AND {} IN (SELECT value FROM json_each(?{}))",
            expression(*dimension),
            values.len()
        ));
    }
    let mut fields = vec![at(query.granularity)];
    fields.extend(query.group_by.iter().map(|it| expression(*it).to_owned()));
    let cell = if query.granularity == Granularity::Total {
        "s.id".to_owned()
    } else {
        let mut cell = fields.clone();
        let parts = parts_of_a_cell(query, span, series);
        if level == Level::Full && parts > 1 {
            cell.push(format!("s.id % {parts}"));
        }
        cell.join(", ")
    };
    fields.extend(sums(query, level));
    let sql = format!(
        "SELECT {} AS line FROM {} AS s{} CROSS JOIN {} AS r \
         ON r.step = ?1 AND r.series = s.id AND r.start >= ?2 AND r.start < ?3 WHERE 1{wanted} GROUP BY {cell}",
        fields.join(&format!(" || char({}) || ", u32::from(SEPARATOR))),
        tables.series,
        order(query),
        tables.rows,
    );
    Select { sql, values }
}

fn at(granularity: Granularity) -> String {
    match granularity.length_ms() {
        None => "''".to_owned(),
        Some(length_ms) => format!("(r.start - r.start % {length_ms})"),
    }
}

/// The rows of a series are of one kind, so that where a line is of one series, its conditions need not be asked for
/// each row.
fn sums(query: &Query, level: Level) -> Vec<String> {
    let of_a_series = query.granularity == Granularity::Total;
    let mut fields: Vec<String> = NUMBERS
        .iter()
        .map(|it| match (it.only, of_a_series) {
            _ if level != Level::Full => format!("SUM(r.{})", it.coarse),
            ("", _) => format!("SUM(r.{})", it.column),
            (only, true) => format!("iif({only}, SUM(r.{}), 0)", it.column),
            (only, false) => format!("SUM(iif({only}, r.{}, 0))", it.column),
        })
        .collect();
    for sketch in ["total", "upstream"] {
        fields.push(if query.only_counts {
            "''".to_owned()
        } else {
            format!("group_concat(r.{sketch}, '|')")
        });
    }
    fields
}

/// A line for each series needs no sorting when series are read in the order of their numbers.
fn order(query: &Query) -> &'static str {
    let by_index = [Dimension::Api, Dimension::Application]
        .iter()
        .any(|it| query.filter.only.contains_key(it));
    if query.granularity == Granularity::Total && !by_index {
        " NOT INDEXED"
    } else {
        ""
    }
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

macro_rules! rows {
    ($name:literal, $more:literal) => {
        concat!(
            "CREATE TABLE IF NOT EXISTS ",
            $name,
            " (
        step INTEGER NOT NULL, series INTEGER NOT NULL, start INTEGER NOT NULL,
        requests INTEGER NOT NULL, request_bytes INTEGER NOT NULL, response_bytes INTEGER NOT NULL,
        counter_calls INTEGER NOT NULL, retries INTEGER NOT NULL, wait_ms INTEGER NOT NULL,
        cache_hits INTEGER NOT NULL, cache_misses INTEGER NOT NULL,
        total_ms INTEGER NOT NULL, upstream_ms INTEGER NOT NULL, total TEXT NOT NULL, upstream TEXT NOT NULL,",
            $more,
            "
        PRIMARY KEY (step, series, start)) WITHOUT ROWID"
        )
    };
}

/// The tables and their indexes, and since when there are coarser series: a store that had events before has them from
/// the day after the last of them.
pub const TABLES: [&str; 8] = [
    "CREATE TABLE IF NOT EXISTS series (
        id INTEGER PRIMARY KEY, api TEXT NOT NULL, application TEXT NOT NULL, operation TEXT NOT NULL,
        plan TEXT NOT NULL, key_type TEXT NOT NULL, environment TEXT NOT NULL,
        status INTEGER NOT NULL, error INTEGER NOT NULL, kind TEXT NOT NULL,
        country TEXT NOT NULL, agent TEXT NOT NULL, limited TEXT NOT NULL,
        UNIQUE (api, application, operation, plan, key_type, environment, status, error, country, agent, limited))",
    "CREATE INDEX IF NOT EXISTS series_application ON series (application)",
    rows!("rollup", ""),
    "CREATE TABLE IF NOT EXISTS coarse_series (
        id INTEGER PRIMARY KEY, level INTEGER NOT NULL, api TEXT NOT NULL, application TEXT NOT NULL,
        operation TEXT NOT NULL, plan TEXT NOT NULL, key_type TEXT NOT NULL, environment TEXT NOT NULL,
        status INTEGER NOT NULL, error INTEGER NOT NULL, kind TEXT NOT NULL,
        country TEXT NOT NULL, agent TEXT NOT NULL, limited TEXT NOT NULL,
        UNIQUE (level, api, application, operation, plan, key_type, environment, status, error, country, agent, limited))",
    rows!(
        "coarse_rollup",
        " successes INTEGER NOT NULL, auth_failures INTEGER NOT NULL, throttled INTEGER NOT NULL,
        upstream_failures INTEGER NOT NULL, other_failures INTEGER NOT NULL,"
    ),
    "CREATE TABLE IF NOT EXISTS coarse_since (at INTEGER NOT NULL)",
    "INSERT INTO coarse_since SELECT COALESCE((SELECT MAX(start) FROM rollup WHERE step = 2) + 86400000, 0) \
     WHERE NOT EXISTS (SELECT 1 FROM coarse_since)",
    "CREATE TABLE IF NOT EXISTS name (
        kind TEXT NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL, version TEXT NOT NULL,
        PRIMARY KEY (kind, id)) WITHOUT ROWID",
];
/// Some 800 KB of sketches that are not small.
const SKETCHES_IN_A_TEXT: u64 = 8_000;

#[cfg(test)]
mod tests;
