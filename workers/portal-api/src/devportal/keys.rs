//! `generate-keys`, `keys` and `oauth-keys`.

use credential::Secret;
use runtime::{
    Failure, Outcome,
    db::{Statement, sql},
    id, reply,
};
use serde_json::{Value, json};
use worker::Response;

use super::{
    application_row, client_row, external_keys,
    key_registration::{self, Registration},
    key_request::{self, Change, Request},
    secrets, tokens,
};
use crate::{
    apis::write,
    call::Call,
    deployments::note,
    guard,
    key_managers::{self, RESIDENT},
    page, refusal,
};

/// `POST /applications/{applicationId}/generate-keys`
pub(crate) async fn generate(call: &Call) -> Outcome<Response> {
    let application = application_row::of_path(call).await?;
    let body: Request = call.json().await?;
    let manager = match key_managers::chosen(call, body.key_manager.as_deref()).await? {
        Ok(None) => body.check(None).map(|()| None)?,
        Ok(manager) => body.check_type().map(|()| manager)?,
        Err(fault) => body.check(Some(fault)).map(|()| None)?,
    };
    if application.status != "APPROVED" {
        return Err(Failure::code("900309"));
    }
    let name = manager.as_ref().map_or(RESIDENT, |it| it.name.as_str());
    let registered = match key_registration::open(call, &application, &body, name).await? {
        Registration::Waits(answer) => return Ok(answer),
        Registration::Open(statements) => statements,
    };
    if let Some(manager) = manager {
        return external_keys::generate(call, &application, &manager, body, registered).await;
    }
    let new = Minted {
        mapping: id::uuid()?,
        client: id::uuid()?.replace('-', ""),
        secret: Secret::generate(&id::random()?),
        secret_id: id::uuid()?,
    };
    let mut statements = registered;
    statements.extend(new.insert(call, &application.id, &body)?);
    guard::or(call.db.batch(statements).await, || Failure::code("900307"))
        .map_err(already_there)?;
    let client = client_row::of_application(call, &application.id)
        .await?
        .into_iter()
        .find(|client| client.mapping == new.mapping)
        .ok_or_else(|| Failure::code("900331"))?;
    let mut shown = client.shown();
    if let Value::Object(members) = &mut shown {
        members.insert("consumerSecret".to_owned(), json!(new.secret.reveal()));
        let validity = body.validity();
        if let Some(token) =
            tokens::first(call, &client, body.scopes.unwrap_or_default(), validity).await
        {
            members.insert("token".to_owned(), token);
        }
    }
    reply::json(200, &shown)
}

/// `GET /applications/{applicationId}/keys` and `…/oauth-keys`
pub(crate) async fn list(call: &Call) -> Outcome<Response> {
    let application = application_row::of_path(call).await?;
    let clients = client_row::of_application(call, &application.id).await?;
    let mut list: Vec<Value> = clients.iter().map(client_row::ClientRow::shown).collect();
    list.extend(key_registration::pending(call, &application.id).await?);
    reply::json(200, &page::whole(list))
}

/// `GET …/keys/{keyType}` and `…/oauth-keys/{keyMappingId}`
pub(crate) async fn get(call: &Call) -> Outcome<Response> {
    reply::json(200, &client_row::of_path(call).await?.shown())
}

/// `PUT …/keys/{keyType}` and `…/oauth-keys/{keyMappingId}`
pub(crate) async fn update(call: &Call) -> Outcome<Response> {
    let client = client_row::of_path(call).await?;
    let body: Change = call.json().await?;
    if client.external.is_some() {
        external_keys::update(call, &client, &body).await?;
        return reply::json(200, &client_row::of_path(call).await?.shown());
    }
    let stored = client.properties();
    let wish = body.wish(&stored);
    refusal::unless_empty("900953", key_request::wish_faults(&wish))?;
    call.db
        .batch(vec![
            // A mapped client may have registered several places; one that is told here is the only one from now on.
            sql("UPDATE oauth_client SET grant_types = ?, callback_url = ?, settings = ?, \
                 metadata = iif(?, metadata, json_remove(metadata, '$.redirect_uris')) WHERE client_id = ?")
                .bind(json!(wish.grants).to_string())
                .bind(wish.callback)
                .bind(json!(wish.properties).to_string())
                .bind(i64::from(wish.callback == client.callback_url))
                .bind(&client.client_id),
            write::audit(call, "application.update-keys", &client.client_id)?,
        ])
        .await?;
    reply::json(200, &client_row::of_path(call).await?.shown())
}

/// `DELETE …/oauth-keys/{keyMappingId}`: a client that was made here goes, one that was mapped is on its own again.
pub(crate) async fn delete(call: &Call) -> Outcome<Response> {
    let client = client_row::of_path(call).await?;
    if client.external.is_some() {
        external_keys::delete(call, &client).await?;
        client_row::revoke(call, &client.client_id).await;
        return reply::empty(200);
    }
    call.db
        .batch(vec![
            client_row::release("client_id = ?").bind(&client.client_id),
            sql("DELETE FROM oauth_client WHERE client_id = ? AND application_id IS NOT NULL")
                .bind(&client.client_id),
            sql("DELETE FROM key_mapping WHERE id = ?").bind(&client.mapping),
            note("client", &client.client_id, call),
            write::audit(call, "application.delete-keys", &client.client_id)?,
        ])
        .await?;
    client_row::revoke(call, &client.client_id).await;
    reply::empty(200)
}

/// `POST …/keys/{keyType}/clean-up` and `…/oauth-keys/{keyMappingId}/clean-up`: takes away a mapping whose client is
/// not there any more, so that keys can be generated again. Whole keys stay.
pub(crate) async fn clean_up(call: &Call) -> Outcome<Response> {
    let application = application_row::of_path(call).await?;
    let mapping = client_row::mapping_of_path(call, &application.id).await?;
    let gone = sql("DELETE FROM key_mapping WHERE id = ? AND NOT EXISTS \
         (SELECT 1 FROM oauth_client WHERE oauth_client.client_id = key_mapping.client_id) \
         AND NOT EXISTS (SELECT 1 FROM external_client WHERE mapping = key_mapping.id)");
    call.db
        .batch(vec![
            gone.bind(&mapping.id),
            note("client", &mapping.client_id, call),
            write::audit(call, "application.clean-up", &mapping.client_id)?,
        ])
        .await?;
    reply::empty(200)
}

/// A client that is about to be.
struct Minted {
    mapping: String,
    client: String,
    secret: Secret,
    secret_id: String,
}

impl Minted {
    fn insert(&self, call: &Call, application: &str, body: &Request) -> Outcome<Vec<Statement>> {
        let settings = body.additional_properties.clone().unwrap_or_default();
        let secret = secrets::NewSecret {
            id: &self.secret_id,
            client: &self.client,
            digest: self.secret.digest(),
            description: "",
            expires_at: None,
        };
        Ok(vec![
            guard::require("EXISTS (SELECT 1 FROM application WHERE id = ?)").bind(application),
            sql("INSERT INTO oauth_client (client_id, organization, name, owner, application_id, key_type, grant_types, \
                 callback_url, settings, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
            .bind(&self.client)
            .bind(call.organization())
            .bind(format!("{application}_{}", body.key_type))
            .bind(call.user()?)
            .bind(application)
            .bind(&body.key_type)
            .bind(json!(body.grant_types_to_be_supported).to_string())
            .bind(body.callback_url.clone().unwrap_or_default())
            .bind(json!(settings).to_string())
            .bind(call.now),
            secrets::insert(call, &secret),
            sql("INSERT INTO key_mapping (id, application_id, key_type, key_manager, client_id, created_at) \
                 VALUES (?, ?, ?, ?, ?, ?)")
            .bind(&self.mapping)
            .bind(application)
            .bind(&body.key_type)
            .bind(RESIDENT)
            .bind(&self.client)
            .bind(call.now),
            note("client", &self.client, call),
            note("application", application, call),
            write::audit(call, "application.generate-keys", &self.client)?,
        ])
    }
}

/// Keys of this type are there.
pub(crate) fn already_there(failure: Failure) -> Failure {
    guard::taken(failure, "", Failure::code("900951"))
}
