//! The salts of the days: random, made when first needed, and forgotten soon after their day, so that what was hashed with
//! one leads to nobody any more.

use std::collections::BTreeMap;

use model::Timestamp;
use runtime::{Outcome, id};
use serde::Deserialize;
use usage::{Event, Privacy};
use worker::SqlStorage;

/// The `salt` table.
pub(crate) struct Salts<'a> {
    sql: &'a SqlStorage,
}

#[derive(Deserialize)]
struct SaltRow {
    salt: String,
}

impl<'a> Salts<'a> {
    pub(crate) fn new(sql: &'a SqlStorage) -> Self {
        Self { sql }
    }

    pub(crate) fn create(&self) -> Outcome<()> {
        self.sql.exec(TABLE, None)?;
        Ok(())
    }

    /// Takes out of the events what may not be kept.
    pub(crate) fn apply(&self, privacy: Privacy, events: &mut [Event]) -> Outcome<()> {
        let mut salts: BTreeMap<i64, String> = BTreeMap::new();
        for event in events {
            let day = day_of(event.at);
            if privacy.needs_salt() && !salts.contains_key(&day) {
                salts.insert(day, self.of(day)?);
            }
            privacy.apply(event, salts.get(&day).map_or("", String::as_str));
        }
        Ok(())
    }

    /// Forgets the salts of days that are over; an event may be two hours late.
    pub(crate) fn prune(&self, now: Timestamp) -> Outcome<()> {
        let kept = day_of(now.plus_ms(-LATE_MS));
        self.sql
            .exec("DELETE FROM salt WHERE day < ?", vec![kept.into()])?;
        Ok(())
    }

    fn of(&self, day: i64) -> Outcome<String> {
        let values = vec![day.into(), id::uuid()?.into()];
        self.sql.exec(
            "INSERT OR IGNORE INTO salt (day, salt) VALUES (?, ?)",
            values,
        )?;
        let rows: Vec<SaltRow> = self
            .sql
            .exec("SELECT salt FROM salt WHERE day = ?", vec![day.into()])?
            .to_array()?;
        Ok(rows
            .into_iter()
            .next()
            .map(|row| row.salt)
            .unwrap_or_default())
    }
}

const fn day_of(moment: Timestamp) -> i64 {
    moment.0.div_euclid(DAY_MS)
}

const TABLE: &str = "CREATE TABLE IF NOT EXISTS salt (day INTEGER PRIMARY KEY, salt TEXT NOT NULL)";
const DAY_MS: i64 = 86_400_000;
const LATE_MS: i64 = 2 * 3_600_000;
