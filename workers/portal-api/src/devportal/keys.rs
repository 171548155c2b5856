//! `generate-keys`, `keys`, `oauth-keys` and `regenerate-secret`.

use credential::Secret;
use lifecycle::Fault;
use runtime::{
    Failure, Outcome,
    db::{Statement, sql},
    id, reply,
};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use worker::Response;

use super::{application_row, client_row, tokens};
use crate::{
    apis::write,
    call::Call,
    deployments::note,
    guard,
    key_managers::{GRANT_TYPES, RESIDENT},
    page, refusal,
};

/// `POST /applications/{applicationId}/generate-keys`
pub(crate) async fn generate(call: &Call) -> Outcome<Response> {
    let application = application_row::of_path(call).await?;
    let body: Request = call.json().await?;
    refusal::unless_empty("900953", body.faults())?;
    if application.status != "APPROVED" {
        return Err(Failure::code("900309"));
    }
    let new = Minted {
        mapping: id::uuid()?,
        client: id::uuid()?.replace('-', ""),
        secret: Secret::generate(&id::random()?),
        secret_id: id::uuid()?,
    };
    let statements = new.insert(call, &application.id, &body)?;
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
        let validity = seconds(body.validity_time.as_ref());
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
    reply::json(
        200,
        &page::whole(clients.iter().map(client_row::ClientRow::shown).collect()),
    )
}

/// `GET …/keys/{keyType}` and `…/oauth-keys/{keyMappingId}`
pub(crate) async fn get(call: &Call) -> Outcome<Response> {
    reply::json(200, &client_row::of_path(call).await?.shown())
}

/// `PUT …/oauth-keys/{keyMappingId}`
pub(crate) async fn update(call: &Call) -> Outcome<Response> {
    let client = client_row::of_path(call).await?;
    let body: Change = call.json().await?;
    let grants = body.supported_grant_types.unwrap_or_default();
    let callback = body.callback_url.unwrap_or_default();
    let mut faults = grant_faults("supportedGrantTypes", &grants);
    faults.extend(callback_fault(&callback));
    refusal::unless_empty("900953", faults)?;
    let settings = body
        .additional_properties
        .map_or(client.settings, |given| json!(given).to_string());
    call.db
        .batch(vec![
            sql("UPDATE oauth_client SET grant_types = ?, callback_url = ?, settings = ? WHERE client_id = ?")
                .bind(json!(grants).to_string())
                .bind(callback)
                .bind(settings)
                .bind(&client.client_id),
            write::audit(call, "application.update-keys", &client.client_id)?,
        ])
        .await?;
    reply::json(200, &client_row::of_path(call).await?.shown())
}

/// `DELETE …/oauth-keys/{keyMappingId}`
pub(crate) async fn delete(call: &Call) -> Outcome<Response> {
    let client = client_row::of_path(call).await?;
    call.db
        .batch(vec![
            sql("DELETE FROM key_mapping WHERE id = ?").bind(&client.mapping),
            sql("DELETE FROM oauth_client WHERE client_id = ?").bind(&client.client_id),
            note("client", &client.client_id, call),
            write::audit(call, "application.delete-keys", &client.client_id)?,
        ])
        .await?;
    client_row::revoke(call, &client.client_id).await;
    reply::empty(200)
}

/// `POST …/keys/{keyType}/regenerate-secret` and `…/oauth-keys/{keyMappingId}/regenerate-secret`
pub(crate) async fn regenerate_secret(call: &Call) -> Outcome<Response> {
    let client = client_row::of_path(call).await?;
    let secret = Secret::generate(&id::random()?);
    call.db
        .batch(vec![
            sql("DELETE FROM client_secret WHERE client_id = ?").bind(&client.client_id),
            insert_secret(call, &id::uuid()?, &client.client_id, &secret),
            write::audit(call, "application.regenerate-secret", &client.client_id)?,
        ])
        .await?;
    reply::json(
        200,
        &json!({"consumerKey": client.client_id, "consumerSecret": secret.reveal()}),
    )
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
            insert_secret(call, &self.secret_id, &self.client, &self.secret),
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

fn insert_secret(call: &Call, secret_id: &str, client: &str, secret: &Secret) -> Statement {
    sql("INSERT INTO client_secret (id, client_id, digest, created_at) VALUES (?, ?, ?, ?)")
        .bind(secret_id)
        .bind(client)
        .bind(secret.digest())
        .bind(call.now)
}

fn already_there(failure: Failure) -> Failure {
    guard::taken(failure, "", Failure::code("900951"))
}

/// WSO2's `ApplicationKeyGenerateRequest`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "an object")]
struct Request {
    key_type: String,
    grant_types_to_be_supported: Vec<String>,
    key_manager: Option<String>,
    callback_url: Option<String>,
    scopes: Option<Vec<String>>,
    validity_time: Option<Value>,
    additional_properties: Option<Map<String, Value>>,
    #[serde(rename = "clientId")]
    _client: Option<String>,
    #[serde(rename = "clientSecret")]
    _secret: Option<String>,
}

impl Request {
    fn faults(&self) -> Vec<Fault> {
        let mut faults = grant_faults("grantTypesToBeSupported", &self.grant_types_to_be_supported);
        if !["PRODUCTION", "SANDBOX"].contains(&self.key_type.as_str()) {
            faults.push(fault("keyType", "is neither `PRODUCTION` nor `SANDBOX`"));
        }
        if let Some(name) = self.key_manager.as_deref()
            && ![RESIDENT, "resident", "default", ""].contains(&name)
        {
            faults.push(fault(
                "keyManager",
                format!("there is no key manager `{name}`; there is `{RESIDENT}`"),
            ));
        }
        if !matches!(self.validity_time, None | Some(Value::Null))
            && seconds(self.validity_time.as_ref()).is_none()
        {
            faults.push(fault("validityTime", "is not a number of seconds"));
        }
        faults.extend(callback_fault(
            self.callback_url.as_deref().unwrap_or_default(),
        ));
        faults
    }
}

/// WSO2's `ApplicationKey` as clients send it back.
#[derive(Deserialize)]
#[serde(
    rename_all = "camelCase",
    deny_unknown_fields,
    default,
    expecting = "an object"
)]
#[derive(Default)]
struct Change {
    supported_grant_types: Option<Vec<String>>,
    callback_url: Option<String>,
    additional_properties: Option<Map<String, Value>>,
    #[serde(rename = "keyMappingId")]
    _mapping: Option<String>,
    #[serde(rename = "keyManager")]
    _manager: Option<String>,
    #[serde(rename = "consumerKey")]
    _key: Option<String>,
    #[serde(rename = "consumerSecret")]
    _secret: Option<String>,
    #[serde(rename = "consumerSecrets")]
    _secrets: Option<Value>,
    #[serde(rename = "keyState")]
    _state: Option<String>,
    #[serde(rename = "keyType")]
    _type: Option<String>,
    #[serde(rename = "mode")]
    _mode: Option<String>,
    #[serde(rename = "groupId")]
    _group: Option<String>,
    #[serde(rename = "token")]
    _token: Option<Value>,
}

fn grant_faults(place: &str, grants: &[String]) -> Vec<Fault> {
    if grants.is_empty() {
        return vec![fault(place, "names no grant type")];
    }
    grants
        .iter()
        .filter(|grant| !GRANT_TYPES.contains(&grant.as_str()))
        .map(|grant| {
            fault(
                place,
                format!("`{grant}` is none of `{}`", GRANT_TYPES.join("`, `")),
            )
        })
        .collect()
}

fn callback_fault(callback: &str) -> Option<Fault> {
    let good = callback.is_empty() || callback.len() <= 2048 && url::Url::parse(callback).is_ok();
    (!good).then(|| {
        fault(
            "callbackUrl",
            "is not an absolute URL of 2,048 characters at the most",
        )
    })
}

/// Whole seconds, as a number or as digits in a string; `-1` is the default.
fn seconds(value: Option<&Value>) -> Option<i64> {
    match value? {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.parse().ok(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

fn fault(place: &str, message: impl Into<String>) -> Fault {
    Fault {
        place: place.to_owned(),
        message: message.into(),
    }
}
