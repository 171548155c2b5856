//! The last events as they came, and the names of the batches that brought them.

use model::Timestamp;
use runtime::Outcome;
use serde::Deserialize;
use usage::Event;
use worker::SqlStorage;

/// The `event` and `batch` tables.
pub(crate) struct Recent<'a> {
    sql: &'a SqlStorage,
}

#[derive(Deserialize)]
struct Found {
    found: f64,
}

impl<'a> Recent<'a> {
    pub(crate) fn new(sql: &'a SqlStorage) -> Self {
        Self { sql }
    }

    pub(crate) fn create(&self) -> Outcome<()> {
        for table in TABLES {
            self.sql.exec(table, None)?;
        }
        Ok(())
    }

    /// Notes a batch; `false` when it was noted before.
    pub(crate) fn note_batch(&self, id: &str, now: Timestamp) -> Outcome<bool> {
        let found: Vec<Found> = self
            .sql
            .exec(
                "SELECT COUNT(*) AS found FROM batch WHERE id = ?",
                vec![id.into()],
            )?
            .to_array()?;
        if found.iter().any(|row| row.found > 0.0) {
            return Ok(false);
        }
        self.sql.exec(
            "INSERT INTO batch (id, at) VALUES (?, ?)",
            vec![id.into(), now.0.into()],
        )?;
        Ok(true)
    }

    /// Keeps events as they are, for "my requests" and logs: all by one statement, since each statement costs more than
    /// the rows that it writes.
    pub(crate) fn add(&self, events: &[Event]) -> Outcome<()> {
        let json = serde_json::to_string(events)?;
        self.sql.exec(ADD, vec![json.into()])?;
        self.sql.exec(BOUND, vec![EVENTS_KEPT.into()])?;
        Ok(())
    }

    /// Forgets the names of old batches: nobody sends one again after a day.
    pub(crate) fn prune(&self, now: Timestamp) -> Outcome<()> {
        let before = now.plus_ms(-BATCHES_KEPT_MS);
        self.sql
            .exec("DELETE FROM batch WHERE at < ?", vec![before.0.into()])?;
        Ok(())
    }
}

const TABLES: [&str; 3] = [
    "CREATE TABLE IF NOT EXISTS batch (id TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS event (
        id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, api TEXT, application TEXT,
        json TEXT NOT NULL)",
    "CREATE INDEX IF NOT EXISTS event_application ON event (application, id)",
];
const ADD: &str = "INSERT INTO event (at, api, application, json) \
                   SELECT value ->> 't', value ->> '$.a.i', value ->> '$.p.i', value FROM json_each(?)";
const BOUND: &str = "DELETE FROM event WHERE id <= (SELECT MAX(id) FROM event) - ?";
/// Some 5 MB.
const EVENTS_KEPT: i64 = 10_000;
const BATCHES_KEPT_MS: i64 = 86_400_000;
