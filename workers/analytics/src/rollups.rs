//! Rows by minute and hour, and the names of what they count.

use std::collections::BTreeMap;

use model::{ApiId, ApplicationId, Timestamp};
use runtime::{Failure, Outcome};
use serde::Deserialize;
use usage::{Counts, Filter, Names, RowKey, Sketch, Span, Step, StoredRow};
use worker::{SqlStorage, SqlStorageValue};

/// The `rollup` and `name` tables.
pub(crate) struct Rollups<'a> {
    sql: &'a SqlStorage,
}

#[derive(Deserialize)]
struct RollupRow {
    start: f64,
    api: String,
    application: String,
    operation: String,
    status: u16,
    error: u32,
    requests: f64,
    request_bytes: f64,
    response_bytes: f64,
    counter_calls: f64,
    total_ms: f64,
    total: String,
    upstream_ms: f64,
    upstream: String,
}

#[derive(Deserialize)]
struct NameRow {
    kind: String,
    id: String,
    name: String,
    version: String,
}

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

    /// Adds to the rows that are there.
    pub(crate) fn add(&self, rows: BTreeMap<RowKey, Counts>) -> Outcome<()> {
        for (key, mut counts) in rows {
            let stored: Vec<RollupRow> = self.sql.exec(READ_ONE, key_values(&key))?.to_array()?;
            for row in stored {
                counts.merge(&row.counts()?);
            }
            let mut values = key_values(&key);
            values.extend([
                integer(counts.requests),
                integer(counts.request_bytes),
                integer(counts.response_bytes),
                integer(counts.counter_calls),
                integer(counts.total_ms),
                counts.total.encode().into(),
                integer(counts.upstream_ms),
                counts.upstream.encode().into(),
            ]);
            self.sql.exec(SAVE, values)?;
        }
        Ok(())
    }

    /// The rows of a span that pass the filter.
    pub(crate) fn read(&self, span: Span, filter: &Filter) -> Outcome<Vec<StoredRow>> {
        let values = vec![
            span.step.number().into(),
            span.from.0.into(),
            span.to.0.into(),
            list(filter.apis.as_ref())?,
            list(filter.applications.as_ref())?,
        ];
        let rows: Vec<RollupRow> = self.sql.exec(READ, values)?.to_array()?;
        rows.into_iter().map(|row| row.stored(span.step)).collect()
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
        for (id, (name, version)) in &learned.apis {
            if known
                .apis
                .get(id)
                .is_none_or(|known| *known != (name.clone(), version.clone()))
            {
                self.save_name(["api", id.as_str(), name, version])?;
            }
        }
        for (id, name) in &learned.applications {
            if known.applications.get(id) != Some(name) {
                self.save_name(["application", id.as_str(), name, ""])?;
            }
        }
        Ok(())
    }

    /// Forgets minutes after 35 days and hours after 400.
    pub(crate) fn prune(&self, now: Timestamp) -> Outcome<()> {
        for (step, days) in [
            (Step::Minute, MINUTES_KEPT_DAYS),
            (Step::Hour, HOURS_KEPT_DAYS),
        ] {
            let before = now.plus_ms(-days * DAY_MS);
            let values = vec![step.number().into(), before.0.into()];
            self.sql
                .exec("DELETE FROM rollup WHERE step = ? AND start < ?", values)?;
        }
        Ok(())
    }

    fn save_name(&self, row: [&str; 4]) -> Outcome<()> {
        self.sql
            .exec(SAVE_NAME, row.map(SqlStorageValue::from).to_vec())?;
        Ok(())
    }
}

impl RollupRow {
    fn counts(&self) -> Outcome<Counts> {
        Ok(Counts {
            requests: self.requests as u64,
            request_bytes: self.request_bytes as u64,
            response_bytes: self.response_bytes as u64,
            counter_calls: self.counter_calls as u64,
            total_ms: self.total_ms as u64,
            total: sketch(&self.total)?,
            upstream_ms: self.upstream_ms as u64,
            upstream: sketch(&self.upstream)?,
        })
    }

    fn stored(self, step: Step) -> Outcome<StoredRow> {
        let counts = self.counts()?;
        let key = RowKey {
            step,
            start: Timestamp(self.start as i64),
            api: ApiId(self.api),
            application: ApplicationId(self.application),
            operation: self.operation,
            status: self.status,
            error: self.error,
        };
        Ok((key, counts))
    }
}

fn key_values(key: &RowKey) -> Vec<SqlStorageValue> {
    vec![
        key.step.number().into(),
        key.start.0.into(),
        key.api.as_str().into(),
        key.application.as_str().into(),
        key.operation.as_str().into(),
        i64::from(key.status).into(),
        i64::from(key.error).into(),
    ]
}

/// A filter's ids as a JSON list; NULL passes everything.
fn list<T: serde::Serialize>(ids: Option<&Vec<T>>) -> Outcome<SqlStorageValue> {
    Ok(match ids {
        None => SqlStorageValue::Null,
        Some(ids) => serde_json::to_string(ids)?.into(),
    })
}

/// Counts stay below 2^53: 28 million years of a billion calls a day.
fn integer(count: u64) -> SqlStorageValue {
    i64::try_from(count).unwrap_or(i64::MAX).into()
}

fn sketch(text: &str) -> Outcome<Sketch> {
    Sketch::decode(text).map_err(|unreadable| Failure::Internal(unreadable.to_string()))
}

const TABLES: [&str; 2] = [
    "CREATE TABLE IF NOT EXISTS rollup (
        step INTEGER NOT NULL, start INTEGER NOT NULL, api TEXT NOT NULL, application TEXT NOT NULL,
        operation TEXT NOT NULL, status INTEGER NOT NULL, error INTEGER NOT NULL,
        requests INTEGER NOT NULL, request_bytes INTEGER NOT NULL, response_bytes INTEGER NOT NULL,
        counter_calls INTEGER NOT NULL,
        total_ms INTEGER NOT NULL, total TEXT NOT NULL,
        upstream_ms INTEGER NOT NULL, upstream TEXT NOT NULL,
        PRIMARY KEY (step, start, api, application, operation, status, error)) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS name (
        kind TEXT NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL, version TEXT NOT NULL,
        PRIMARY KEY (kind, id)) WITHOUT ROWID",
];
const READ_ONE: &str = "SELECT * FROM rollup WHERE step = ? AND start = ? AND api = ? \
                        AND application = ? AND operation = ? AND status = ? AND error = ?";
const READ: &str = "SELECT * FROM rollup WHERE step = ?1 AND start >= ?2 AND start < ?3 \
                    AND (?4 IS NULL OR api IN (SELECT value FROM json_each(?4))) \
                    AND (?5 IS NULL OR application IN (SELECT value FROM json_each(?5)))";
const SAVE: &str =
    "INSERT OR REPLACE INTO rollup VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
const SAVE_NAME: &str = "INSERT OR REPLACE INTO name VALUES (?, ?, ?, ?)";
/// A month of minutes can be asked for.
const MINUTES_KEPT_DAYS: i64 = 35;
/// The same month of last year can be compared with.
const HOURS_KEPT_DAYS: i64 = 400;
const DAY_MS: i64 = 86_400_000;
