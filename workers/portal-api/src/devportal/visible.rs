//! What a consumer may see: published and prototyped APIs, those of restricted visibility with one of
//! their roles, those for organizations with the role of one of these.

use runtime::{Failure, Outcome, Value, db::sql};
use serde_json::json;

use crate::{
    apis::{ApiRow, row::COLUMNS},
    call::Call,
};

/// The condition on `api`, with its values in order.
pub(crate) fn condition(call: &Call) -> (&'static str, Vec<Value>) {
    match &call.principal {
        None => (
            "state IN ('PUBLISHED', 'PROTOTYPED') AND visibility = 'PUBLIC' AND (visible_to = '[]' \
             OR EXISTS (SELECT 1 FROM json_each(visible_to) AS place WHERE place.value IN ('all', 'none')))",
            Vec::new(),
        ),
        Some(principal) => {
            let roles: Value = json!(principal.roles).to_string().into();
            let organization: Value = call.organization().into();
            let places = [
                organization.clone(),
                roles.clone(),
                organization,
                roles.clone(),
            ];
            (
                "state IN ('PUBLISHED', 'PROTOTYPED') AND (visibility IN ('PUBLIC', 'PRIVATE') \
                 OR EXISTS (SELECT 1 FROM json_each(card, '$.visibleRoles') AS role \
                 WHERE role.value IN (SELECT value FROM json_each(?)))) \
                 AND (visible_to = '[]' OR EXISTS (SELECT 1 FROM json_each(visible_to) AS place \
                 WHERE place.value = 'all' OR place.value IN (SELECT own.id FROM consumer_organization AS own \
                 WHERE own.organization = ? AND own.external_id IN (SELECT value FROM json_each(?))) \
                 OR (place.value = 'none' AND NOT EXISTS (SELECT 1 FROM consumer_organization AS own \
                 WHERE own.organization = ? AND own.external_id IN (SELECT value FROM json_each(?))))))",
                std::iter::once(roles).chain(places).collect(),
            )
        }
    }
}

/// The API of that id, if the caller may see it. A deprecated one is still there for those who know it.
pub(crate) async fn find(call: &Call, id: &str) -> Outcome<ApiRow> {
    let (condition, values) = condition(call);
    let condition = condition.replace("'PROTOTYPED')", "'PROTOTYPED', 'DEPRECATED')");
    let query = sql(format!(
        "SELECT {COLUMNS} FROM api WHERE id = ? AND organization = ? AND {condition}"
    ))
    .bind(id)
    .bind(call.organization());
    let query = values
        .into_iter()
        .fold(query, |query, value| query.bind(value));
    call.db
        .first(query)
        .await?
        .ok_or_else(|| Failure::code("900308"))
}
