//! Who may have which scope: the platform's own as administrators say, those of APIs as their publishers say.

use oauth::{ScopeRule, is_for_apis_to_bind};
use runtime::{
    Outcome,
    db::{Statement, sql},
};
use serde::Deserialize;

use crate::{
    call::{Call, ORGANIZATION},
    people,
};

/// Of the requested scopes, and of who has a client.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rules {
    pub(crate) rules: Vec<ScopeRule>,
    /// The roles of the client's owner; read only where a rule asks for one.
    pub(crate) owner_roles: Vec<String>,
}

/// The rules of those of the requested scopes that have some.
pub(crate) async fn of(call: &Call, requested: &[String], client: &str) -> Outcome<Rules> {
    match query(requested, client)? {
        Some(query) => read(call.db.first(query).await?),
        None => Ok(Rules::default()),
    }
}

/// The query for them, to be read along with something else; none where no scope is requested.
pub(crate) fn query(requested: &[String], client: &str) -> Outcome<Option<Statement>> {
    if requested.is_empty() {
        return Ok(None);
    }
    let theirs = requested.iter().filter(|scope| is_for_apis_to_bind(scope));
    let theirs: Vec<&String> = theirs.collect();
    let statement = sql(format!(
        "WITH rule AS MATERIALIZED ({BY_ADMINISTRATORS} UNION ALL {SHARED} UNION ALL {OF_APIS}) \
         SELECT (SELECT json_group_array(json_array(scope, json(roles))) FROM rule) AS rules, \
         CASE WHEN EXISTS (SELECT 1 FROM rule) THEN ({OWNER} AND {}) ELSE '[]' END AS owner_roles",
        people::counts()
    ));
    let theirs = serde_json::to_string(&theirs)?;
    let statement = statement
        .bind(ORGANIZATION)
        .bind(serde_json::to_string(requested)?)
        .bind(ORGANIZATION)
        .bind(&theirs)
        .bind(ORGANIZATION)
        .bind(&theirs);
    Ok(Some(statement.bind(client)))
}

/// What such a query has found.
pub(crate) fn read(row: Option<Row>) -> Outcome<Rules> {
    let Some(row) = row else {
        return Ok(Rules::default());
    };
    let rules: Vec<(String, Vec<String>)> = serde_json::from_str(&row.rules)?;
    let rules = rules.into_iter();
    Ok(Rules {
        rules: rules
            .map(|(scope, roles)| ScopeRule { scope, roles })
            .collect(),
        owner_roles: serde_json::from_str(&row.owner_roles)?,
    })
}

/// The answer of [`query`].
#[derive(Deserialize)]
pub(crate) struct Row {
    rules: String,
    owner_roles: String,
}

const BY_ADMINISTRATORS: &str = "SELECT scope, json_group_array(role) AS roles FROM granted_role \
    WHERE organization = ? AND scope IN (SELECT value FROM json_each(?)) GROUP BY scope";
const SHARED: &str = "SELECT name, bindings FROM shared_scope \
    WHERE organization = ? AND name IN (SELECT value FROM json_each(?)) AND bindings <> '[]'";
/// What an API's draft says counts; of revisions that run, what it says nothing of any more.
const OF_APIS: &str = "SELECT s.scope, s.roles FROM api_scope s \
    WHERE s.organization = ? AND s.scope IN (SELECT value FROM json_each(?)) AND s.is_shared = 0 AND s.roles <> '[]' \
    AND (s.revision_id = '' OR NOT EXISTS (SELECT 1 FROM api_scope d \
     WHERE d.organization = s.organization AND d.scope = s.scope AND d.api_id = s.api_id AND d.revision_id = ''))";
const OWNER: &str = "SELECT json_group_array(r.role) FROM oauth_client c \
    JOIN user u ON u.organization = c.organization AND u.username = c.owner AND u.status = 'ACTIVE' \
    JOIN user_role r ON r.user_id = u.id WHERE c.client_id = ?";
