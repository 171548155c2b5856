//! Rows by minute, hour and day in each series, and the names of what they count. A batch takes a handful of statements,
//! whatever it brings: each is given all its rows as one JSON text, since a statement costs more than the rows it writes.

use std::collections::BTreeMap;

use model::{ApiId, ApplicationId, Timestamp};
use runtime::{Failure, Outcome};
use serde::Deserialize;
use serde_json::{Value, json};
use usage::{Bound, Counts, Names, Query, Rows, Series, Sketch, Step, TABLES, selects};
use wasm_bindgen::JsValue;
use worker::{SqlStorage, SqlStorageValue};

use crate::lines::lines;

/// Numbers of series in the store.
pub(crate) type Ids = BTreeMap<Series, i64>;

/// The `series`, `rollup` and `name` tables.
pub(crate) struct Rollups<'a> {
    sql: &'a SqlStorage,
}

#[derive(Deserialize)]
struct Placed {
    place: f64,
    id: f64,
}

#[derive(Deserialize)]
struct Sketches {
    place: f64,
    total: String,
    upstream: String,
}

#[derive(Deserialize)]
struct NameRow {
    kind: String,
    id: String,
    name: String,
    version: String,
}

#[derive(Deserialize)]
struct Found {
    found: f64,
}

/// A row to be written: number of its series, length, start, and what to add.
type Row<'a> = (i64, Step, Timestamp, &'a mut Counts);

impl<'a> Rollups<'a> {
    pub(crate) fn new(sql: &'a SqlStorage) -> Self {
        Self { sql }
    }

    pub(crate) fn create(&self) -> Outcome<()> {
        for table in TABLES {
            self.sql.exec(table, None)?;
        }
        Ok(())
    }

    /// Adds to the rows that are there. `known` are numbers that were found before; those that were found now come back.
    pub(crate) fn add(&self, rows: &mut Rows, known: &Ids) -> Outcome<Ids> {
        let unknown: Vec<&Series> = rows.keys().filter(|it| !known.contains_key(*it)).collect();
        let learned = self.ids(&unknown)?;
        let mut all: Vec<Row<'_>> = Vec::new();
        for (series, times) in rows {
            let id = known.get(series).or_else(|| learned.get(series));
            let id = *id.ok_or_else(|| Failure::Internal("a series has no number".to_owned()))?;
            all.extend(
                times
                    .iter_mut()
                    .map(|((step, start), counts)| (id, *step, *start, counts)),
            );
        }
        for part in all.chunks_mut(ROWS_AT_ONCE) {
            self.merge_sketches(part)?;
            let values: Vec<Value> = part.iter().map(written).collect();
            self.sql.exec(ADD, vec![text(&values)])?;
        }
        Ok(learned)
    }

    /// The numbers of series, which get one where they have none.
    fn ids(&self, series: &[&Series]) -> Outcome<Ids> {
        let mut ids = Ids::new();
        for part in series.chunks(ROWS_AT_ONCE) {
            let values: Vec<Value> = part.iter().map(|it| identity(it)).collect();
            self.sql.exec(ADD_SERIES, vec![text(&values)])?;
            let found: Vec<Placed> = self
                .sql
                .exec(FIND_SERIES, vec![text(&values)])?
                .to_array()?;
            for row in found {
                if let Some(series) = part.get(row.place as usize) {
                    ids.insert((*series).clone(), row.id as i64);
                }
            }
        }
        Ok(ids)
    }

    fn merge_sketches(&self, rows: &mut [Row<'_>]) -> Outcome<()> {
        let keys: Vec<Value> = rows
            .iter()
            .map(|(id, step, start, _)| json!([step.number(), id, start.0]))
            .collect();
        let stored: Vec<Sketches> = self
            .sql
            .exec(FIND_SKETCHES, vec![text(&keys)])?
            .to_array()?;
        for held in stored {
            if let Some((.., counts)) = rows.get_mut(held.place as usize) {
                counts.total.merge(&sketch(&held.total)?);
                counts.upstream.merge(&sketch(&held.upstream)?);
            }
        }
        Ok(())
    }

    /// The parts of an answer, as lines.
    pub(crate) fn read(&self, query: &Query) -> Outcome<String> {
        let count: Vec<Found> = self
            .sql
            .exec("SELECT COALESCE(MAX(id), 0) AS found FROM series", None)?
            .to_array()?;
        let series = count.first().map_or(0, |row| row.found as u64);
        let selects = selects(query, series)
            .map_err(|invalid| Failure::because("400", invalid.to_string()))?;
        let mut text = String::new();
        for select in selects {
            let values: Vec<JsValue> = select.values.iter().map(bound).collect();
            text.push('\n');
            text.push_str(&lines(self.sql, &select.sql, &values)?);
        }
        Ok(text)
    }

    /// Every name that an event has told.
    pub(crate) fn names(&self) -> Outcome<Names> {
        let rows: Vec<NameRow> = self
            .sql
            .exec("SELECT kind, id, name, version FROM name", None)?
            .to_array()?;
        let mut names = Names::default();
        for row in rows {
            if row.kind == "api" {
                names.apis.insert(ApiId(row.id), (row.name, row.version));
            } else {
                names.applications.insert(ApplicationId(row.id), row.name);
            }
        }
        Ok(names)
    }

    /// Writes the names that are new or changed.
    pub(crate) fn save_names(&self, known: &Names, learned: &Names) -> Outcome<()> {
        for (id, named) in &learned.apis {
            if known.apis.get(id) != Some(named) {
                self.save_name(["api", id.as_str(), &named.0, &named.1])?;
            }
        }
        for (id, name) in &learned.applications {
            if known.applications.get(id) != Some(name) {
                self.save_name(["application", id.as_str(), name, ""])?;
            }
        }
        Ok(())
    }

    /// Forgets minutes after 35 days, and hours and days after 400. Is anything left?
    pub(crate) fn prune(&self, now: Timestamp) -> Outcome<bool> {
        for (step, days) in KEPT_DAYS {
            let before = now.plus_ms(-days * Step::Day.length_ms());
            let values = vec![step.number().into(), before.0.into()];
            self.sql.exec(FORGET, values)?;
        }
        let left: Vec<Found> = self
            .sql
            .exec(
                "SELECT COUNT(*) AS found FROM (SELECT 1 FROM rollup LIMIT 1)",
                None,
            )?
            .to_array()?;
        Ok(left.iter().any(|row| row.found > 0.0))
    }

    fn save_name(&self, row: [&str; 4]) -> Outcome<()> {
        self.sql
            .exec(SAVE_NAME, row.map(SqlStorageValue::from).to_vec())?;
        Ok(())
    }
}

fn identity(it: &Series) -> Value {
    json!([
        it.api,
        it.application,
        it.operation,
        it.plan,
        it.key_type,
        it.environment,
        it.status,
        it.error,
        it.kind(),
        it.country,
        it.agent,
        it.limit,
    ])
}

fn written((id, step, start, counts): &Row<'_>) -> Value {
    json!([
        step.number(),
        id,
        start.0,
        counts.requests,
        counts.request_bytes,
        counts.response_bytes,
        counts.counter_calls,
        counts.retries,
        counts.wait_ms,
        counts.cache_hits,
        counts.cache_misses,
        counts.total_ms,
        counts.upstream_ms,
        counts.total.encode(),
        counts.upstream.encode(),
    ])
}

fn bound(value: &Bound) -> JsValue {
    match value {
        Bound::Integer(number) => JsValue::from_f64(*number as f64),
        Bound::Text(text) => JsValue::from_str(text),
    }
}

fn text(values: &[Value]) -> SqlStorageValue {
    Value::from(values).to_string().into()
}

fn sketch(text: &str) -> Outcome<Sketch> {
    Sketch::decode(text).map_err(|unreadable| Failure::Internal(unreadable.to_string()))
}

const ADD_SERIES: &str = "INSERT OR IGNORE INTO series (api, application, operation, plan, key_type, environment, \
    status, error, kind, country, agent, limited) \
    SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7, \
    value ->> 8, value ->> 9, value ->> 10, value ->> 11 FROM json_each(?)";
const FIND_SERIES: &str = "SELECT wanted.key AS place, s.id AS id FROM json_each(?) AS wanted JOIN series AS s \
    ON s.api = wanted.value ->> 0 AND s.application = wanted.value ->> 1 AND s.operation = wanted.value ->> 2 \
    AND s.plan = wanted.value ->> 3 AND s.key_type = wanted.value ->> 4 AND s.environment = wanted.value ->> 5 \
    AND s.status = wanted.value ->> 6 AND s.error = wanted.value ->> 7 AND s.country = wanted.value ->> 9 \
    AND s.agent = wanted.value ->> 10 AND s.limited = wanted.value ->> 11";
const FIND_SKETCHES: &str = "SELECT wanted.key AS place, r.total AS total, r.upstream AS upstream \
    FROM json_each(?) AS wanted CROSS JOIN rollup AS r \
    ON r.step = wanted.value ->> 0 AND r.series = wanted.value ->> 1 AND r.start = wanted.value ->> 2";
/// Numbers are added to those that are stored; sketches were added up before, and take the place of those.
const ADD: &str = "INSERT INTO rollup SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, \
    value ->> 5, value ->> 6, value ->> 7, value ->> 8, value ->> 9, value ->> 10, value ->> 11, value ->> 12, \
    value ->> 13, value ->> 14 FROM json_each(?) WHERE true ON CONFLICT (step, series, start) DO UPDATE SET \
    requests = requests + excluded.requests, request_bytes = request_bytes + excluded.request_bytes, \
    response_bytes = response_bytes + excluded.response_bytes, counter_calls = counter_calls + excluded.counter_calls, \
    retries = retries + excluded.retries, wait_ms = wait_ms + excluded.wait_ms, \
    cache_hits = cache_hits + excluded.cache_hits, cache_misses = cache_misses + excluded.cache_misses, \
    total_ms = total_ms + excluded.total_ms, upstream_ms = upstream_ms + excluded.upstream_ms, \
    total = excluded.total, upstream = excluded.upstream";
const FORGET: &str =
    "DELETE FROM rollup WHERE step = ?1 AND series IN (SELECT id FROM series) AND start < ?2";
const SAVE_NAME: &str = "INSERT OR REPLACE INTO name VALUES (?, ?, ?, ?)";
/// The platform's SQLite takes texts of two megabytes; these are some 300 KB.
const ROWS_AT_ONCE: usize = 1_000;
/// A month of minutes can be asked for, and the same month of last year be compared with.
const KEPT_DAYS: [(Step, i64); 3] = [(Step::Minute, 35), (Step::Hour, 400), (Step::Day, 400)];
