//! Values in KV: immutable ones by their name, pointers and records as a whole.

use model::Timestamp;
use runtime::{Db, Failure, Outcome, db::sql};
use serde::Deserialize;
use worker::KvStore;

/// KV, and when this publication takes place.
pub(crate) struct Shelf {
    kv: KvStore,
    now: Timestamp,
}

impl Shelf {
    pub(crate) const fn new(kv: KvStore, now: Timestamp) -> Self {
        Self { kv, now }
    }

    /// Writes a value, whatever is there.
    pub(crate) async fn put(&self, key: &str, json: &str) -> Outcome<()> {
        self.kv
            .put(key, json)
            .map_err(|error| failed(key, &error))?
            .execute()
            .await
            .map_err(|error| failed(key, &error))
    }

    /// Takes a value away.
    pub(crate) async fn delete(&self, key: &str) -> Outcome<()> {
        self.kv
            .delete(key)
            .await
            .map_err(|error| failed(key, &error))
    }

    /// Writes immutable values that are not known to be there yet, and remembers them.
    pub(crate) async fn keep(&self, db: &Db, values: &[(String, String)]) -> Outcome<()> {
        #[derive(Deserialize)]
        struct Known {
            name: String,
        }
        let names: Vec<&str> = values.iter().map(|(name, _)| name.as_str()).collect();
        let known: Vec<Known> = db
            .all(
                sql("SELECT name FROM published WHERE name IN (SELECT value FROM json_each(?))")
                    .bind(serde_json::to_string(&names)?),
            )
            .await?;
        let fresh: Vec<&(String, String)> = values
            .iter()
            .filter(|(name, _)| !known.iter().any(|known| known.name == *name))
            .collect();
        for (name, json) in &fresh {
            self.put(name, json).await?;
        }
        if fresh.is_empty() {
            return Ok(());
        }
        let fresh: Vec<&str> = fresh.iter().map(|(name, _)| name.as_str()).collect();
        db.run(
            sql("INSERT OR IGNORE INTO published (name, at) SELECT value, ? FROM json_each(?)")
                .bind(self.now)
                .bind(serde_json::to_string(&fresh)?),
        )
        .await?;
        Ok(())
    }
}

fn failed(key: &str, error: &impl std::fmt::Display) -> Failure {
    Failure::Internal(format!("KV `{key}`: {error}"))
}
