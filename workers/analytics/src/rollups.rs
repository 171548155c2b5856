//! Rows by minute, hour and day in each series, and the names of what they count. A batch takes a handful of statements,
//! whatever it brings: each is given all its rows as one JSON text, since a statement costs more than the rows it writes.

use std::collections::BTreeMap;

use model::{ApiId, ApplicationId, Timestamp};
use runtime::{Failure, Outcome};
use serde::Deserialize;
use serde_json::{Value, json};
use usage::{
    Bound, Closed, Level, Names, Parts, Query, Rows, Series, Sketch, Step, Store, Sums, TABLES,
    Tables, selects,
};
use wasm_bindgen::JsValue;
use worker::{SqlStorage, SqlStorageValue};

use crate::{ask::unreadable, lines::lines};

/// Numbers of series in the store.
pub(crate) type Ids = BTreeMap<(Level, Series), i64>;

/// The `series` and `rollup` tables, the coarse ones beside them, and the `name` table.
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
type Row<'a> = (i64, Step, Timestamp, &'a mut Sums);

/// A series, and its level.
type Known = (Level, Series);

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
        let mut all = Ids::new();
        for tables in [Tables::of(Level::Full), Tables::of(Level::Whole)] {
            let is_here = |level: Level| Tables::of(level) == tables;
            let unknown: Vec<&Known> = rows
                .keys()
                .filter(|it| is_here(it.0) && !known.contains_key(*it))
                .collect();
            let learned = self.ids(tables, &unknown)?;
            let mut found: Vec<Row<'_>> = Vec::new();
            for (series, times) in rows.iter_mut().filter(|(it, _)| is_here(it.0)) {
                let id = known.get(series).or_else(|| learned.get(series));
                let id =
                    *id.ok_or_else(|| Failure::Internal("a series has no number".to_owned()))?;
                found.extend(
                    times
                        .iter_mut()
                        .map(|((step, start), counts)| (id, *step, *start, counts)),
                );
            }
            for part in found.chunks_mut(ROWS_AT_ONCE) {
                self.merge_sketches(tables, part)?;
                let is_coarse = tables == Tables::of(Level::Whole);
                let values: Vec<Value> = part.iter().map(|it| written(it, is_coarse)).collect();
                let (more, sums) = if is_coarse {
                    (MORE, MORE_SUMS)
                } else {
                    ("", "")
                };
                let add = format!("INSERT INTO {} {ADD}{more} {ADDED}{sums}", tables.rows);
                self.sql.exec(&add, vec![text(&values)])?;
            }
            all.extend(learned);
        }
        Ok(all)
    }

    /// The numbers of series, which get one where they have none.
    fn ids(&self, tables: Tables, series: &[&Known]) -> Outcome<Ids> {
        let is_coarse = tables == Tables::of(Level::Whole);
        let (level, value, same) = if is_coarse {
            (
                ", level",
                ", value ->> 12",
                "s.level = wanted.value ->> 12 AND ",
            )
        } else {
            ("", "", "")
        };
        let add = format!(
            "INSERT OR IGNORE INTO {} ({SERIES}{level}) SELECT {VALUES}{value} FROM json_each(?)",
            tables.series
        );
        let find = format!(
            "SELECT wanted.key AS place, s.id AS id FROM json_each(?) AS wanted JOIN {} AS s ON {same}{SAME}",
            tables.series
        );
        let mut ids = Ids::new();
        for part in series.chunks(ROWS_AT_ONCE) {
            let values: Vec<Value> = part.iter().map(|it| identity(it)).collect();
            self.sql.exec(&add, vec![text(&values)])?;
            let found: Vec<Placed> = self.sql.exec(&find, vec![text(&values)])?.to_array()?;
            for row in found {
                if let Some(series) = part.get(row.place as usize) {
                    ids.insert((*series).clone(), row.id as i64);
                }
            }
        }
        Ok(ids)
    }

    fn merge_sketches(&self, tables: Tables, rows: &mut [Row<'_>]) -> Outcome<()> {
        let keys: Vec<Value> = rows
            .iter()
            .map(|(id, step, start, _)| json!([step.number(), id, start.0]))
            .collect();
        let find = format!(
            "SELECT wanted.key AS place, r.total AS total, r.upstream AS upstream \
             FROM json_each(?) AS wanted CROSS JOIN {} AS r \
             ON r.step = wanted.value ->> 0 AND r.series = wanted.value ->> 1 AND r.start = wanted.value ->> 2",
            tables.rows
        );
        let stored: Vec<Sketches> = self.sql.exec(&find, vec![text(&keys)])?.to_array()?;
        for held in stored {
            if let Some((.., sums)) = rows.get_mut(held.place as usize) {
                let counts = &mut sums.counts;
                counts.total.merge(&sketch(&held.total)?);
                counts.upstream.merge(&sketch(&held.upstream)?);
            }
        }
        Ok(())
    }

    /// The parts of an answer, as lines; those of times that are over are found once, and kept in `closed`.
    pub(crate) fn read(
        &self,
        query: &Query,
        closed: &mut Closed,
        now: Timestamp,
    ) -> Outcome<String> {
        let scans = selects(query, self.store()?)
            .map_err(|invalid| Failure::because("400", invalid.to_string()))?;
        let mut text = String::new();
        for scan in scans {
            text.push('\n');
            if let Some(found) = closed.get(&scan.select) {
                text.push_str(found);
                continue;
            }
            let values: Vec<JsValue> = scan.select.values.iter().map(bound).collect();
            let found = lines(self.sql, &scan.select.sql, &values)?;
            let found = Parts::merge_lines(&found, query).map_err(unreadable)?;
            text.push_str(&found);
            closed.keep(scan.select, scan.span, found, now);
        }
        Ok(text)
    }

    fn store(&self) -> Outcome<Store> {
        #[derive(Deserialize)]
        struct Told {
            series: f64,
            since: f64,
        }
        let told: Vec<Told> = self.sql.exec(STORE, None)?.to_array()?;
        let told = told.first();
        Ok(Store {
            series: told.map_or(0, |it| it.series as u64),
            coarse_since: Timestamp(told.map_or(0, |it| it.since as i64)),
        })
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
            for forget in FORGET {
                let values = vec![step.number().into(), before.0.into()];
                self.sql.exec(forget, values)?;
            }
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

fn identity((level, it): &Known) -> Value {
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
        level.number(),
    ])
}

fn written((id, step, start, sums): &Row<'_>, is_coarse: bool) -> Value {
    let counts = &sums.counts;
    let mut row = json!([
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
    ]);
    if let (true, Some(row)) = (is_coarse, row.as_array_mut()) {
        row.extend(
            [
                sums.successes,
                sums.auth_failures,
                sums.throttled,
                sums.upstream_failures,
                sums.other_failures,
            ]
            .map(Value::from),
        );
    }
    row
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

const SERIES: &str = "api, application, operation, plan, key_type, environment, status, error, kind, country, agent, \
    limited";
const VALUES: &str = "value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, \
    value ->> 7, value ->> 8, value ->> 9, value ->> 10, value ->> 11";
const SAME: &str = "s.api = wanted.value ->> 0 AND s.application = wanted.value ->> 1 AND s.operation = wanted.value ->> 2 \
    AND s.plan = wanted.value ->> 3 AND s.key_type = wanted.value ->> 4 AND s.environment = wanted.value ->> 5 \
    AND s.status = wanted.value ->> 6 AND s.error = wanted.value ->> 7 AND s.country = wanted.value ->> 9 \
    AND s.agent = wanted.value ->> 10 AND s.limited = wanted.value ->> 11";
/// Numbers are added to those that are stored; sketches were added up before, and take the place of those.
const ADD: &str = "SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, \
    value ->> 5, value ->> 6, value ->> 7, value ->> 8, value ->> 9, value ->> 10, value ->> 11, value ->> 12, \
    value ->> 13, value ->> 14";
const ADDED: &str = "FROM json_each(?) WHERE true ON CONFLICT (step, series, start) DO UPDATE SET \
    requests = requests + excluded.requests, request_bytes = request_bytes + excluded.request_bytes, \
    response_bytes = response_bytes + excluded.response_bytes, counter_calls = counter_calls + excluded.counter_calls, \
    retries = retries + excluded.retries, wait_ms = wait_ms + excluded.wait_ms, \
    cache_hits = cache_hits + excluded.cache_hits, cache_misses = cache_misses + excluded.cache_misses, \
    total_ms = total_ms + excluded.total_ms, upstream_ms = upstream_ms + excluded.upstream_ms, \
    total = excluded.total, upstream = excluded.upstream";
const MORE: &str = ", value ->> 15, value ->> 16, value ->> 17, value ->> 18, value ->> 19";
const MORE_SUMS: &str = ", successes = successes + excluded.successes, \
    auth_failures = auth_failures + excluded.auth_failures, throttled = throttled + excluded.throttled, \
    upstream_failures = upstream_failures + excluded.upstream_failures, \
    other_failures = other_failures + excluded.other_failures";
const STORE: &str = "SELECT (SELECT COALESCE(MAX(id), 0) FROM series) AS series, (SELECT MAX(at) FROM coarse_since) AS since";
const FORGET: [&str; 2] = [
    "DELETE FROM rollup WHERE step = ?1 AND series IN (SELECT id FROM series) AND start < ?2",
    "DELETE FROM coarse_rollup WHERE step = ?1 AND series IN (SELECT id FROM coarse_series) AND start < ?2",
];
const SAVE_NAME: &str = "INSERT OR REPLACE INTO name VALUES (?, ?, ?, ?)";
/// The platform's SQLite takes texts of two megabytes; these are some 300 KB.
const ROWS_AT_ONCE: usize = 1_000;
/// A month of minutes can be asked for, and the same month of last year be compared with.
const KEPT_DAYS: [(Step, i64); 3] = [(Step::Minute, 35), (Step::Hour, 400), (Step::Day, 400)];
