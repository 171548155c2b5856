//! What a client at an external key manager is to be, and the same in the words of RFC 7591.

use runtime::Failure;
use serde_json::{Map, Value, json};

use super::super::{
    client_row::ClientRow,
    key_request::{Change, Request},
};
use crate::{key_managers::External, refusal};

/// A client as an application wants it.
pub(super) struct Wish {
    /// What the API calls the list of grants.
    place: &'static str,
    pub(super) grants: Vec<String>,
    pub(super) callback: String,
    pub(super) properties: Map<String, Value>,
}

impl Wish {
    pub(super) fn of_request(body: &Request) -> Self {
        Self {
            place: "grantTypesToBeSupported",
            grants: body.grant_types_to_be_supported.clone(),
            callback: body.callback_url.clone().unwrap_or_default(),
            properties: body.additional_properties.clone().unwrap_or_default(),
        }
    }

    /// What is not said stays.
    pub(super) fn of_change(body: &Change, client: &ClientRow) -> Self {
        let stored = client.properties();
        let wish = body.wish(&stored);
        Self {
            place: "supportedGrantTypes",
            grants: wish.grants.to_vec(),
            callback: wish.callback.to_owned(),
            properties: wish.properties.clone(),
        }
    }

    /// What its issuer lets a client do: what this one may is known there alone.
    pub(super) fn of_mapping(manager: &External) -> Self {
        Self {
            place: "",
            grants: manager.grants().to_vec(),
            callback: String::new(),
            properties: Map::new(),
        }
    }

    pub(super) fn check(&self, manager: &External) -> Result<(), Failure> {
        let mut faults = Vec::new();
        let mut add = |place: String, message: &str| {
            faults.push(lifecycle::Fault {
                place,
                message: message.to_owned(),
            });
        };
        if self.grants.is_empty() {
            add(self.place.to_owned(), "names no grant");
        }
        let offered = manager.grants();
        for (index, grant) in self.grants.iter().enumerate() {
            if !offered.is_empty() && !offered.contains(grant) {
                add(
                    format!("{}[{index}]", self.place),
                    "is not offered by the key manager",
                );
            }
        }
        if self.callback.trim().is_empty() && self.has("authorization_code") {
            add(
                "callbackUrl".to_owned(),
                "is needed for `authorization_code`",
            );
        }
        for (name, value) in &self.properties {
            let place = || format!("additionalProperties.{name}");
            if !PROPERTIES.contains(&name.as_str()) {
                add(place(), "is not known to key managers");
            } else if value
                .as_str()
                .is_none_or(|text| text.len() > PROPERTY_LIMIT)
            {
                add(place(), "is not a text of at most 1000 characters");
            }
        }
        refusal::unless_empty("900953", faults)
    }

    /// Client metadata (RFC 7591 section 2).
    pub(super) fn metadata(&self, name: &str) -> Value {
        let has_code = self.has("authorization_code");
        let mut metadata = json!({
            "client_name": name,
            "grant_types": self.grants,
            "response_types": if has_code { vec!["code"] } else { Vec::new() },
            "redirect_uris": if self.callback.is_empty() { Vec::new() } else { vec![&self.callback] },
            "token_endpoint_auth_method": "client_secret_basic",
        });
        if let Some(members) = metadata.as_object_mut() {
            members.extend(self.properties.clone());
        }
        metadata
    }

    fn has(&self, grant: &str) -> bool {
        self.grants.iter().any(|it| it == grant)
    }
}

/// What an application may say of its client beyond grants and callback.
pub(crate) const PROPERTIES: &[&str] = &["application_type", "scope", "token_endpoint_auth_method"];
const PROPERTY_LIMIT: usize = 1_000;
