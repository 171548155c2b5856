//! People as administrators see them: `/internal/users`, which the admin API forwards after judging who asks.

mod row;
mod write;

pub(crate) use row::roles_of;
pub(crate) use write::{audit_by, grant, set_password_by, set_password_of, set_roles};

use people::{NewUser, UserUpdate, require_password};
use runtime::{Failure, Outcome, body, reply};
use serde::Deserialize;
use serde_json::json;
use worker::Response;

use crate::{call::Call, password};

/// `GET /internal/users?limit&offset`.
pub(crate) async fn list(call: &Call) -> Outcome<Response> {
    let limit = number(call, "limit", 25)?.clamp(1, 500);
    let offset = number(call, "offset", 0)?;
    let (rows, total) = row::page(call, limit, offset).await?;
    let link = |offset: i64| format!("/users?limit={limit}&offset={offset}");
    let next = (offset + limit < total).then(|| link(offset + limit));
    let previous = (offset > 0).then(|| link((offset - limit).max(0)));
    reply::json(
        200,
        &json!({
            "count": rows.len(),
            "list": rows,
            "pagination": {
                "offset": offset, "limit": limit, "total": total,
                "next": next.unwrap_or_default(), "previous": previous.unwrap_or_default(),
            },
        }),
    )
}

/// `POST /internal/users`.
pub(crate) async fn create(call: &Call) -> Outcome<Response> {
    let user: NewUser = body::json(&call.request).await?;
    user.check()?;
    require_roles(call, &user.roles).await?;
    let hash = password::hash(&call.env, &user.password).await?;
    let id = write::insert(call, &user, &hash).await?;
    reply::json(201, &row::one(call, &id).await?)
}

/// `GET /internal/users/{id}`.
pub(crate) async fn read(call: &Call, id: &str) -> Outcome<Response> {
    reply::json(200, &row::one(call, id).await?)
}

/// `PUT /internal/users/{id}`: what is left out stays.
pub(crate) async fn update(call: &Call, id: &str) -> Outcome<Response> {
    let update: UserUpdate = body::json(&call.request).await?;
    update.check()?;
    if let Some(roles) = &update.roles {
        require_roles(call, roles).await?;
    }
    let before = row::one(call, id).await?;
    write::update(call, &before, &update).await?;
    reply::json(200, &row::one(call, id).await?)
}

/// `DELETE /internal/users/{id}`.
pub(crate) async fn delete(call: &Call, id: &str) -> Outcome<Response> {
    let before = row::one(call, id).await?;
    write::delete(call, &before).await?;
    reply::empty(204)
}

/// `POST /internal/users/{id}/password`: ends the person's sessions and tokens.
pub(crate) async fn set_password(call: &Call, id: &str) -> Outcome<Response> {
    let wish: PasswordWish = body::json(&call.request).await?;
    let before = row::one(call, id).await?;
    require_password(&wish.password, &before.username)?;
    write::set_password(
        call,
        &before,
        &password::hash(&call.env, &wish.password).await?,
    )
    .await?;
    reply::empty(204)
}

/// `DELETE /internal/users/{id}/second-factors`: for who lost them.
pub(crate) async fn reset_factors(call: &Call, id: &str) -> Outcome<Response> {
    let before = row::one(call, id).await?;
    write::reset_factors(call, &before).await?;
    reply::empty(204)
}

/// `DELETE /internal/users/{id}/sessions`: signs a person out everywhere.
pub(crate) async fn end_sessions(call: &Call, id: &str) -> Outcome<Response> {
    let before = row::one(call, id).await?;
    write::end_sessions(call, &before).await?;
    reply::empty(204)
}

/// `GET /internal/roles`.
pub(crate) async fn roles(call: &Call) -> Outcome<Response> {
    let rows = row::roles(call).await?;
    reply::json(200, &json!({"count": rows.len(), "list": rows}))
}

pub(crate) async fn require_roles(call: &Call, wanted: &[String]) -> Outcome<()> {
    let known = row::roles(call).await?;
    let unknown: Vec<&str> = wanted
        .iter()
        .filter(|role| !known.iter().any(|known| known.name == **role))
        .map(String::as_str)
        .collect();
    if unknown.is_empty() {
        return Ok(());
    }
    Err(Failure::because(
        "900602",
        format!("there is no role `{}`", unknown.join("`, `")),
    ))
}

fn number(call: &Call, name: &str, default: i64) -> Outcome<i64> {
    let Some(text) = call.query(name)? else {
        return Ok(default);
    };
    text.parse()
        .ok()
        .filter(|number| (0..=1_000_000).contains(number))
        .ok_or_else(|| {
            problem::Problem::new("400")
                .fault(name, "give a whole number from 0 to 1000000")
                .into()
        })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PasswordWish {
    password: String,
}
