//! From where the keys of applications are used: each country and each address once, with when it was first seen.

use std::collections::BTreeSet;

use model::Timestamp;
use runtime::Outcome;
use serde::{Deserialize, Serialize};
use serde_json::json;
use usage::Event;
use worker::SqlStorage;

/// The `seen` table.
pub(crate) struct Seen<'a> {
    sql: &'a SqlStorage,
}

/// A place that an application was used from.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Place {
    pub(crate) application: String,
    pub(crate) name: String,
    pub(crate) place: String,
    /// Places that the application was used from before this one.
    pub(crate) older: f64,
}

/// Which places: those first seen since a moment, or those that a store is asked whether it knows them.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Asked {
    /// `country` or `address`.
    pub(crate) kind: String,
    /// Only what was first seen since then; 0 asks what was known before.
    pub(crate) since_ms: Timestamp,
    /// Only these applications and places, each a pair.
    #[serde(default)]
    pub(crate) pairs: Option<Vec<(String, String)>>,
}

impl<'a> Seen<'a> {
    pub(crate) fn new(sql: &'a SqlStorage) -> Self {
        Self { sql }
    }

    pub(crate) fn create(&self) -> Outcome<()> {
        self.sql.exec(TABLE, None)?;
        Ok(())
    }

    /// Notes the places of events that have an application; what privacy lets nobody tell apart is not noted.
    pub(crate) fn add(&self, events: &[Event], has_addresses: bool) -> Outcome<()> {
        let mut places = BTreeSet::new();
        for event in events {
            let Some(application) = &event.application else {
                continue;
            };
            let country = event.country.as_ref().map(|it| ("country", it));
            let address = event.user_ip.as_ref().filter(|_| has_addresses);
            for (kind, place) in country.into_iter().chain(address.map(|it| ("address", it))) {
                places.insert((application.id.as_str(), kind, place.as_str(), event.at.0));
            }
        }
        if !places.is_empty() {
            let rows = json!(places).to_string();
            self.sql.exec(ADD, vec![rows.into()])?;
        }
        Ok(())
    }

    /// The places that are asked for.
    pub(crate) fn list(&self, asked: &Asked) -> Outcome<Vec<Place>> {
        let pairs = asked.pairs.as_ref().map(|pairs| json!(pairs).to_string());
        let pairs = pairs.map_or(worker::SqlStorageValue::Null, Into::into);
        let values = vec![asked.kind.as_str().into(), asked.since_ms.0.into(), pairs];
        Ok(self.sql.exec(LIST, values)?.to_array()?)
    }
}

const TABLE: &str = "CREATE TABLE IF NOT EXISTS seen (
    application TEXT NOT NULL, kind TEXT NOT NULL, place TEXT NOT NULL, first_at INTEGER NOT NULL,
    PRIMARY KEY (application, kind, place)) WITHOUT ROWID";
/// An application that is used from ten thousand places has no place that is news.
const ADD: &str = "INSERT OR IGNORE INTO seen SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 \
    FROM json_each(?) AS new WHERE (SELECT COUNT(*) FROM (SELECT 1 FROM seen WHERE application = new.value ->> 0 \
    AND kind = new.value ->> 1 LIMIT 10000)) < 10000";
const LIST: &str = "SELECT s.application AS application, s.place AS place, COALESCE(n.name, s.application) AS name, \
    (SELECT COUNT(*) FROM (SELECT 1 FROM seen AS o WHERE o.application = s.application AND o.kind = s.kind \
    AND o.first_at < s.first_at LIMIT 1)) AS older \
    FROM seen AS s LEFT JOIN name AS n ON n.kind = 'application' AND n.id = s.application \
    WHERE s.kind = ?1 AND s.first_at >= ?2 AND (?3 IS NULL OR EXISTS (SELECT 1 FROM json_each(?3) AS pair \
    WHERE pair.value ->> 0 = s.application)) ORDER BY s.first_at LIMIT 1000";
