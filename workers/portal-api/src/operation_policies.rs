//! Rows of operation policies that an organization wrote itself.

use lifecycle::{Fault, OwnPolicy};
use runtime::{
    Outcome,
    db::{Statement, sql},
};
use serde::Deserialize;
use serde_json::Value;

use crate::{call::Call, guard};

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

/// One that is for all, by name and version.
pub(crate) async fn named(call: &Call, name: &str, version: &str) -> Outcome<Option<Row>> {
    let query = sql(format!(
        "SELECT {COLUMNS} FROM operation_policy WHERE organization = ? AND api_id = '' AND name = ? AND version = ?"
    ));
    call.db
        .first(query.bind(call.organization()).bind(name).bind(version))
        .await
}

/// Undoes the batch while somebody's next deploy would miss the policy.
pub(crate) fn require_unused(call: &Call, row: &Row) -> Statement {
    asking(
        guard::require(&format!("NOT EXISTS ({})", users_query())),
        call,
        row,
    )
}

/// Whose next deploy would miss the policy: APIs, by their working copy or by the revision that runs, and mappings for all
/// APIs. [`MOST_NAMED`] of them at the most.
pub(crate) async fn users(call: &Call, row: &Row) -> Outcome<Vec<Fault>> {
    #[derive(Deserialize)]
    struct User {
        name: String,
        what: String,
    }
    let query = sql(format!(
        "SELECT DISTINCT name, what FROM ({}) ORDER BY name, what LIMIT {MOST_NAMED}",
        users_query()
    ));
    let users: Vec<User> = call.db.all(asking(query, call, row)).await?;
    let faults = users.into_iter().map(|user| Fault {
        place: user.name,
        message: format!("{} uses the policy; take it out there first", user.what),
    });
    Ok(faults.collect())
}

fn asking(statement: Statement, call: &Call, row: &Row) -> Statement {
    statement
        .bind(call.organization())
        .bind(&row.api_id)
        .bind(&row.name)
        .bind(&row.version)
}

/// `name` and `what` of each user of the policy of API ?2 (`''`: of all) that is called ?3 and has version ?4. An API that has
/// its own policy of that name and version does not use the common one.
fn users_query() -> String {
    let kept = names_it(
        "(SELECT group_concat(content, '') FROM (SELECT content FROM blob WHERE hash = kept.body ORDER BY part))",
    );
    let mapped = names_it("mapping");
    format!(
        "SELECT kept.name || ' ' || kept.version AS name, kept.what AS what FROM (\
           SELECT id, name, version, 'its working copy' AS what, body FROM api WHERE organization = ?1 \
           UNION ALL \
           SELECT api.id, api.name, api.version, 'what it runs in `' || deployment.environment || '`', revision.body \
             FROM deployment JOIN revision ON revision.id = deployment.revision_id JOIN api ON api.id = deployment.api_id \
             WHERE api.organization = ?1) AS kept \
         WHERE CASE ?2 WHEN '' THEN NOT EXISTS (SELECT 1 FROM operation_policy AS own \
             WHERE own.api_id = kept.id AND own.name = ?3 AND own.version = ?4) \
           ELSE kept.id = ?2 END AND {kept} \
         UNION ALL \
         SELECT display_name, 'the gateway policy' FROM gateway_policy WHERE organization = ?1 AND ?2 = '' AND {mapped}"
    )
}

/// Does a JSON text attach the policy? It is taken apart only if the name stands in it, as our own writer writes it. Who names
/// no version may mean any.
fn names_it(text: &str) -> String {
    format!(
        "instr({text}, '\"policyName\":\"' || ?3 || '\"') > 0 AND EXISTS (SELECT 1 FROM json_tree({text}) AS part \
         WHERE CASE part.type WHEN 'object' THEN json_extract(part.value, '$.policyName') = ?3 \
         AND coalesce(json_extract(part.value, '$.policyVersion'), ?4) = ?4 END)"
    )
}

/// More help nobody.
const MOST_NAMED: usize = 20;
const COLUMNS: &str = "id, api_id, name, version, specification, source";
