//! What the portals ask about organizations: an installation has one.

use runtime::{Outcome, db::sql, reply};
use serde::Deserialize;
use serde_json::{Value, json};
use worker::Response;

use crate::{call::Call, page, page::Page};

/// `GET /me/organization-information`
pub(crate) async fn mine(call: &Call) -> Outcome<Response> {
    let organization = own(call).await?;
    reply::json(
        200,
        &json!({"organizationId": organization.id, "name": organization.name}),
    )
}

/// `GET /organizations` of the publisher.
pub(crate) async fn list(call: &Call) -> Outcome<Response> {
    let own = own(call).await?;
    let list = vec![
        json!({"organizationId": own.id, "displayName": own.name, "externalOrganizationId": own.id}),
    ];
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
    row.ok_or_else(|| runtime::Failure::Internal("the organization has no row".to_owned()))
}

#[derive(Deserialize)]
struct Row {
    id: String,
    name: String,
}
