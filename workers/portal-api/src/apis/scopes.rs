//! The scopes of an API where the Key Manager finds them: who may have a token with one.

use std::collections::BTreeMap;

use lifecycle::Draft;
use runtime::db::{Statement, sql};
use serde_json::json;

/// The statements that put down the scopes of an API's draft, in the place of those that it had.
pub(crate) fn of_draft(organization: &str, api_id: &str, draft: &Draft) -> Vec<Statement> {
    vec![
        sql("DELETE FROM api_scope WHERE api_id = ? AND revision_id = ''").bind(api_id),
        put(organization, api_id, "", draft),
    ]
}

/// The statement that puts down the scopes of a revision, before it runs.
pub(crate) fn of_revision(
    organization: &str,
    api_id: &str,
    revision: &str,
    draft: &Draft,
) -> Statement {
    put(organization, api_id, revision, draft)
}

/// The statement that forgets those of revisions that run nowhere any more; goes after what took them out.
pub(crate) fn forget_idle(api_id: &str) -> Statement {
    sql(
        "DELETE FROM api_scope WHERE api_id = ? AND revision_id <> '' AND revision_id NOT IN \
         (SELECT revision_id FROM deployment WHERE api_id = ?)",
    )
    .bind(api_id)
    .bind(api_id)
}

fn put(organization: &str, api_id: &str, revision: &str, draft: &Draft) -> Statement {
    sql(
        "INSERT OR REPLACE INTO api_scope (organization, scope, api_id, revision_id, is_shared, roles) \
         SELECT ?, json_extract(value, '$[0]'), ?, ?, json_extract(value, '$[1]'), json_extract(value, '$[2]') \
         FROM json_each(?)",
    )
    .bind(organization)
    .bind(api_id)
    .bind(revision)
    .bind(rows(draft).to_string())
}

/// Name, whether it is shared, and roles. Of two scopes of one name the one that is bound counts.
fn rows(draft: &Draft) -> serde_json::Value {
    let mut found: BTreeMap<&str, (bool, &[String])> = BTreeMap::new();
    for item in draft.scopes.iter().flatten() {
        let roles = item.scope.bindings.as_deref().unwrap_or_default();
        let is_shared = item.shared == Some(true);
        let row = found.entry(&item.scope.name).or_insert((is_shared, roles));
        if row.1.is_empty() {
            *row = (is_shared, roles);
        }
    }
    let rows = found.into_iter();
    rows.map(|(name, (is_shared, roles))| json!([name, is_shared, roles]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bound_scopes_come_before_open_ones() {
        let draft: Draft = serde_json::from_value(json!({"scopes": [
            {"scope": {"name": "b"}},
            {"scope": {"name": "a", "bindings": ["x", "y"]}, "shared": false},
            {"scope": {"name": "a", "bindings": []}},
            {"scope": {"name": "b", "bindings": ["z"]}},
            {"scope": {"name": "c"}, "shared": true},
        ]}))
        .unwrap();
        let expected = json!([
            ["a", false, ["x", "y"]],
            ["b", false, ["z"]],
            ["c", true, []]
        ]);
        assert_eq!(rows(&draft), expected);
        assert_eq!(rows(&Draft::default()), json!([]));
    }
}
