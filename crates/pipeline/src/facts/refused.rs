//! What of the configuration was taken up, and what could not be: what a gateway tells the control plane of itself.

use model::Catalog;
use serde_json::json;

use super::Facts;
use crate::Need;

/// Values that could not be taken up, each with its name and the reason.
#[derive(Debug, Default)]
pub(super) struct Refused(Vec<(String, String)>);

impl Refused {
    /// Notes a value; the first reason stays.
    fn add(&mut self, name: String, reason: &str) {
        if self.0.len() < REFUSED && !self.0.iter().any(|(known, _)| *known == name) {
            let reason = reason.chars().take(REASON).collect();
            self.0.push((name, reason));
        }
    }
}

impl Facts {
    /// What this isolate has taken up, and what it could not: an object in JSON.
    #[must_use]
    pub fn standing(&self) -> String {
        let refused = self.refused.0.iter();
        let refused: Vec<_> = refused
            .map(|(name, reason)| json!({ "name": name, "reason": reason }))
            .collect();
        json!({ "catalog": self.catalog_version(), "trust": self.trust_version(), "refused": refused }).to_string()
    }

    /// A value of the configuration could not be taken up.
    pub(super) fn refuse(&mut self, need: &Need, reason: &str) {
        let is_configuration = need.is_immutable() || matches!(need, Need::Catalog | Need::Trust);
        let name = need.kv_key(self.environment());
        if let Some(name) = name.filter(|_| is_configuration) {
            self.refused.add(name, reason);
        }
    }

    /// A value was taken up.
    pub(super) fn accept(&mut self, need: &Need) {
        if !self.refused.0.is_empty() {
            let name = need.kv_key(self.environment());
            self.refused
                .0
                .retain(|(refused, _)| name.as_ref() != Some(refused));
        }
    }

    /// A catalogue takes the place of another one: what could not be taken up is tried anew, and the Deployments that were
    /// put there last are fetched ahead of calls.
    pub(super) fn begin(&mut self, catalog: &Catalog) {
        self.refused.0.clear();
        for hash in catalog.latest.iter().take(LATEST) {
            if self.deployments.get(hash).is_none() {
                self.due.push(Need::Deployment(hash.clone()));
            }
        }
    }
}

const REFUSED: usize = 8;
/// Letters of a reason.
const REASON: usize = 300;
/// As many as one deploy has places, mostly.
const LATEST: usize = 4;
