//! Enabled external key managers.

use lifecycle::{
    Fault,
    external_issuer::{ExternalIssuer, RESIDENT},
};
use runtime::{Outcome, db::sql};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{call::Call, devportal::external_keys::PROPERTIES};

/// An enabled one.
pub(crate) struct External {
    pub(crate) id: String,
    pub(crate) name: String,
    issuer: String,
    body: ExternalIssuer,
}

/// All of the organization's.
pub(super) async fn enabled(call: &Call) -> Outcome<Vec<External>> {
    #[derive(Deserialize)]
    struct Row {
        id: String,
        name: String,
        issuer: String,
        body: String,
    }
    let find = sql(
        "SELECT id, name, issuer, body FROM key_manager WHERE organization = ? AND enabled = 1 \
         ORDER BY name COLLATE NOCASE",
    );
    let rows: Vec<Row> = call.db.all(find.bind(call.organization())).await?;
    let rows = rows.into_iter().map(|row| {
        Ok(External {
            body: serde_json::from_str(&row.body)?,
            id: row.id,
            name: row.name,
            issuer: row.issuer,
        })
    });
    rows.collect()
}

/// Those where the caller may have keys.
pub(super) async fn visible(call: &Call) -> Outcome<Vec<External>> {
    let roles = call.principal.as_ref().map(|it| it.roles.as_slice());
    let mut found = enabled(call).await?;
    found.retain(|it| it.body.is_for(roles.unwrap_or_default()));
    Ok(found)
}

/// The one that a request names, by name or id; none is the built-in one. A fault for one that is not there, is disabled,
/// or is not for the caller: the same.
pub(crate) async fn chosen(
    call: &Call,
    name: Option<&str>,
) -> Outcome<Result<Option<External>, Fault>> {
    let Some(name) = name.filter(|it| ![RESIDENT, super::RESIDENT_ID, "default", ""].contains(it))
    else {
        return Ok(Ok(None));
    };
    let mut found = visible(call).await?.into_iter();
    let found = found.find(|it| it.name == name || it.id == name);
    Ok(found.map(Some).ok_or_else(|| Fault {
        place: "keyManager".to_owned(),
        message: format!("there is no key manager `{name}`; there is `{RESIDENT}`"),
    }))
}

impl External {
    /// Whether or not it is still enabled, and for whomever: of a client that is there.
    pub(crate) async fn of_client(call: &Call, id: &str) -> Outcome<Option<Self>> {
        Ok(enabled(call).await?.into_iter().find(|it| it.id == id))
    }

    /// The grants that it offers; empty when it does not say.
    pub(crate) fn grants(&self) -> &[String] {
        self.body
            .available_grant_types
            .as_deref()
            .unwrap_or_default()
    }

    pub(crate) fn token_endpoint(&self) -> Option<&str> {
        self.body.token_endpoint.as_deref()
    }

    /// Are clients made there from here (RFC 7591)?
    pub(crate) fn registers_clients(&self) -> bool {
        self.body.client_registration_endpoint.is_some()
            && self.body.enable_client_creation != Some(false)
    }

    pub(crate) fn maps_clients(&self) -> bool {
        self.body.enable_client_mapping != Some(false)
    }

    /// Has a client that is mapped to show its secret there?
    pub(crate) fn validates_clients(&self) -> bool {
        self.token_endpoint().is_some() && self.body.enable_client_validation != Some(false)
    }

    /// As publishers see it.
    pub(super) fn line(&self) -> Value {
        json!({
            "id": self.id,
            "name": self.name,
            "displayName": self.body.display_name.as_ref().unwrap_or(&self.name),
            "type": self.body.type_name,
            "description": self.body.description.as_deref().unwrap_or_default(),
            "enabled": true,
            "additionalProperties": [],
        })
    }

    /// As consumers see it: what they need to get tokens there.
    pub(super) fn shown(&self) -> Value {
        let endpoint = |text: &Option<String>| text.as_deref().unwrap_or_default().to_owned();
        let gives_tokens = self.body.enable_token_generation != Some(false);
        let configuration: Vec<Value> = PROPERTIES
            .iter()
            .filter(|_| self.registers_clients())
            .map(|name| json!({"name": name, "label": name, "type": "input", "required": false, "values": []}))
            .collect();
        let mut shown = self.line();
        super::add(
            &mut shown,
            json!({
                "issuer": self.issuer,
                "availableGrantTypes": self.grants(),
                "tokenEndpoint": endpoint(&self.body.token_endpoint),
                "revokeEndpoint": endpoint(&self.body.revoke_endpoint),
                "userInfoEndpoint": endpoint(&self.body.user_info_endpoint),
                "enableTokenGeneration": self.token_endpoint().is_some() && gives_tokens,
                "enableTokenEncryption": false,
                "enableTokenHashing": false,
                "enableOAuthAppCreation": self.registers_clients(),
                "enableMapOAuthConsumerApps": self.maps_clients(),
                "applicationConfiguration": configuration,
                "additionalProperties": {},
                "tokenType": self.body.token_type,
            }),
        );
        shown
    }
}
