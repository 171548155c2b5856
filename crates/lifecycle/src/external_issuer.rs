//! Key managers at the door: external issuers as the admin API writes them, and what a provider says of itself.

mod discovery;

pub use discovery::discovered;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    Fault,
    draft::{fault, missing},
};

/// A key manager as the admin API writes it. What is not said has [`ExternalIssuer::completed`]'s value.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(
    rename_all = "camelCase",
    deny_unknown_fields,
    default,
    expecting = "an object"
)]
#[expect(
    missing_docs,
    reason = "the names are the peer's; api/admin.yaml describes them"
)]
pub struct ExternalIssuer {
    #[serde(skip_serializing)]
    pub id: Option<String>,
    #[serde(skip_serializing)]
    pub name: Option<String>,
    #[serde(skip_serializing)]
    pub issuer: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub type_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub well_known_endpoint: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub introspection_endpoint: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_registration_endpoint: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_endpoint: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revoke_endpoint: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_info_endpoint: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authorize_endpoint: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificates: Option<Certificates>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub available_grant_types: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claim_mapping: Option<Vec<ClaimMapping>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consumer_key_claim: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scopes_claim: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_type: Option<TokenType>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alias: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub permissions: Option<Permissions>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enable_token_generation: Option<bool>,
    #[serde(
        rename = "enableOAuthAppCreation",
        skip_serializing_if = "Option::is_none"
    )]
    pub enable_client_creation: Option<bool>,
    #[serde(
        rename = "enableMapOAuthConsumerApps",
        skip_serializing_if = "Option::is_none"
    )]
    pub enable_client_mapping: Option<bool>,
    #[serde(
        rename = "enableProvisionedAppValidation",
        skip_serializing_if = "Option::is_none"
    )]
    pub enable_client_validation: Option<bool>,
    #[serde(skip_serializing)]
    pub additional_properties: Option<Map<String, Value>>,
    #[serde(skip_serializing)]
    pub global: Option<bool>,
}

/// Where an issuer's public keys are.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Certificates {
    /// In which form.
    #[serde(rename = "type")]
    pub kind: CertificateKind,
    /// The address of the set, or the text.
    pub value: String,
}

/// The forms that the peer knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub enum CertificateKind {
    /// The address of a JSON Web Key Set.
    #[serde(rename = "JWKS")]
    Jwks,
    /// A certificate's text.
    #[serde(rename = "PEM")]
    Pem,
}

/// Who may have keys at a key manager.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Permissions {
    /// How `roles` is meant.
    pub permission_type: PermissionType,
    /// Names of roles.
    #[serde(default)]
    pub roles: Vec<String>,
}

/// How a list of roles is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum PermissionType {
    /// Everybody.
    Public,
    /// Who has one of them.
    Allow,
    /// Who has none of them.
    Deny,
}

/// What is to become of the credential by which clients are registered at a provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegistrationToken<'a> {
    /// It stays as it is: nobody sees it again, so nobody can send it back.
    Kept,
    /// There is none any more.
    Removed,
    /// It is this one.
    Set(&'a str),
}

/// Which claim of theirs means which of ours.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ClaimMapping {
    /// As the issuer calls it.
    pub remote_claim: String,
    /// As we do.
    pub local_claim: String,
}

/// Where tokens of an issuer may be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum TokenType {
    /// At gateways.
    Direct,
    /// At the token endpoint, for one of ours.
    Exchanged,
    /// At either.
    Both,
}

impl ExternalIssuer {
    /// With what most issuers mean where nothing is said.
    #[must_use]
    pub fn completed(mut self) -> Self {
        self.type_name.get_or_insert_with(|| CUSTOM.to_owned());
        self.token_type.get_or_insert(TokenType::Direct);
        self.enabled.get_or_insert(false);
        self.consumer_key_claim
            .get_or_insert_with(|| "azp".to_owned());
        self.scopes_claim.get_or_insert_with(|| "scope".to_owned());
        self
    }

    /// Everything that is wrong with it. `own` is the origin of our own issuer, `allow_private` the operator's word that
    /// addresses of the local network are meant.
    #[must_use]
    pub fn faults(&self, own: &str, allow_private: bool) -> Vec<Fault> {
        let mut faults = self.word_faults();
        faults.extend(self.issuer_fault(own, allow_private));
        faults.extend(self.key_fault(allow_private));
        for (place, address) in self.endpoints() {
            faults.extend(address.and_then(|text| address_fault(place, text, allow_private)));
        }
        for (name, value) in self.additional_properties.iter().flatten() {
            if name != INITIAL_ACCESS_TOKEN {
                let place = format!("additionalProperties.{name}");
                faults.push(fault(
                    &place,
                    format!("is not known; there is `{INITIAL_ACCESS_TOKEN}`"),
                ));
            } else if !value.as_str().is_some_and(is_token) {
                let place = format!("additionalProperties.{name}");
                faults.push(fault(&place, "is not a token as headers have it"));
            }
        }
        faults
    }

    /// What is said of the credential by which clients are registered there.
    #[must_use]
    pub fn registration_token(&self) -> RegistrationToken<'_> {
        let said = self.additional_properties.as_ref();
        match said.and_then(|it| it.get(INITIAL_ACCESS_TOKEN)?.as_str()) {
            None => RegistrationToken::Kept,
            Some("") => RegistrationToken::Removed,
            Some(token) => RegistrationToken::Set(token),
        }
    }

    /// May somebody with these roles have keys here?
    #[must_use]
    pub fn is_for(&self, roles: &[String]) -> bool {
        let Some(permissions) = &self.permissions else {
            return true;
        };
        let has_one = permissions.roles.iter().any(|role| roles.contains(role));
        match permissions.permission_type {
            PermissionType::Public => true,
            PermissionType::Allow => has_one,
            PermissionType::Deny => !has_one,
        }
    }

    fn word_faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        match self.name.as_deref() {
            None => faults.push(missing("name")),
            Some(name) if !is_name(name) => faults.push(fault(
                "name",
                "has 1 to 100 characters, none of them a control character, and no space at either end",
            )),
            Some(name) if name.eq_ignore_ascii_case(RESIDENT) => {
                faults.push(fault("name", "is the name of the built-in key manager"));
            }
            Some(_) => {}
        }
        if self
            .type_name
            .as_deref()
            .is_some_and(|name| !is_name(name) || name == "default")
        {
            faults.push(fault(
                "type",
                "names the kind of provider, for example `KeyCloak`, `Okta`, `Auth0`, `AzureAD` or `custom`",
            ));
        }
        let claims = [
            ("consumerKeyClaim", self.consumer_key_claim.as_deref()),
            ("scopesClaim", self.scopes_claim.as_deref()),
            ("alias", self.alias.as_deref()),
        ];
        for (place, claim) in claims {
            if claim.is_some_and(|claim| !is_name(claim)) {
                faults.push(fault(place, "is no name of 1 to 100 characters"));
            }
        }
        for (index, mapping) in self.claim_mapping.iter().flatten().enumerate() {
            if !is_name(&mapping.remote_claim) || !is_name(&mapping.local_claim) {
                let place = format!("claimMapping[{index}]");
                faults.push(fault(&place, "does not name two claims"));
            }
        }
        faults
    }

    fn issuer_fault(&self, own: &str, allow_private: bool) -> Option<Fault> {
        let Some(issuer) = self.issuer.as_deref() else {
            return Some(missing("issuer"));
        };
        // Not even another name at our own address: nobody is to wonder whose tokens are meant.
        let is_ours = issuer
            .strip_prefix(own)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        if is_ours {
            return Some(fault("issuer", "is the issuer of the built-in key manager"));
        }
        address_fault("issuer", issuer, allow_private)
    }

    fn key_fault(&self, allow_private: bool) -> Option<Fault> {
        match &self.certificates {
            None => Some(missing("certificates")),
            Some(Certificates {
                kind: CertificateKind::Pem,
                value,
            }) => (value.len() > PEM_LIMIT)
                .then(|| fault("certificates.value", "is longer than 16 KiB")),
            Some(set) => address_fault("certificates.value", &set.value, allow_private),
        }
    }

    fn endpoints(&self) -> [(&'static str, Option<&str>); 7] {
        [
            ("wellKnownEndpoint", self.well_known_endpoint.as_deref()),
            (
                "introspectionEndpoint",
                self.introspection_endpoint.as_deref(),
            ),
            (
                "clientRegistrationEndpoint",
                self.client_registration_endpoint.as_deref(),
            ),
            ("tokenEndpoint", self.token_endpoint.as_deref()),
            ("revokeEndpoint", self.revoke_endpoint.as_deref()),
            ("userInfoEndpoint", self.user_info_endpoint.as_deref()),
            ("authorizeEndpoint", self.authorize_endpoint.as_deref()),
        ]
    }
}

fn address_fault(place: &str, text: &str, allow_private: bool) -> Option<Fault> {
    if text.trim() != text {
        return Some(fault(place, "has spaces around it"));
    }
    outbound::parse(text, allow_private)
        .err()
        .map(|reason| fault(place, reason))
}

fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text.trim() == text
        && text.chars().count() <= NAME_LIMIT
        && !text.chars().any(char::is_control)
}

/// What may stand in an `Authorization` header, or nothing.
fn is_token(text: &str) -> bool {
    text.len() <= TOKEN_LIMIT && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// The one property of a provider that is kept: by it clients are registered there (RFC 7591 section 3).
const INITIAL_ACCESS_TOKEN: &str = "initial_access_token";
const TOKEN_LIMIT: usize = 8 * 1024;
const PEM_LIMIT: usize = 16 * 1024;
/// The name of the built-in one, as the peer calls its own.
pub const RESIDENT: &str = model::RESIDENT_KEY_MANAGER;
/// The kind of a provider of which nothing more is known.
const CUSTOM: &str = "custom";
const NAME_LIMIT: usize = 100;

#[cfg(test)]
mod tests;
