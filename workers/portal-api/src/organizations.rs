//! Organizations: the one that an installation is for, and those within it whose people consume APIs.

use lifecycle::{Draft, Fault};
use runtime::{Failure, Outcome, db::sql, reply};
use serde::Deserialize;
use serde_json::{Value, json};
use worker::Response;

use crate::{call::Call, page, page::Page};

/// An organization whose people consume APIs.
#[derive(Deserialize)]
pub(crate) struct Organization {
    pub(crate) id: String,
    external_id: String,
    display_name: String,
    description: String,
    organization: String,
}

impl Organization {
    /// WSO2's `Organization`.
    pub(crate) fn shown(&self) -> Value {
        json!({
            "organizationId": self.id,
            "externalOrganizationId": self.external_id,
            "parentOrganizationId": self.organization,
            "displayName": self.display_name,
            "description": self.description,
        })
    }
}

/// Every one, by name.
pub(crate) async fn all(call: &Call) -> Outcome<Vec<Organization>> {
    let query = sql(format!(
        "SELECT {COLUMNS} FROM consumer_organization WHERE organization = ? ORDER BY display_name COLLATE NOCASE, id"
    ));
    call.db.all(query.bind(call.organization())).await
}

/// The one of that id.
pub(crate) async fn find(call: &Call, id: &str) -> Outcome<Organization> {
    let query = sql(format!(
        "SELECT {COLUMNS} FROM consumer_organization WHERE organization = ? AND id = ?"
    ));
    call.db
        .first(query.bind(call.organization()).bind(id))
        .await?
        .ok_or_else(|| Failure::because("404", "there is no such organization"))
}

/// Those that a draft names and that there are not.
pub(crate) async fn unknown(call: &Call, draft: &Draft) -> Outcome<Vec<Fault>> {
    let wanted = draft.visible_organizations.iter().flatten();
    let wanted: Vec<(usize, &String)> = wanted
        .enumerate()
        .filter(|(_, one)| !WORDS.contains(&one.as_str()))
        .collect();
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let known = all(call).await?;
    let faults = wanted
        .into_iter()
        .filter(|(_, id)| !known.iter().any(|one| one.id == **id))
        .map(|(index, id)| Fault {
            place: format!("visibleOrganizations[{index}]"),
            message: format!("there is no organization `{id}`"),
        });
    Ok(faults.collect())
}

/// `GET /me/organization-information`: the organization whose role the caller has, or the one that the installation is for.
pub(crate) async fn mine(call: &Call) -> Outcome<Response> {
    let roles = call.principal.as_ref().map(|it| it.roles.as_slice());
    let query = sql(format!(
        "SELECT {COLUMNS} FROM consumer_organization WHERE organization = ? \
         AND external_id IN (SELECT value FROM json_each(?)) ORDER BY external_id LIMIT 1"
    ))
    .bind(call.organization())
    .bind(json!(roles.unwrap_or_default()).to_string());
    let consumes: Option<Organization> = call.db.first(query).await?;
    let (id, name) = match consumes {
        Some(one) => (one.id, one.display_name),
        None => {
            let own = own(call).await?;
            (own.id, own.name)
        }
    };
    reply::json(200, &json!({"organizationId": id, "name": name}))
}

/// `GET /organizations` of the publisher: for whom an API may be.
pub(crate) async fn list(call: &Call) -> Outcome<Response> {
    let all = all(call).await?;
    let list = all.iter().map(Organization::shown).collect();
    reply::json(200, &page::whole(list))
}

/// `GET /tenants`: the one whose domain the caller's objects belong to.
pub(crate) async fn tenants(call: &Call) -> Outcome<Response> {
    let own = own(call).await?;
    let list: Vec<Value> = vec![json!({"domain": own.id, "status": "ACTIVE"})];
    reply::json(200, &Page::of(call)?.cut(call, list))
}

/// `HEAD /tenants/{tenantDomain}`
pub(crate) async fn tenant_exists(call: &Call) -> Outcome<Response> {
    let known = own(call).await?.id == call.path("tenantDomain");
    reply::empty(if known { 200 } else { 404 })
}

async fn own(call: &Call) -> Outcome<Row> {
    let query = sql("SELECT id, name FROM organization WHERE id = ?").bind(call.organization());
    let row: Option<Row> = call.db.first(query).await?;
    row.ok_or_else(|| Failure::Internal("the organization has no row".to_owned()))
}

#[derive(Deserialize)]
struct Row {
    id: String,
    name: String,
}

const COLUMNS: &str = "id, external_id, display_name, description, organization";
/// Everybody, and people of no organization.
const WORDS: [&str; 2] = ["all", "none"];
