//! Rows of operation policies that an organization wrote itself.

use lifecycle::OwnPolicy;
use runtime::{Outcome, db::sql};
use serde::Deserialize;
use serde_json::Value;

use crate::call::Call;

/// A row of `operation_policy`.
#[derive(Deserialize)]
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) api_id: String,
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) specification: String,
    pub(crate) source: String,
}

impl Row {
    pub(crate) fn policy(&self) -> Outcome<OwnPolicy> {
        Ok(serde_json::from_str(&self.specification)?)
    }

    /// WSO2's `OperationPolicyData`.
    pub(crate) fn shown(&self) -> Outcome<Value> {
        Ok(self.policy()?.shown(&self.id, !self.api_id.is_empty()))
    }
}

/// Those of an API, or, for the id `""`, those that are for all.
pub(crate) async fn of(call: &Call, api: &str) -> Outcome<Vec<Row>> {
    let query = sql(format!(
        "SELECT {COLUMNS} FROM operation_policy WHERE organization = ? AND api_id = ? ORDER BY name, version"
    ));
    call.db.all(query.bind(call.organization()).bind(api)).await
}

/// One of them.
pub(crate) async fn find(call: &Call, api: &str, id: &str) -> Outcome<Option<Row>> {
    let query = sql(format!(
        "SELECT {COLUMNS} FROM operation_policy WHERE organization = ? AND api_id = ? AND id = ?"
    ));
    call.db
        .first(query.bind(call.organization()).bind(api).bind(id))
        .await
}

/// What drafts of an API may name beside the catalogue: its own first. For the id `""`, what is for all.
pub(crate) async fn usable(call: &Call, api: &str) -> Outcome<Vec<OwnPolicy>> {
    let query = sql(format!(
        "SELECT {COLUMNS} FROM operation_policy WHERE organization = ? AND api_id IN ('', ?) \
         ORDER BY api_id = '', name, version"
    ));
    let rows: Vec<Row> = call
        .db
        .all(query.bind(call.organization()).bind(api))
        .await?;
    rows.iter().map(Row::policy).collect()
}

const COLUMNS: &str = "id, api_id, name, version, specification, source";
