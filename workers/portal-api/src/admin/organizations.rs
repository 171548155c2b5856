//! `/organizations`: whose people consume APIs. Their people are those who have the role of the external id, so that whoever
//! manages people, here or at another provider, says who belongs where.

use lifecycle::Fault;
use runtime::{
    Failure, Outcome,
    db::{Statement, sql},
    id, reply,
};
use serde::Deserialize;
use serde_json::Value;
use worker::Response;

use super::roles;
use crate::{
    apis::write,
    call::Call,
    guard,
    organizations::{self, Organization},
    page, refusal,
};

/// `GET /organizations`
pub(crate) async fn list(call: &Call) -> Outcome<Response> {
    let all = organizations::all(call).await?;
    let list = all.iter().map(Organization::shown).collect();
    reply::json(200, &page::whole(list))
}

/// `POST /organizations`
pub(crate) async fn create(call: &Call) -> Outcome<Response> {
    let body: Body = call.json().await?;
    refusal::unless_empty("400", body.faults())?;
    let id = id::uuid()?;
    let insert = sql(
        "INSERT INTO consumer_organization (id, organization, external_id, display_name, description, created_at) \
         VALUES (?, ?, ?, ?, ?, ?)",
    )
    .bind(&id)
    .bind(call.organization())
    .bind(&body.external_organization_id)
    .bind(body.name())
    .bind(body.description.as_deref().unwrap_or_default())
    .bind(call.now);
    let room =
        guard::require("(SELECT count(*) FROM consumer_organization WHERE organization = ?) < ?")
            .bind(call.organization())
            .bind(MOST);
    keep(
        call,
        &body,
        vec![room, insert],
        ("organization.create", &id),
    )
    .await?;
    let made = organizations::find(call, &id).await?;
    let location = format!("/api/am/admin/v4/organizations/{id}");
    reply::with_header(reply::json(201, &made.shown())?, "location", &location)
}

/// `GET /organizations/{organizationId}`
pub(crate) async fn get(call: &Call) -> Outcome<Response> {
    let found = organizations::find(call, call.path("organizationId")).await?;
    reply::json(200, &found.shown())
}

/// `PUT /organizations/{organizationId}`
pub(crate) async fn update(call: &Call) -> Outcome<Response> {
    let before = organizations::find(call, call.path("organizationId")).await?;
    let body: Body = call.json().await?;
    refusal::unless_empty("400", body.faults())?;
    let update = sql(
        "UPDATE consumer_organization SET external_id = ?, display_name = ?, description = ? WHERE id = ?",
    )
    .bind(&body.external_organization_id)
    .bind(body.name())
    .bind(body.description.as_deref().unwrap_or_default())
    .bind(&before.id);
    keep(
        call,
        &body,
        vec![update],
        ("organization.update", &before.id),
    )
    .await?;
    let now = organizations::find(call, &before.id).await?;
    reply::json(200, &now.shown())
}

/// `DELETE /organizations/{organizationId}`: not while an API is for it; the role stays.
pub(crate) async fn delete(call: &Call) -> Outcome<Response> {
    let found = organizations::find(call, call.path("organizationId")).await?;
    let statements = vec![
        guard::require(
            "NOT EXISTS (SELECT 1 FROM api, json_each(api.visible_to) AS place WHERE api.organization = ? AND place.value = ?)",
        )
        .bind(call.organization())
        .bind(&found.id),
        sql("DELETE FROM consumer_organization WHERE id = ?").bind(&found.id),
        write::audit(call, "organization.delete", &found.id)?,
    ];
    guard::or(call.db.batch(statements).await, || {
        Failure::because(
            "409",
            "APIs are visible to this organization; change them first",
        )
    })?;
    reply::empty(200)
}

async fn keep(
    call: &Call,
    body: &Body,
    mut statements: Vec<Statement>,
    (action, id): (&str, &str),
) -> Outcome<()> {
    let role = sql("INSERT OR IGNORE INTO role (organization, name, description) VALUES (?, ?, ?)")
        .bind(call.organization())
        .bind(&body.external_organization_id)
        .bind(format!("People of {}", body.name()));
    statements.push(role);
    statements.push(write::audit(call, action, id)?);
    let kept = call.db.batch(statements).await.map_err(|failure| {
        let external = &body.external_organization_id;
        let instead = Failure::because("409", format!("there is an organization `{external}`"));
        guard::taken(failure, "consumer_organization.", instead)
    });
    guard::or(kept, || {
        Failure::because("409", format!("there are {MOST} organizations already"))
    })?;
    Ok(())
}

/// WSO2's `Organization`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "an object")]
struct Body {
    external_organization_id: String,
    display_name: Option<String>,
    description: Option<String>,
    #[serde(rename = "organizationId")]
    _id: Option<Value>,
    #[serde(rename = "parentOrganizationId")]
    _parent: Option<Value>,
}

impl Body {
    fn name(&self) -> &str {
        let given = self.display_name.as_deref();
        given.unwrap_or(&self.external_organization_id)
    }

    fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut add = |place: &str, message: &str| {
            faults.push(Fault {
                place: place.to_owned(),
                message: message.to_owned(),
            });
        };
        if !roles::may_be_made(&self.external_organization_id) {
            add(
                "externalOrganizationId",
                "is no name that a role of one's own may have; its people have that role",
            );
        }
        let length = self.name().trim().chars().count();
        if !(1..=255).contains(&length) {
            add("displayName", "is not 1 to 255 characters");
        }
        if self
            .description
            .as_ref()
            .is_some_and(|text| text.chars().count() > 1023)
        {
            add("description", "is longer than 1023 characters");
        }
        faults
    }
}

const MOST: i64 = 1_000;
