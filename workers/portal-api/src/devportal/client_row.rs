//! The OAuth 2 clients of an application: `key_mapping` with `oauth_client`.

use oauth::Settings;
use runtime::{
    Failure, Outcome, call as service,
    db::{Statement, sql},
};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::application_row;
use crate::call::Call;

/// An application's client for one type of key.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct ClientRow {
    pub(crate) mapping: String,
    pub(crate) key_manager: String,
    pub(crate) client_id: String,
    pub(crate) key_type: String,
    pub(crate) mode: String,
    pub(crate) grant_types: String,
    pub(crate) callback_url: String,
    pub(crate) settings: String,
}

const SELECT: &str = "SELECT key_mapping.id AS mapping, key_manager, key_mapping.client_id, key_mapping.key_type, mode, \
    grant_types, coalesce(nullif(callback_url, ''), metadata ->> '$.redirect_uris[0]', '') AS callback_url, settings \
    FROM key_mapping JOIN oauth_client ON oauth_client.client_id = key_mapping.client_id";

/// Every client of an application.
pub(crate) async fn of_application(call: &Call, application: &str) -> Outcome<Vec<ClientRow>> {
    call.db
        .all(
            sql(format!(
                "{SELECT} WHERE key_mapping.application_id = ? ORDER BY key_mapping.key_type"
            ))
            .bind(application),
        )
        .await
}

/// The client that the path names, by `keyMappingId` or by `keyType`, of the caller's application.
pub(crate) async fn of_path(call: &Call) -> Outcome<ClientRow> {
    let application = application_row::of_path(call).await?;
    let mapping = call.path("keyMappingId");
    let wanted = |client: &ClientRow| {
        if mapping.is_empty() {
            client.key_type == call.path("keyType")
        } else {
            client.mapping == mapping
        }
    };
    of_application(call, &application.id)
        .await?
        .into_iter()
        .find(wanted)
        .ok_or_else(|| Failure::code("900331"))
}

/// A row of `key_mapping`, whether or not its client is there.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct MappingRow {
    pub(crate) id: String,
    pub(crate) client_id: String,
}

/// The mapping that the path names, by `keyMappingId` or by `keyType`, of this application.
pub(crate) async fn mapping_of_path(call: &Call, application: &str) -> Outcome<MappingRow> {
    let (column, value) = match call.path("keyMappingId") {
        "" => ("key_type", call.path("keyType")),
        mapping => ("id", mapping),
    };
    let found = sql(format!(
        "SELECT id, client_id FROM key_mapping WHERE application_id = ? AND {column} = ?"
    ));
    call.db
        .first(found.bind(application).bind(value))
        .await?
        .ok_or_else(|| Failure::code("900331"))
}

/// Puts mapped clients, those whose mapping meets `condition`, on their own again. Belongs before what deletes the rest.
pub(crate) fn release(condition: &str) -> Statement {
    sql(format!(
        "UPDATE oauth_client SET application_id = NULL, key_type = NULL WHERE client_id IN \
         (SELECT client_id FROM key_mapping WHERE mode = 'MAPPED' AND {condition})"
    ))
}

/// Has every token of a client refused from now on. Its records are gone already; this is for the tokens that are out.
pub(crate) async fn revoke(call: &Call, client_id: &str) {
    let wanted = json!({"organization": call.organization(), "clientId": client_id});
    let answer = service::post(&call.env, "KEYS", "/internal/revocations", &wanted).await;
    match answer.map(|answer| answer.status_code()) {
        Ok(200..=299) => {}
        other => worker::console_error!("revocation of client {client_id}: {other:?}"),
    }
}

/// Has one token of a client refused from now on. Another client's, or what is no token, is let be.
pub(crate) async fn revoke_token(call: &Call, client_id: &str, token: &str) -> Outcome<()> {
    let wanted = json!({"clientId": client_id, "token": token});
    let answer = service::post(&call.env, "KEYS", "/internal/revocations", &wanted).await?;
    match answer.status_code() {
        200..=299 => Ok(()),
        status => Err(Failure::Internal(format!(
            "keys answers {status} to a revocation"
        ))),
    }
}

impl ClientRow {
    /// WSO2's `ApplicationKey`, without its secret, of which only the digest is kept.
    pub(crate) fn shown(&self) -> Value {
        let parsed = |text: &str| serde_json::from_str::<Value>(text).unwrap_or(Value::Null);
        json!({
            "keyMappingId": self.mapping,
            "keyManager": self.key_manager,
            "consumerKey": self.client_id,
            "supportedGrantTypes": parsed(&self.grant_types),
            "callbackUrl": self.callback_url,
            "keyState": "APPROVED",
            "keyType": self.key_type,
            "mode": self.mode,
            "additionalProperties": Settings::stored(&self.settings).properties(),
        })
    }

    /// Its settings as they were given.
    pub(crate) fn properties(&self) -> Map<String, Value> {
        serde_json::from_str(&self.settings).unwrap_or_default()
    }
}
