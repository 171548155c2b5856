//! `/roles`: those that administrators make; the ones that an installation begins with stay.

use runtime::{Failure, Outcome, db::sql, reply};
use serde::Deserialize;
use serde_json::json;
use worker::Response;

use crate::{apis::write, call::Call, guard, refusal, roles::decoded};

/// `POST /roles`
pub(crate) async fn create(call: &Call) -> Outcome<Response> {
    let body: Body = call.json().await?;
    if !is_name(&body.name) {
        return Err(refusal::one(
            "400",
            "name",
            "is not 1 to 60 of letters, digits, `.`, `_`, `-` and `/`, a letter or digit first and last",
        ));
    }
    if is_built_in(&body.name) {
        return Err(refusal::one(
            "400",
            "name",
            "is of those that an installation begins with",
        ));
    }
    let description = body.description.unwrap_or_default();
    if description.chars().count() > 500 {
        return Err(refusal::one(
            "400",
            "description",
            "is longer than 500 characters",
        ));
    }
    let statements = vec![
        sql("INSERT INTO role (organization, name, description) VALUES (?, ?, ?)")
            .bind(call.organization())
            .bind(&body.name)
            .bind(&description),
        write::audit(call, "role.create", &body.name)?,
    ];
    call.db.batch(statements).await.map_err(|failure| {
        let instead = Failure::because("409", format!("there is a role `{}`", body.name));
        guard::taken(failure, "role.", instead)
    })?;
    reply::json(201, &json!({"name": body.name, "description": description}))
}

/// `DELETE /roles/{roleId}`: not while a person has it; what it could be granted goes with it.
pub(crate) async fn delete(call: &Call) -> Outcome<Response> {
    let known = crate::roles::all(call).await?;
    let given = call.path("roleId");
    let name = known
        .into_iter()
        .find(|role| role == given || *role == decoded(given))
        .ok_or_else(|| Failure::code("900607"))?;
    if is_built_in(&name) {
        return Err(Failure::because(
            "409",
            "an installation begins with this role, and it stays",
        ));
    }
    let statements = vec![
        guard::require("NOT EXISTS (SELECT 1 FROM user_role WHERE organization = ? AND role = ?)")
            .bind(call.organization())
            .bind(&name),
        sql("DELETE FROM scope_role WHERE organization = ? AND role = ?")
            .bind(call.organization())
            .bind(&name),
        sql("DELETE FROM role_alias WHERE organization = ? AND (role = ? OR alias = ?)")
            .bind(call.organization())
            .bind(&name)
            .bind(&name),
        sql("DELETE FROM role WHERE organization = ? AND name = ?")
            .bind(call.organization())
            .bind(&name),
        write::audit(call, "role.delete", &name)?,
    ];
    guard::or(call.db.batch(statements).await, || {
        Failure::because("409", "people have this role; take it from them first")
    })?;
    reply::empty(200)
}

/// Whether a role of one's own may be called that.
pub(super) fn may_be_made(name: &str) -> bool {
    is_name(name) && !is_built_in(name)
}

fn is_built_in(name: &str) -> bool {
    name == "admin" || name.starts_with("Internal/")
}

fn is_name(name: &str) -> bool {
    let is_plain = |one: char| one.is_alphanumeric();
    (1..=60).contains(&name.chars().count())
        && name.starts_with(is_plain)
        && name.ends_with(is_plain)
        && name
            .chars()
            .all(|one| is_plain(one) || "._-/".contains(one))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct Body {
    name: String,
    description: Option<String>,
}
