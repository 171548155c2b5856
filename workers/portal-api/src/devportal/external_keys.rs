//! Keys at external key managers: clients that are registered there for an application, or were there and are mapped.

mod provider;
mod wish;

use credential::external_client;
use runtime::{
    Failure, Outcome,
    db::{Statement, sql},
    id, reply,
};
use serde_json::{Value, json};
use worker::Response;

use super::{
    application_row::ApplicationRow,
    client_row::{self, ClientRow},
    key_request::{Change, Mapping, Request},
    keys::already_there,
};
use crate::{apis::write, call::Call, deployments::note, guard, key_managers::External, refusal};
pub(crate) use provider::token;
pub(crate) use wish::PROPERTIES;
use wish::Wish;

/// `generate-keys` at a key manager: the client is registered there first, and taken back should its keys not be kept.
pub(crate) async fn generate(
    call: &Call,
    application: &ApplicationRow,
    manager: &External,
    body: Request,
    registered: Vec<Statement>,
) -> Outcome<Response> {
    if !manager.registers_clients() {
        let message = format!(
            "clients are not made at `{}` from here; register one there and send its key to `map-keys`",
            manager.name
        );
        return Err(refusal::one("900953", "keyManager", message));
    }
    let wish = Wish::of_request(&body);
    wish.check(manager)?;
    let own = client_row::of_application(call, &application.id).await?;
    let is_there =
        |row: &ClientRow| row.key_type == body.key_type && row.key_manager == manager.name;
    if own.iter().any(is_there) {
        return Err(Failure::code("900951"));
    }
    let mapping = id::uuid()?;
    let name = format!("{}_{}", application.name, body.key_type);
    let made = provider::register(call, manager, &mapping, &wish.metadata(&name)).await?;
    let new = New {
        mapping: &mapping,
        key_type: &body.key_type,
        mode: "CREATED",
        client_id: &made.client_id,
        wish: &wish,
        registration_uri: &made.registration_uri,
        sealed: &made.sealed,
        registered,
    };
    if let Err(failure) = new
        .keep(call, application, manager, "application.generate-keys")
        .await
    {
        let undone = provider::delete(call, &mapping, &made.registration_uri, &made.sealed).await;
        if let Err(failure) = undone {
            worker::console_error!("a client stays at {}: {failure:?}", manager.id);
        }
        return Err(failure);
    }
    let mut shown = find(call, application, &mapping).await?.shown();
    if let (Value::Object(members), Some(secret)) = (&mut shown, &made.client_secret) {
        members.insert("consumerSecret".to_owned(), json!(secret));
        let scopes = body.scopes.unwrap_or_default();
        if let Some(token) = provider::first(manager, call, &made.client_id, secret, &scopes).await
        {
            members.insert("token".to_owned(), token);
        }
    }
    reply::json(200, &shown)
}

/// `map-keys`: a client that is there already. Who shows its secret shows that it is theirs.
pub(crate) async fn map(
    call: &Call,
    application: &ApplicationRow,
    manager: &External,
    body: &Mapping,
) -> Outcome<Response> {
    if !manager.maps_clients() {
        let message = format!("clients of `{}` are not mapped", manager.name);
        return Err(refusal::one("900953", "keyManager", message));
    }
    let secret = body.consumer_secret.as_deref().unwrap_or_default();
    provider::require_possession(call, manager, &body.consumer_key, secret).await?;
    let mapping = id::uuid()?;
    let wish = Wish::of_mapping(manager);
    let new = New {
        mapping: &mapping,
        key_type: &body.key_type,
        mode: "MAPPED",
        client_id: &body.consumer_key,
        wish: &wish,
        registration_uri: "",
        sealed: "",
        registered: Vec::new(),
    };
    new.keep(call, application, manager, "application.map-keys")
        .await?;
    reply::json(200, &find(call, application, &mapping).await?.shown())
}

/// `PUT` of keys: at the provider first, which has the last word on its clients.
pub(crate) async fn update(call: &Call, client: &ClientRow, body: &Change) -> Outcome<()> {
    let manager = client.external_issuer(call).await?;
    let Some(manager) = manager.filter(|_| client.is_ours_to_change()) else {
        return Err(elsewhere(client));
    };
    let wish = Wish::of_change(body, client);
    wish.check(&manager)?;
    let name = format!("{}_{}", client.application_name, client.key_type);
    provider::change(call, client, &wish.metadata(&name)).await?;
    let keep = sql(
        "UPDATE external_client SET grant_types = ?, callback_url = ?, settings = ? WHERE mapping = ?",
    );
    let statements = vec![
        keep.bind(json!(wish.grants).to_string())
            .bind(wish.callback.as_str())
            .bind(json!(wish.properties).to_string())
            .bind(&client.mapping),
        write::audit(call, "application.update-keys", &client.client_id)?,
    ];
    call.db.batch(statements).await?;
    Ok(())
}

/// `DELETE` of keys. Here they go at once; a client that was made from here goes there too, if its provider can be asked.
pub(crate) async fn delete(call: &Call, client: &ClientRow) -> Outcome<()> {
    let statements = vec![
        sql("DELETE FROM external_client WHERE mapping = ?").bind(&client.mapping),
        sql("DELETE FROM key_mapping WHERE id = ?").bind(&client.mapping),
        note("client", &client.client_id, call),
        write::audit(call, "application.delete-keys", &client.client_id)?,
    ];
    call.db.batch(statements).await?;
    forget(call, client).await;
    Ok(())
}

/// Takes away at its provider a client that was made from here, when its keys are gone here.
pub(crate) async fn forget(call: &Call, client: &ClientRow) {
    if !client.is_ours_to_change() {
        return;
    }
    let ClientRow {
        mapping,
        registration_uri,
        sealed_registration,
        ..
    } = client;
    let gone = provider::delete(call, mapping, registration_uri, sealed_registration).await;
    if let Err(failure) = gone {
        worker::console_error!(
            "client {} stays at its provider: {failure:?}",
            client.client_id
        );
    }
}

/// What only its key manager can do.
pub(crate) fn elsewhere(client: &ClientRow) -> Failure {
    let message = format!(
        "the client is kept at `{}`; change it there",
        client.key_manager
    );
    refusal::one("400", "keyManager", message)
}

/// A client that is about to be known here.
struct New<'a> {
    mapping: &'a str,
    key_type: &'a str,
    mode: &'a str,
    /// As its issuer calls it.
    client_id: &'a str,
    wish: &'a Wish,
    registration_uri: &'a str,
    sealed: &'a str,
    /// What else belongs into the batch that keeps it.
    registered: Vec<Statement>,
}

impl New<'_> {
    async fn keep(
        mut self,
        call: &Call,
        application: &ApplicationRow,
        manager: &External,
        verb: &str,
    ) -> Outcome<()> {
        let known = external_client(&manager.id, self.client_id);
        let mut statements = std::mem::take(&mut self.registered);
        statements.extend([
            guard::require(
                "EXISTS (SELECT 1 FROM application WHERE id = ?) AND \
                 EXISTS (SELECT 1 FROM key_manager WHERE id = ? AND enabled = 1)",
            )
            .bind(&application.id)
            .bind(&manager.id),
            self.mapping_row(call, application, manager),
            self.client_row(call, manager),
            note("client", known.as_str(), call),
            note("application", &application.id, call),
            write::audit(call, verb, known.as_str())?,
        ]);
        let kept = guard::or(call.db.batch(statements).await, || Failure::code("900307"));
        kept.map(drop).map_err(|failure| match &failure {
            Failure::Problem(problem) if problem.description().contains("external_client.") => {
                Failure::because("409", "the client is an application's already")
            }
            Failure::Problem(_) | Failure::Internal(_) => already_there(failure),
        })
    }

    fn mapping_row(
        &self,
        call: &Call,
        application: &ApplicationRow,
        manager: &External,
    ) -> Statement {
        sql("INSERT INTO key_mapping (id, application_id, key_type, key_manager, client_id, mode, created_at) \
             VALUES (?, ?, ?, ?, ?, ?, ?)")
        .bind(self.mapping)
        .bind(&application.id)
        .bind(self.key_type)
        .bind(&manager.name)
        .bind(external_client(&manager.id, self.client_id).as_str())
        .bind(self.mode)
        .bind(call.now)
    }

    fn client_row(&self, call: &Call, manager: &External) -> Statement {
        sql("INSERT INTO external_client (mapping, organization, key_manager, client_id, grant_types, callback_url, \
             settings, registration_uri, sealed_registration) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(self.mapping)
        .bind(call.organization())
        .bind(&manager.id)
        .bind(self.client_id)
        .bind(json!(self.wish.grants).to_string())
        .bind(self.wish.callback.as_str())
        .bind(json!(self.wish.properties).to_string())
        .bind(self.registration_uri)
        .bind(self.sealed)
    }
}

async fn find(call: &Call, application: &ApplicationRow, mapping: &str) -> Outcome<ClientRow> {
    let clients = client_row::of_application(call, &application.id).await?;
    let mut clients = clients.into_iter();
    let found = clients.find(|client| client.mapping == mapping);
    found.ok_or_else(|| Failure::code("900331"))
}
