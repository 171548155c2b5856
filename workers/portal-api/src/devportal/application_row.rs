//! Rows of `application`. Every look-up is by owner or group: someone else's application is not there.

use runtime::{
    Failure, Outcome,
    db::{Statement, sql},
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{call::Call, guard, time::iso};

/// A row of `application`, with how many APIs it is subscribed to.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct ApplicationRow {
    pub(crate) id: String,
    pub(crate) owner: String,
    pub(crate) name: String,
    pub(crate) policy: String,
    pub(crate) description: String,
    pub(crate) token_type: String,
    pub(crate) status: String,
    pub(crate) attributes: String,
    /// JSON: the roles that work with it like its owner.
    pub(crate) groups: String,
    pub(crate) generation: i64,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
    pub(crate) subscriptions: i64,
    /// What somebody has to decide about it: a workflow's kind.
    pub(crate) waits: Option<String>,
}

/// What [`ApplicationRow`] reads.
pub(crate) const COLUMNS: &str = "application.id, owner, name, policy, description, token_type, application.status, \
    attributes, application.groups, generation, application.created_at, application.updated_at, \
    (SELECT count(*) FROM subscription WHERE subscription.application_id = application.id) AS subscriptions, \
    (SELECT workflow.kind FROM workflow WHERE workflow.subject = application.id AND workflow.status = 'CREATED' \
    AND workflow.kind IN ('APPLICATION_DELETION', 'APPLICATION_UPDATE') ORDER BY workflow.kind LIMIT 1) AS waits";

/// The caller's application of that id.
pub(crate) async fn find(call: &Call, id: &str) -> Outcome<ApplicationRow> {
    let query = sql(format!(
        "SELECT {COLUMNS} FROM application WHERE id = ? AND organization = ? AND {MINE}"
    ))
    .bind(id)
    .bind(call.organization())
    .bind(call.user()?)
    .bind(roles(call));
    call.db
        .first(query)
        .await?
        .ok_or_else(|| Failure::code("900307"))
}

/// The condition on `application` that the caller works with it: as its owner, or by one of its groups. Takes the
/// caller's name and [`roles`].
pub(crate) const MINE: &str = "application.id IN (SELECT own.id FROM application AS own WHERE own.owner = ? UNION ALL \
    SELECT open.id FROM application AS open WHERE open.groups <> '[]' AND EXISTS (SELECT 1 FROM json_each(open.groups) AS shared \
    WHERE shared.value IN (SELECT value FROM json_each(?))))";

/// The caller's roles, for [`MINE`]. Those that everybody has are no group.
pub(crate) fn roles(call: &Call) -> String {
    let own: Vec<&String> = call
        .principal
        .iter()
        .flat_map(|principal| &principal.roles)
        .filter(|role| !is_everybodys(role))
        .collect();
    json!(own).to_string()
}

/// Whether a role says nothing of who belongs together.
pub(crate) fn is_everybodys(role: &str) -> bool {
    role.starts_with("Internal/")
}

/// The application of the path's `applicationId`.
pub(crate) async fn of_path(call: &Call) -> Outcome<ApplicationRow> {
    find(call, call.path("applicationId")).await
}

impl ApplicationRow {
    /// Undoes the batch when the application was changed since it was read.
    pub(crate) fn unchanged(&self) -> Statement {
        guard::unchanged("application", &self.id, self.generation)
    }

    /// Its status as clients see it. It is in force while somebody decides about a change or its end.
    fn status(&self) -> &str {
        match self.waits.as_deref() {
            Some("APPLICATION_DELETION") => "DELETE_PENDING",
            Some(_) => "UPDATE_PENDING",
            None => &self.status,
        }
    }

    /// WSO2's `ApplicationInfo`.
    pub(crate) fn line(&self) -> Value {
        json!({
            "applicationId": self.id,
            "name": self.name,
            "throttlingPolicy": self.policy,
            "description": self.description,
            "status": self.status(),
            "groups": serde_json::from_str::<Value>(&self.groups).unwrap_or_else(|_| json!([])),
            "subscriptionCount": self.subscriptions,
            "attributes": serde_json::from_str::<Value>(&self.attributes).unwrap_or_else(|_| json!({})),
            "owner": self.owner,
            "tokenType": self.token_type,
            "createdTime": iso(self.created_at),
            "updatedTime": iso(self.updated_at),
        })
    }

    /// WSO2's `Application`, with its keys.
    pub(crate) fn whole(&self, keys: Vec<Value>) -> Value {
        let mut shown = self.line();
        if let Value::Object(members) = &mut shown {
            members.insert("keys".to_owned(), Value::Array(keys));
            members.insert("subscriptionScopes".to_owned(), json!([]));
            members.insert("hashEnabled".to_owned(), json!(true));
            members.insert("visibility".to_owned(), json!("PRIVATE"));
        }
        shown
    }
}
