//! The same questions to Cloudflare's Analytics Engine: an event as a data point, a question as statements of its SQL, and
//! their results as parts.
//!
//! A point has what an event counts for in each dimension, the numbers that are added up, and the buckets of its
//! latencies; so percentiles come from the same sketches as in the embedded store. The engine keeps a sample where there
//! is much, and says of each point for how many it stands; that is what is added up.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use model::Timestamp;

use crate::{
    Cell, Dimension, Event, Parts, Query, Series, Sketch, Sums, UnreadablePart, parts::NUMBERS,
};

/// A data point as `writeDataPoint` takes it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// The organization: points are sampled by it, and each keeps its share.
    pub indexes: [String; 1],
    /// A text for each of [`Dimension::ALL`], and then the names of API, version and application.
    pub blobs: Vec<String>,
    /// When, the numbers in the order of a part, and the buckets of the latency and of the upstream's part of it.
    pub doubles: Vec<f64>,
}

/// The statements that answer a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statements {
    /// For [`read_sums`].
    pub sums: String,
    /// For [`read_latencies`].
    pub latencies: String,
    /// For [`read_upstream_latencies`].
    pub upstream_latencies: String,
    /// For [`read_names`].
    pub names: String,
}

/// The event as a point.
#[must_use]
pub fn point(event: &Event) -> Point {
    let series = Series::of(event);
    let mut sums = Sums::default();
    sums.counts.add(event);
    sums.tell(&series);
    let mut blobs: Vec<String> = Dimension::ALL.map(|it| series.value(it)).into();
    let api = event.api.as_ref();
    blobs.push(api.map(|it| it.name.clone()).unwrap_or_default());
    blobs.push(api.map(|it| it.version.clone()).unwrap_or_default());
    let application = event.application.as_ref();
    blobs.push(application.map(|it| it.name.clone()).unwrap_or_default());
    let mut doubles = vec![event.at.0 as f64];
    let numbers = NUMBERS.iter().skip(1);
    doubles.extend(numbers.map(|number| *(number.place)(&mut sums) as f64));
    doubles.push(f64::from(Sketch::bucket(event.total_ms)));
    doubles.push(
        event
            .upstream_ms
            .map_or(-1.0, |it| f64::from(Sketch::bucket(it))),
    );
    Point {
        indexes: [event.organization.as_str().to_owned()],
        blobs,
        doubles,
    }
}

/// The statements that answer `query` from the data set of this name, all but whether the query has an answer.
#[must_use]
pub fn statements(query: &Query, dataset: &str) -> Statements {
    let mut cell: Vec<(String, String)> = Vec::new();
    if let Some(length_ms) = query.granularity.length_ms() {
        let start = format!("intDiv(double1, {length_ms}) * {length_ms}");
        cell.push((start, "t".to_owned()));
    }
    for (place, dimension) in query.group_by.iter().enumerate() {
        cell.push((blob(*dimension), format!("d{place}")));
    }
    let wanted = wanted(query);
    let of = |more: Vec<(String, String)>, condition: &str, keys: usize| {
        let fields: Vec<(String, String)> = cell.iter().cloned().chain(more).collect();
        let named = fields
            .iter()
            .map(|(what, name)| format!("{what} AS {name}"));
        let keys: Vec<&str> = fields
            .iter()
            .take(cell.len() + keys)
            .map(|(_, name)| name.as_str())
            .collect();
        let group = if keys.is_empty() {
            String::new()
        } else {
            format!(" GROUP BY {}", keys.join(", "))
        };
        format!(
            "SELECT {} FROM {dataset} WHERE {wanted}{condition}{group} FORMAT JSON",
            named.collect::<Vec<_>>().join(", ")
        )
    };
    let bucket = |double: &str| {
        vec![
            (double.to_owned(), "bucket".to_owned()),
            ("SUM(_sample_interval)".to_owned(), "n".to_owned()),
        ]
    };
    Statements {
        sums: of(sums(), "", 0),
        latencies: of(bucket("double16"), "", 1),
        upstream_latencies: of(bucket("double17"), " AND double17 >= 0", 1),
        names: format!(
            "SELECT blob1 AS api, blob14 AS name, blob15 AS version, blob2 AS application, blob16 AS called, \
             MAX(double1) AS t FROM {dataset} WHERE {wanted} GROUP BY api, name, version, application, called \
             FORMAT JSON"
        ),
    }
}

/// Sums by cell; on average, one stored point stands for how many events?
///
/// # Errors
/// [`UnreadablePart`] for what the engine never says.
pub fn read_sums(text: &str, query: &Query, parts: &mut Parts) -> Result<f64, UnreadablePart> {
    let (mut events, mut stored) = (0.0, 0.0);
    for row in rows(text)? {
        let count = number(&row, "n0")?;
        if count == 0.0 {
            continue;
        }
        let mut sums = Sums::default();
        for (place, sum) in NUMBERS.iter().enumerate() {
            *(sum.place)(&mut sums) = number(&row, &format!("n{place}"))?.round() as u64;
        }
        events += count;
        stored += number(&row, "stored")?;
        let newest = Timestamp(number(&row, "newest")? as i64);
        parts.newest = parts.newest.max(Some(newest));
        parts
            .cells
            .entry(cell(&row, query)?)
            .or_default()
            .merge(&sums);
    }
    Ok(if stored > 0.0 { events / stored } else { 1.0 })
}

/// Latencies by cell and bucket.
///
/// # Errors
/// As [`read_sums`].
pub fn read_latencies(text: &str, query: &Query, parts: &mut Parts) -> Result<(), UnreadablePart> {
    read_buckets(text, query, parts, |sums| &mut sums.counts.total)
}

/// The upstream's part of them.
///
/// # Errors
/// As [`read_sums`].
pub fn read_upstream_latencies(
    text: &str,
    query: &Query,
    parts: &mut Parts,
) -> Result<(), UnreadablePart> {
    read_buckets(text, query, parts, |sums| &mut sums.counts.upstream)
}

/// Names of what the cells are about, as the newest event had them.
///
/// # Errors
/// As [`read_sums`].
pub fn read_names(text: &str, parts: &mut Parts) -> Result<(), UnreadablePart> {
    let mut found = rows(text)?;
    found.sort_by(|left, right| {
        let at = |row| number(row, "t").unwrap_or_default();
        at(left).total_cmp(&at(right))
    });
    for row in found {
        let (api, application) = (word(&row, "api")?, word(&row, "application")?);
        if !api.is_empty() {
            let named = (word(&row, "name")?, word(&row, "version")?);
            parts.names.apis.insert(api.into(), named);
        }
        if !application.is_empty() {
            let name = word(&row, "called")?;
            parts.names.applications.insert(application.into(), name);
        }
    }
    Ok(())
}

fn sums() -> Vec<(String, String)> {
    let mut fields = vec![("SUM(_sample_interval)".to_owned(), "n0".to_owned())];
    fields.extend((1..NUMBERS.len()).map(|place| {
        let double = place + 1;
        (
            format!("SUM(_sample_interval * double{double})"),
            format!("n{place}"),
        )
    }));
    fields.push(("COUNT()".to_owned(), "stored".to_owned()));
    fields.push(("MAX(double1)".to_owned(), "newest".to_owned()));
    fields
}

/// Which points: those of the organization and the range that pass the filter. A point is written some seconds after
/// its event; the engine finds points by that time.
fn wanted(query: &Query) -> String {
    let (from, to) = query.range();
    let mut conditions = vec![
        format!("index1 = {}", quoted(query.organization.as_str())),
        format!("timestamp >= toDateTime({})", from.seconds() - LATE_SECONDS),
        format!("timestamp < toDateTime({})", to.seconds() + LATE_SECONDS),
        format!("double1 >= {}", from.0),
        format!("double1 < {}", to.0),
    ];
    for (dimension, values) in &query.filter.only {
        let usable: Vec<String> = values
            .iter()
            .filter(|it| is_usable(it))
            .map(|it| quoted(it))
            .collect();
        conditions.push(if usable.is_empty() {
            "1 = 0".to_owned()
        } else {
            format!("{} IN ({})", blob(*dimension), usable.join(", "))
        });
    }
    conditions.join(" AND ")
}

fn read_buckets(
    text: &str,
    query: &Query,
    parts: &mut Parts,
    sketch: fn(&mut Sums) -> &mut Sketch,
) -> Result<(), UnreadablePart> {
    for row in rows(text)? {
        let (bucket, count) = (number(&row, "bucket")?, number(&row, "n")?);
        let sums = parts.cells.entry(cell(&row, query)?).or_default();
        sketch(sums).add_bucket(bucket as u16, count.round() as u64);
    }
    Ok(())
}

fn cell(row: &Map<String, Value>, query: &Query) -> Result<Cell, UnreadablePart> {
    let at = match query.granularity.length_ms() {
        None => None,
        Some(_) => Some(Timestamp(number(row, "t")? as i64)),
    };
    let values = (0..query.group_by.len()).map(|place| word(row, &format!("d{place}")));
    Ok(Cell {
        at,
        values: values.collect::<Result<_, _>>()?,
    })
}

fn rows(text: &str) -> Result<Vec<Map<String, Value>>, UnreadablePart> {
    #[derive(Deserialize)]
    struct Reply {
        data: Vec<Map<String, Value>>,
    }
    let reply: Reply = serde_json::from_str(text).map_err(|_| UnreadablePart)?;
    Ok(reply.data)
}

/// Whole numbers of 64 bits come as texts, and the sum of nothing as `null`.
fn number(row: &Map<String, Value>, name: &str) -> Result<f64, UnreadablePart> {
    match row.get(name).ok_or(UnreadablePart)? {
        Value::Null => Ok(0.0),
        Value::Number(number) => number.as_f64().ok_or(UnreadablePart),
        Value::String(text) => text.parse().map_err(|_| UnreadablePart),
        Value::Bool(_) | Value::Array(_) | Value::Object(_) => Err(UnreadablePart),
    }
}

fn word(row: &Map<String, Value>, name: &str) -> Result<String, UnreadablePart> {
    let text = row.get(name).and_then(Value::as_str);
    text.map(str::to_owned).ok_or(UnreadablePart)
}

fn blob(dimension: Dimension) -> String {
    let place = Dimension::ALL.iter().position(|it| *it == dimension);
    format!("blob{}", place.unwrap_or_default() + 1)
}

/// Dialects differ in what a backslash means: a value with one is looked for in none.
fn is_usable(value: &str) -> bool {
    !value.contains('\\') && !value.chars().any(char::is_control)
}

fn quoted(value: &str) -> String {
    format!("'{}'", value.replace('\'', "''").replace('\\', ""))
}

const LATE_SECONDS: i64 = 600;

#[cfg(test)]
mod tests;
