//! The object's SQLite: a row per counter, and the clock.

use std::collections::BTreeMap;

use model::Timestamp;
use runtime::{Failure, Outcome};
use serde::Deserialize;
use throttle::{CounterKey, Debited, LimitShardState, Persist, Slots};
use worker::SqlStorage;

/// The rows of one object.
pub(crate) struct Rows {
    sql: SqlStorage,
}

#[derive(Deserialize)]
struct CounterRow {
    key: String,
    state: String,
}

#[derive(Deserialize)]
struct SlotRow {
    state: String,
}

#[derive(Deserialize)]
struct ClockRow {
    at: f64,
}

impl Rows {
    pub(crate) fn new(sql: SqlStorage) -> Self {
        Self { sql }
    }

    /// Makes the tables where there are none, and reads what they hold.
    pub(crate) fn restore(&self) -> Outcome<LimitShardState> {
        for table in TABLES {
            self.sql.exec(table, None)?;
        }
        let counters: Vec<CounterRow> = self
            .sql
            .exec("SELECT key, state FROM counter", None)?
            .to_array()?;
        let clock: Vec<ClockRow> = self.sql.exec("SELECT at FROM clock", None)?.to_array()?;
        let clock = clock.first().map(|row| Timestamp(row.at as i64));
        let rows = counters.into_iter().map(|row| (row.key, row.state));
        LimitShardState::restore(rows, clock).map_err(|row| Failure::Internal(row.to_string()))
    }

    /// What is lent of a limit's slots.
    pub(crate) fn slots(&self, key: &CounterKey) -> Outcome<Slots> {
        let rows: Vec<SlotRow> = self
            .sql
            .exec(
                "SELECT state FROM slot WHERE key = ?",
                vec![key.as_str().into()],
            )?
            .to_array()?;
        let Some(row) = rows.first() else {
            return Ok(Slots::default());
        };
        // A row that cannot be read must not lend from zero.
        serde_json::from_str(&row.state).map_err(|error| Failure::Internal(error.to_string()))
    }

    pub(crate) fn keep_slots(&self, key: &CounterKey, slots: &Slots) -> Outcome<()> {
        let state = serde_json::to_string(slots)?;
        self.sql
            .exec(KEEP_SLOTS, vec![key.as_str().into(), state.into()])?;
        Ok(())
    }

    /// The sums of what subscriptions were debited in a month (UTC), by counter, without what their rows still have.
    pub(crate) fn debits(&self, month: &str) -> Outcome<BTreeMap<String, i64>> {
        #[derive(Deserialize)]
        struct DebitRow {
            key: String,
            units: f64,
        }
        let rows: Vec<DebitRow> = self
            .sql
            .exec(
                "SELECT key, units FROM debit WHERE month = ?",
                vec![month.into()],
            )?
            .to_array()?;
        Ok(rows
            .into_iter()
            .map(|row| (row.key, row.units as i64))
            .collect())
    }

    /// Writes what a decision changed. Writes without an await between them reach the disk together or not at all.
    pub(crate) fn persist(&self, changes: &[Persist]) -> Outcome<()> {
        for change in changes {
            match change {
                Persist::Save { key, counter } => {
                    let state = serde_json::to_string(counter)?;
                    self.sql
                        .exec(SAVE, vec![key.as_str().into(), state.into()])?;
                }
                Persist::Debit { key, debited } => {
                    let Debited(month, units) = *debited;
                    let values = vec![month.to_string().into(), key.as_str().into(), units.into()];
                    self.sql.exec(ADD_DEBIT, values)?;
                }
                Persist::Drop { key } => {
                    self.sql.exec(DROP, vec![key.as_str().into()])?;
                }
                Persist::Clock(at) => {
                    self.sql.exec(SET_CLOCK, vec![at.0.into()])?;
                }
            }
        }
        Ok(())
    }
}

const TABLES: [&str; 4] = [
    "CREATE TABLE IF NOT EXISTS debit (month TEXT NOT NULL, key TEXT NOT NULL, units INTEGER NOT NULL, PRIMARY KEY (month, key)) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS slot (key TEXT PRIMARY KEY, state TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS counter (key TEXT PRIMARY KEY, state TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS clock (id INTEGER PRIMARY KEY CHECK (id = 0), at INTEGER NOT NULL)",
];
const SAVE: &str = "INSERT INTO counter (key, state) VALUES (?, ?) \
                    ON CONFLICT (key) DO UPDATE SET state = excluded.state";
const KEEP_SLOTS: &str = "INSERT INTO slot (key, state) VALUES (?, ?) \
                          ON CONFLICT (key) DO UPDATE SET state = excluded.state";
const ADD_DEBIT: &str = "INSERT INTO debit (month, key, units) VALUES (?, ?, ?) \
     ON CONFLICT (month, key) DO UPDATE SET units = units + excluded.units";
const DROP: &str = "DELETE FROM counter WHERE key = ?";
const SET_CLOCK: &str = "INSERT INTO clock (id, at) VALUES (0, ?) \
                         ON CONFLICT (id) DO UPDATE SET at = excluded.at";
