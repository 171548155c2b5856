//! `/apis/{apiId}/api-keys`: keys for one API, of whoever made them. One opens nothing until it is associated with an
//! application that is subscribed to the API, by whose limits it then counts.

use model::KeyType;
use runtime::{Failure, Outcome, db::sql};
use serde::Deserialize;
use serde_json::{Value, json};
use worker::Response;

use super::{
    api_key_renewal::{self, Wanted},
    api_key_told::Told,
    api_keys::{self, Belongs, Body, Restrictions},
    application_row,
    key_associations::{associate as bind, dissociate as unbind},
    visible,
};
use crate::{call::Call, etag, page, refusal};

/// `POST /apis/{apiId}/api-keys/generate`
pub(crate) async fn generate(call: &Call) -> Outcome<Response> {
    let api = visible::find(call, call.path("apiId")).await?;
    let body: Wish = call.json_or_default().await?;
    let kind = match body.key_type.as_deref() {
        None => KeyType::Production,
        Some(name) => api_keys::kind_of(name)?,
    };
    let belongs = Belongs {
        application: None,
        api: Some(&api.id),
    };
    let body = Body {
        key_name: body.key_name,
        validity_period: body.validity_period,
        additional_properties: body.additional_properties,
    };
    body.make(call, kind, &belongs).await
}

/// `GET /apis/{apiId}/api-keys`
pub(crate) async fn list(call: &Call) -> Outcome<Response> {
    let api = visible::find(call, call.path("apiId")).await?;
    let query = sql(format!(
        "{KEYS} WHERE k.api_id = ? AND k.created_by = ? AND k.organization = ? AND k.revoked_at IS NULL \
         ORDER BY k.created_at DESC, k.id"
    ));
    let rows: Vec<Key> = call
        .db
        .all(
            query
                .bind(&api.id)
                .bind(call.user()?)
                .bind(call.organization()),
        )
        .await?;
    etag::content(call, &page::whole(rows.iter().map(Key::shown).collect()))
}

/// `POST /apis/{apiId}/api-keys/regenerate`
pub(crate) async fn regenerate(call: &Call) -> Outcome<Response> {
    let api = visible::find(call, call.path("apiId")).await?;
    let wanted: Wanted = call.json().await?;
    let key = own(call, &api.id, &wanted.key_uuid).await?;
    let kind = api_keys::kind_of(&key.key_type)?;
    api_key_renewal::renew(call, &key.renewable(), kind).await
}

/// `POST /apis/{apiId}/api-keys/revoke`
pub(crate) async fn revoke(call: &Call) -> Outcome<Response> {
    let api = visible::find(call, call.path("apiId")).await?;
    let wanted: Wanted = call.json().await?;
    let key = own(call, &api.id, &wanted.key_uuid).await?;
    api_keys::end(call, &key.id, &key.digest).await
}

/// `POST /apis/{apiId}/api-keys/associate`
pub(crate) async fn associate(call: &Call) -> Outcome<Response> {
    let api = visible::find(call, call.path("apiId")).await?;
    let body: Association = call.json().await?;
    let key = own(call, &api.id, &body.key_uuid).await?;
    let application = application_row::find(call, &body.application_uuid).await?;
    bind(call, &key, &application, &api).await
}

/// `POST /apis/{apiId}/api-keys/dissociate`
pub(crate) async fn dissociate(call: &Call) -> Outcome<Response> {
    let api = visible::find(call, call.path("apiId")).await?;
    let wanted: Wanted = call.json().await?;
    let key = own(call, &api.id, &wanted.key_uuid).await?;
    if key.application_id.is_none() {
        let message = "is associated with no application";
        return Err(refusal::one("400", "keyUUID", message));
    }
    unbind(call, &key).await
}

/// The caller's key of that id for that API.
pub(super) async fn own(call: &Call, api: &str, id: &str) -> Outcome<Key> {
    let query = sql(format!(
        "{KEYS} WHERE k.id = ? AND k.api_id = ? AND k.created_by = ? AND k.organization = ? AND k.revoked_at IS NULL"
    ))
    .bind(id)
    .bind(api)
    .bind(call.user()?)
    .bind(call.organization());
    let found: Option<Key> = call.db.first(query).await?;
    found.ok_or_else(|| Failure::because("404", "you have no such API key for this API"))
}

/// A key for one API.
#[derive(Deserialize)]
pub(super) struct Key {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) digest: String,
    pub(super) key_type: String,
    pub(super) api_id: String,
    pub(super) api: String,
    pub(super) application_id: Option<String>,
    pub(super) application: Option<String>,
    created_at: i64,
    expires_at: Option<i64>,
    last_used_at: Option<i64>,
}

impl Key {
    /// WSO2's `APIAPIKeyInfo`, and its type.
    fn shown(&self) -> Value {
        let key_type = ("keyType", json!(self.key_type));
        match &self.application {
            None => self.told().with([key_type]),
            Some(application) => self
                .told()
                .with([key_type, ("associatedApp", json!(application))]),
        }
    }

    pub(super) fn told(&self) -> Told<'_> {
        Told {
            id: &self.id,
            name: &self.name,
            created_at: self.created_at,
            expires_at: self.expires_at,
            last_used_at: self.last_used_at,
        }
    }

    fn renewable(&self) -> api_key_renewal::Row {
        api_key_renewal::Row {
            id: self.id.clone(),
            name: self.name.clone(),
            digest: self.digest.clone(),
            created_at: self.created_at,
            expires_at: self.expires_at,
        }
    }
}

/// WSO2's `APIAPIKeyGenerateRequest`.
#[derive(Default, Deserialize)]
#[serde(
    rename_all = "camelCase",
    deny_unknown_fields,
    default,
    expecting = "an object"
)]
struct Wish {
    key_name: Option<String>,
    key_type: Option<String>,
    validity_period: Option<i64>,
    additional_properties: Option<Restrictions>,
}

/// WSO2's `APIAPIKeyAssociateRequest`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct Association {
    #[serde(rename = "keyUUID")]
    key_uuid: String,
    #[serde(rename = "applicationUUID")]
    application_uuid: String,
}

/// Keys for one API, with the names of that and of their application.
pub(super) const KEYS: &str = "SELECT k.id, k.name, k.digest, k.key_type, k.api_id, api.name AS api, k.application_id, \
    application.name AS application, k.created_at, k.expires_at, k.last_used_at FROM api_key AS k \
    JOIN api ON api.id = k.api_id LEFT JOIN application ON application.id = k.application_id";
