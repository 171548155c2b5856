//! What lists tell of an API key, whoever they are for.

use serde_json::{Map, Value, json};

/// An API key as far as every list tells of it.
pub(crate) struct Told<'a> {
    pub(crate) id: &'a str,
    pub(crate) name: &'a str,
    pub(crate) created_at: i64,
    pub(crate) expires_at: Option<i64>,
    pub(crate) last_used_at: Option<i64>,
}

impl Told<'_> {
    /// The members that WSO2's `APIKey`, `APIKeyInfo` and `APIAPIKeyInfo` have in common, and `more`.
    pub(crate) fn with<const N: usize>(self, more: [(&str, Value); N]) -> Value {
        let life_ms = self.expires_at.map(|end| end - self.created_at);
        let told = [
            ("keyUUID", json!(self.id)),
            ("keyName", json!(self.name)),
            ("issuedOn", json!(self.created_at)),
            ("validityPeriod", json!(validity(life_ms))),
        ];
        let used = self.last_used_at.map(|moment| ("lastUsed", json!(moment)));
        let members = told.into_iter().chain(used).chain(more);
        Value::Object(Map::from_iter(
            members.map(|(name, value)| (name.to_owned(), value)),
        ))
    }
}

/// The seconds of a life; -1 for one without an end.
pub(super) fn validity(life_ms: Option<i64>) -> i64 {
    life_ms.map_or(-1, |life| life / 1000)
}
