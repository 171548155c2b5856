//! `POST /session/password`: a new password for the current one.

use ::people::require_password;
use problem::Problem;
use runtime::{Outcome, body, reply};
use serde::Deserialize;
use worker::Response;

use super::owner;
use crate::{call::Call, password, people, session, stop::as_failure, users};

/// Ends every session and takes back every token; this browser goes on under a new session.
pub(super) async fn change(call: &Call) -> Outcome<Response> {
    let owner = owner(call).await?;
    let Change { current, password } = body::json_within(&call.request, 16 * 1024).await?;
    let username = &owner.person.username;
    people::prove_password(call, username, &current)
        .await
        .map_err(as_failure)
        .map_err(not_the_current_one)?;
    require_password(&password, username)?;
    let hash = password::hash(&call.env, &password).await?;
    users::set_password_of(call, &owner.person.id, &hash, username).await?;
    let amr: Vec<&str> = owner.amr.iter().map(String::as_str).collect();
    session::start(call, &owner.person, &amr).await
}

/// `POST /internal/users/own/password`: for who shows a token instead of a session; `actor` says who.
pub(crate) async fn change_of_actor(call: &Call) -> Outcome<Response> {
    let username = call.query("actor")?.unwrap_or_default();
    let Change { current, password } = body::json_within(&call.request, 16 * 1024).await?;
    let person = people::prove_password(call, &username, &current)
        .await
        .map_err(as_failure)
        .map_err(not_the_current_one)?;
    require_password(&password, &username)?;
    let hash = password::hash(&call.env, &password).await?;
    users::set_password_of(call, &person.id, &hash, &username).await?;
    reply::empty(200)
}

/// A wrong current password is a fault of the form, and not the end of the session that a 401 would say.
fn not_the_current_one(failure: runtime::Failure) -> runtime::Failure {
    match failure {
        runtime::Failure::Problem(problem) if problem.status() == 401 => Problem::new("400")
            .fault("current", "the current password is wrong")
            .into(),
        other @ (runtime::Failure::Problem(_) | runtime::Failure::Internal(_)) => other,
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    current: String,
    password: String,
}
