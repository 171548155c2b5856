//! Rows of `revision`.

use runtime::{Failure, Outcome, db::sql};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{call::Call, deployments::DeploymentRow, time::iso};

/// A frozen copy of an API.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct RevisionRow {
    pub(crate) id: String,
    pub(crate) api_id: String,
    pub(crate) number: i64,
    pub(crate) description: String,
    pub(crate) body: String,
    pub(crate) definition: String,
    /// As that of the API.
    pub(crate) source: String,
    pub(crate) created_at: i64,
}

const COLUMNS: &str = "id, api_id, number, description, body, definition, source, created_at";

/// Every revision of an API, the oldest first.
pub(crate) async fn all(call: &Call, api: &str) -> Outcome<Vec<RevisionRow>> {
    call.db
        .all(
            sql(format!(
                "SELECT {COLUMNS} FROM revision WHERE api_id = ? ORDER BY number"
            ))
            .bind(api),
        )
        .await
}

/// One revision of an API, by id.
pub(crate) async fn find(call: &Call, api: &str, id: &str) -> Outcome<RevisionRow> {
    call.db
        .first(
            sql(format!(
                "SELECT {COLUMNS} FROM revision WHERE api_id = ? AND id = ?"
            ))
            .bind(api)
            .bind(id),
        )
        .await?
        .ok_or_else(|| Failure::code("900347"))
}

/// One revision of an API, by number.
pub(crate) async fn numbered(call: &Call, api: &str, number: &str) -> Outcome<RevisionRow> {
    all(call, api)
        .await?
        .into_iter()
        .find(|row| row.number.to_string() == number)
        .ok_or_else(|| Failure::code("900347"))
}

impl RevisionRow {
    /// What people call it.
    pub(crate) fn name(&self) -> String {
        format!("Revision {}", self.number)
    }

    /// WSO2's `APIRevision`.
    pub(crate) fn shown(&self, running: &[DeploymentRow]) -> Value {
        let mine: Vec<Value> = running
            .iter()
            .filter(|deployment| deployment.revision_id == self.id)
            .map(DeploymentRow::shown)
            .collect();
        json!({
            "displayName": self.name(),
            "id": self.id,
            "description": self.description,
            "createdTime": iso(self.created_at),
            "apiInfo": {"id": self.api_id},
            "deploymentInfo": mine,
        })
    }
}
