//! `/client-registration/v0.17/register`: a user registers a client for itself, and looks after it ([`own`]).
//!
//! Doing so again with the same name gives the same client a further secret, since the first one is not kept in a form
//! that could be told again. The newest [`SECRETS_KEPT`] work.

use credential::Secret;
use oauth::{RegistrationRequest, basic};
use runtime::{Failure, Outcome, body, db::sql, id, reply};
use serde::Deserialize;
use worker::Response;

mod own;

use crate::{
    call::{Call, ORGANIZATION},
    people::{self, Person},
    routes::refuse_method,
    stop::as_failure,
};

/// Answers what stands at and below the address.
pub(crate) async fn answer(call: &Call, method: &str, rest: &[&str]) -> Outcome<Response> {
    match (method, rest) {
        ("POST" | "GET", []) | ("GET" | "PUT" | "DELETE", [_]) => {}
        (_, []) => return refuse_method("GET, POST"),
        (_, [_]) => return refuse_method("GET, PUT, DELETE"),
        _ => return Err(Failure::code("404")),
    }
    let person = match person(call).await {
        Ok(person) => person,
        Err(failure) => return unauthorized(failure),
    };
    match (method, rest) {
        ("POST", _) => create(call, &person).await,
        ("GET", []) => own::find(call, &person).await,
        ("PUT", [id]) => own::update(call, &person, id).await,
        ("DELETE", [id]) => own::delete(call, &person, id).await,
        (_, [id, ..]) => own::read(call, &person, id).await,
        _ => Err(Failure::code("404")),
    }
}

/// Who sends name and password.
async fn person(call: &Call) -> Outcome<Person> {
    let shown = call.header("authorization")?.as_deref().and_then(basic);
    let (username, password) = shown.ok_or_else(|| {
        Failure::because(
            "401",
            "send the user's name and password as `Authorization: Basic`",
        )
    })?;
    let username = username.strip_suffix("@carbon.super").unwrap_or(&username);
    people::sign_in(call, username, &password)
        .await
        .map_err(as_failure)
}

async fn create(call: &Call, person: &Person) -> Outcome<Response> {
    let request: RegistrationRequest = body::json(&call.request).await?;
    let registration = request.check(&person.username)?;
    let secret = Secret::generate(&id::random()?);
    let fresh = Secret::generate(&id::random()?);
    let client_id: String = fresh.reveal().chars().take(CLIENT_ID_DIGITS).collect();
    let client_id = register(call, &registration, &client_id, &secret).await?;
    reply::json(200, &registration.answer(&client_id, Some(secret.reveal())))
}

/// One batch: the client unless it is there, its secret, and the end of its oldest secrets.
async fn register(
    call: &Call,
    registration: &oauth::Registration,
    client_id: &str,
    secret: &Secret,
) -> Outcome<String> {
    let grants = serde_json::to_string(&registration.grants)?;
    let insert = sql(
        "INSERT INTO oauth_client (client_id, organization, name, owner, grant_types, callback_url, is_saas, created_at) \
         VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (organization, owner, name) DO UPDATE SET \
         grant_types = excluded.grant_types, callback_url = excluded.callback_url, is_saas = excluded.is_saas WHERE application_id IS NULL",
    )
    .bind(client_id)
    .bind(ORGANIZATION)
    .bind(&registration.name)
    .bind(&registration.owner)
    .bind(grants)
    .bind(&registration.callback_url)
    .bind(registration.saas)
    .bind(call.now);
    let add = sql(format!(
        "INSERT INTO client_secret (id, client_id, digest, label, created_at) \
         SELECT ?, client_id, ?, 'registration', ? FROM oauth_client WHERE {OWN}"
    ))
    .bind(id::uuid()?)
    .bind(secret.digest())
    .bind(call.now);
    let prune = sql(format!(
        "DELETE FROM client_secret WHERE client_id = (SELECT client_id FROM oauth_client WHERE {OWN}) AND id NOT IN \
         (SELECT s.id FROM client_secret s JOIN oauth_client USING (client_id) WHERE {OWN} \
          ORDER BY s.created_at DESC, s.rowid DESC LIMIT {SECRETS_KEPT})"
    ));
    let own = |statement: runtime::db::Statement| {
        statement
            .bind(ORGANIZATION)
            .bind(&registration.owner)
            .bind(&registration.name)
    };
    call.db
        .batch(vec![insert, own(add), own(own(prune))])
        .await?;
    let named = own(sql(format!(
        "SELECT client_id FROM oauth_client WHERE {OWN}"
    )));
    let row: Option<Row> = call.db.first(named).await?;
    row.map(|row| row.client_id).ok_or_else(|| {
        Failure::because(
            "409",
            "an application's key has this name; choose another `clientName`",
        )
    })
}

/// Asks for the scheme that this endpoint takes.
fn unauthorized(failure: Failure) -> Outcome<Response> {
    let Failure::Problem(problem) = failure else {
        return Err(failure);
    };
    if problem.status() != 401 {
        return Err(Failure::Problem(problem));
    }
    let response = reply::text(401, "application/json", problem.management_body())?;
    reply::with_header(response, "www-authenticate", "Basic realm=\"Postern\"")
}

#[derive(Deserialize)]
struct Row {
    client_id: String,
}

/// The client of this name that its owner registered by itself.
const OWN: &str = "organization = ? AND owner = ? AND name = ? AND application_id IS NULL";
/// As long as WSO2's.
const CLIENT_ID_DIGITS: usize = 28;
/// A script on each of a few machines may register under one name.
const SECRETS_KEPT: usize = 5;
