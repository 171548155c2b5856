//! What a user does with a client that it registered: reads it, changes it, ends it. Somebody else's is not there.

use oauth::{Registration, RegistrationRequest};
use runtime::{Failure, Outcome, body, db::sql, reply};
use serde::Deserialize;
use worker::Response;

use crate::{
    call::{Call, ORGANIZATION},
    people::Person,
    revoke,
    users::audit_by,
};

/// `GET …/register/{clientId}`.
pub(super) async fn read(call: &Call, person: &Person, id: &str) -> Outcome<Response> {
    let row = by(call, person, "client_id = ?", id).await?;
    row.answer(person)
}

/// `GET …/register?client_name=…`.
pub(super) async fn find(call: &Call, person: &Person) -> Outcome<Response> {
    let name = call
        .query("client_name")?
        .filter(|name| !name.is_empty())
        .ok_or_else(|| problem::Problem::new("400").fault("client_name", "is missing"))?;
    by(call, person, "name = ?", &name).await?.answer(person)
}

/// `PUT …/register/{clientId}`: replaces what was registered; the secrets stay.
pub(super) async fn update(call: &Call, person: &Person, id: &str) -> Outcome<Response> {
    let request: RegistrationRequest = body::json(&call.request).await?;
    let registration = request.check(&person.username)?;
    by(call, person, "client_id = ?", id).await?;
    let update = sql(format!(
        "UPDATE oauth_client SET name = ?, grant_types = ?, callback_url = ?, is_saas = ? WHERE {OWN} AND client_id = ?"
    ))
    .bind(&registration.name)
    .bind(serde_json::to_string(&registration.grants)?)
    .bind(&registration.callback_url)
    .bind(registration.saas)
    .bind(ORGANIZATION)
    .bind(&person.username)
    .bind(id);
    let note = audit_by(call, &person.username, "client.change-registration", id);
    call.db.batch(vec![update, note]).await?;
    reply::json(200, &registration.answer(id, None))
}

/// `DELETE …/register/{clientId}`: the client is gone, with all that it was given.
pub(super) async fn delete(call: &Call, person: &Person, id: &str) -> Outcome<Response> {
    by(call, person, "client_id = ?", id).await?;
    let mut batch = revoke::revoking_client(call, id);
    batch.push(
        sql(format!(
            "DELETE FROM oauth_client WHERE {OWN} AND client_id = ?"
        ))
        .bind(ORGANIZATION)
        .bind(&person.username)
        .bind(id),
    );
    let note = audit_by(call, &person.username, "client.end-registration", id);
    batch.push(note);
    revoke::publish_with(call, batch).await?;
    reply::empty(204)
}

async fn by(call: &Call, person: &Person, condition: &str, value: &str) -> Outcome<Row> {
    let find = sql(format!(
        "SELECT client_id, name, grant_types, callback_url, is_saas FROM oauth_client WHERE {OWN} AND {condition}"
    ));
    let find = find.bind(ORGANIZATION).bind(&person.username).bind(value);
    let row: Option<Row> = call.db.first(find).await?;
    row.ok_or_else(|| Failure::because("404", "you have registered no such client"))
}

#[derive(Deserialize)]
struct Row {
    client_id: String,
    name: String,
    grant_types: String,
    callback_url: String,
    is_saas: i64,
}

impl Row {
    fn answer(self, person: &Person) -> Outcome<Response> {
        let registration = Registration {
            name: self.name,
            owner: person.username.clone(),
            grants: serde_json::from_str(&self.grant_types)?,
            callback_url: self.callback_url,
            saas: self.is_saas != 0,
        };
        reply::json(200, &registration.answer(&self.client_id, None))
    }
}

/// Clients that the user registered by itself; those of applications are changed in the developer portal.
const OWN: &str = "organization = ? AND owner = ? AND application_id IS NULL";
