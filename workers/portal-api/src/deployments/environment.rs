//! Rows of `environment`, as far as deploying goes.

use runtime::{Failure, Outcome, db::sql};
use serde::Deserialize;

use crate::call::Call;

/// A row of `environment`.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct EnvironmentRow {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) display_name: String,
    pub(crate) kind: String,
    pub(crate) vhosts: String,
}

impl EnvironmentRow {
    pub(crate) fn vhosts(&self) -> Vec<serde_json::Value> {
        serde_json::from_str(&self.vhosts).unwrap_or_default()
    }

    /// Whether the environment answers to that host.
    pub(crate) fn has_host(&self, host: &str) -> bool {
        self.vhosts()
            .iter()
            .any(|vhost| vhost.get("host").and_then(serde_json::Value::as_str) == Some(host))
    }

    /// The host that is meant when none is named.
    pub(crate) fn first_host(&self) -> String {
        self.vhosts()
            .first()
            .and_then(|vhost| vhost.get("host")?.as_str().map(str::to_owned))
            .unwrap_or_default()
    }
}

/// The environments of the caller's organization.
pub(crate) async fn environments(call: &Call) -> Outcome<Vec<EnvironmentRow>> {
    let found: Vec<EnvironmentRow> = call
        .db
        .all(
            sql(
                "SELECT id, name, display_name, kind, vhosts FROM environment \
                 WHERE organization = ? ORDER BY name",
            )
            .bind(call.organization()),
        )
        .await?;
    if found.is_empty() {
        return Err(Failure::Internal(
            "the organization has no environment".to_owned(),
        ));
    }
    Ok(found)
}
