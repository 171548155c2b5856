//! The OAuth 2 clients of an application: `key_mapping` with `oauth_client`.

use oauth::Settings;
use runtime::{
    Failure, Outcome, call as service,
    db::{Statement, sql},
};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{application_row, external_keys};
use crate::{call::Call, key_managers::External};

/// An application's client for one type of key, here or at an external key manager.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct ClientRow {
    pub(crate) mapping: String,
    pub(crate) key_manager: String,
    /// Its name here. That of an external key manager's client is none that a client of ours has, so that no statement
    /// about the one ever meets the other.
    pub(crate) client_id: String,
    /// Its name for whoever uses it.
    pub(crate) consumer_key: String,
    pub(crate) key_type: String,
    pub(crate) mode: String,
    pub(crate) grant_types: String,
    pub(crate) callback_url: String,
    pub(crate) settings: String,
    /// The external key manager's id.
    pub(crate) external: Option<String>,
    pub(crate) registration_uri: String,
    pub(crate) sealed_registration: String,
    pub(crate) application_name: String,
}

/// Ours and others'; the application is bound to each half.
const SELECT: &str = "SELECT m.id AS mapping, m.key_manager, m.client_id, m.client_id AS consumer_key, m.key_type, mode, \
    grant_types, coalesce(nullif(callback_url, ''), metadata ->> '$.redirect_uris[0]', '') AS callback_url, settings, \
    NULL AS external, '' AS registration_uri, '' AS sealed_registration, a.name AS application_name FROM key_mapping m \
    JOIN application a ON a.id = m.application_id JOIN oauth_client c ON c.client_id = m.client_id WHERE m.application_id = ? \
    UNION ALL SELECT m.id, m.key_manager, m.client_id, e.client_id, m.key_type, mode, grant_types, callback_url, settings, \
    e.key_manager, registration_uri, sealed_registration, a.name FROM key_mapping m \
    JOIN application a ON a.id = m.application_id JOIN external_client e ON e.mapping = m.id WHERE m.application_id = ? \
    ORDER BY key_type, external";

/// Every client of an application; of one type ours first.
pub(crate) async fn of_application(call: &Call, application: &str) -> Outcome<Vec<ClientRow>> {
    call.db
        .all(sql(SELECT).bind(application).bind(application))
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
        "SELECT id, client_id FROM key_mapping WHERE application_id = ? AND {column} = ? \
         ORDER BY client_id LIKE 'external/%' LIMIT 1"
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
            "consumerKey": self.consumer_key,
            "supportedGrantTypes": parsed(&self.grant_types),
            "callbackUrl": self.callback_url,
            "keyState": "APPROVED",
            "keyType": self.key_type,
            "mode": self.mode,
            "additionalProperties": match &self.external {
                Some(_) => json!(self.properties()),
                None => json!(Settings::stored(&self.settings).properties()),
            },
        })
    }

    /// Its external key manager, while that is enabled.
    pub(crate) async fn external_issuer(&self, call: &Call) -> Outcome<Option<External>> {
        match &self.external {
            Some(id) => External::of_client(call, id).await,
            None => Ok(None),
        }
    }

    /// Was it made at its key manager from here, and can it be changed there from here?
    pub(crate) fn is_ours_to_change(&self) -> bool {
        self.mode == "CREATED"
            && !self.registration_uri.is_empty()
            && !self.sealed_registration.is_empty()
    }

    /// Refuses what only the built-in key manager does.
    pub(crate) fn require_resident(self) -> Outcome<Self> {
        match self.external {
            Some(_) => Err(external_keys::elsewhere(&self)),
            None => Ok(self),
        }
    }

    /// Its settings as they were given.
    pub(crate) fn properties(&self) -> Map<String, Value> {
        serde_json::from_str(&self.settings).unwrap_or_default()
    }
}
