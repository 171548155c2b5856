//! The last events as they came, and the names of the batches that brought them.

use model::Timestamp;
use runtime::Outcome;
use serde::Deserialize;
use usage::{Event, Recent as Question};
use wasm_bindgen::JsValue;
use worker::SqlStorage;

use crate::lines::lines;

/// The `event` and `batch` tables.
pub(crate) struct Recent<'a> {
    sql: &'a SqlStorage,
}

#[derive(Deserialize)]
struct Found {
    found: Option<f64>,
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
        if found.iter().any(|row| row.found > Some(0.0)) {
            return Ok(false);
        }
        self.sql.exec(
            "INSERT INTO batch (id, at) VALUES (?, ?)",
            vec![id.into(), now.0.into()],
        )?;
        Ok(true)
    }

    /// Keeps events as they are, for "my requests" and logs.
    pub(crate) fn add(&self, events: &[Event]) -> Outcome<()> {
        for part in events.chunks(EVENTS_AT_ONCE) {
            let json = serde_json::to_string(part)?;
            self.sql.exec(ADD, vec![json.into()])?;
        }
        self.sql.exec(BOUND, vec![EVENTS_KEPT.into()])?;
        Ok(())
    }

    /// When the newest event came.
    pub(crate) fn newest(&self) -> Outcome<Option<Timestamp>> {
        let found: Vec<Found> = self
            .sql
            .exec("SELECT MAX(at) AS found FROM event", None)?
            .to_array()?;
        let newest = found.first().and_then(|row| row.found);
        Ok(newest.map(|at| Timestamp(at as i64)))
    }

    /// The newest events that are asked for, as a JSON list.
    pub(crate) fn list(&self, question: &Question) -> Outcome<String> {
        let ids =
            |wanted: Option<String>| wanted.map_or(JsValue::NULL, |it| JsValue::from_str(&it));
        let values = [
            ids(question
                .apis
                .as_ref()
                .map(serde_json::to_string)
                .transpose()?),
            ids(question
                .applications
                .as_ref()
                .map(serde_json::to_string)
                .transpose()?),
            JsValue::from_f64(question.before_ms.0 as f64),
            JsValue::from_f64(question.limit as f64),
            JsValue::from_f64(f64::from(u8::from(question.only_errors))),
        ];
        // JSON has no line break in it.
        let found = lines(self.sql, LIST, &values)?;
        Ok(format!("[{}]", found.replace('\n', ",")))
    }

    /// Forgets the names of old batches, since nobody sends one again after a day, and events after a week.
    pub(crate) fn prune(&self, now: Timestamp) -> Outcome<()> {
        for (statement, kept_ms) in FORGET {
            let before = now.plus_ms(-kept_ms);
            self.sql.exec(statement, vec![before.0.into()])?;
        }
        Ok(())
    }
}

const TABLES: [&str; 5] = [
    "CREATE TABLE IF NOT EXISTS batch (id TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS event (
        id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, api TEXT, application TEXT,
        status INTEGER NOT NULL, json TEXT NOT NULL)",
    "CREATE INDEX IF NOT EXISTS event_application ON event (application, id)",
    "CREATE INDEX IF NOT EXISTS event_api ON event (api, id)",
    "CREATE INDEX IF NOT EXISTS event_at ON event (at)",
];
const ADD: &str = "INSERT INTO event (at, api, application, status, json) \
                   SELECT value ->> 't', value ->> '$.a.i', value ->> '$.p.i', value ->> 'st', value FROM json_each(?)";
const BOUND: &str = "DELETE FROM event WHERE id <= (SELECT MAX(id) FROM event) - ?";
const LIST: &str = "SELECT json FROM event WHERE (?1 IS NULL OR api IN (SELECT value FROM json_each(?1))) \
                    AND (?2 IS NULL OR application IN (SELECT value FROM json_each(?2))) \
                    AND at < ?3 AND (NOT ?5 OR status >= 400) ORDER BY id DESC LIMIT ?4";
const FORGET: [(&str, i64); 2] = [
    ("DELETE FROM batch WHERE at < ?", 86_400_000),
    ("DELETE FROM event WHERE at < ?", 7 * 86_400_000),
];
/// Some 25 MB.
const EVENTS_KEPT: i64 = 50_000;
/// The platform's SQLite takes texts of two megabytes.
const EVENTS_AT_ONCE: usize = 250;
