//! The publisher's object of an API, with every property that WSO2 API Manager 4 knows, so that what its clients read
//! they can send back. Properties that a gateway does not act on are kept as they came.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    Fault, address,
    naming::{self, Context},
    operation,
};

/// A JSON object whose inside is kept as it came.
pub type Object = Map<String, Value>;

/// An API as its publisher works on it. Every property may be absent or `null`; what must be there is asked for by
/// [`Draft::faults`].
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[serde(expecting = "an object")]
#[expect(
    missing_docs,
    reason = "the names are the peer's; api/publisher.yaml describes them"
)]
pub struct Draft {
    // Read-only on the wire: accepted so that an object can be sent back, never stored from a client.
    pub id: Option<String>,
    pub life_cycle_status: Option<String>,
    pub is_revision: Option<bool>,
    pub revisioned_api_id: Option<String>,
    pub revision_id: Option<i64>,
    pub has_thumbnail: Option<bool>,
    pub workflow_status: Option<String>,
    pub created_time: Option<String>,
    pub last_updated_timestamp: Option<String>,
    pub last_updated_time: Option<String>,
    pub initiated_from_gateway: Option<bool>,
    // Who it is.
    pub name: Option<String>,
    pub display_name: Option<String>,
    pub description: Option<String>,
    pub context: Option<String>,
    pub version: Option<String>,
    pub provider: Option<String>,
    #[serde(rename = "type")]
    pub kind: Option<String>,
    pub is_default_version: Option<bool>,
    pub tags: Option<Vec<String>>,
    pub categories: Option<Vec<String>>,
    pub business_information: Option<Object>,
    pub additional_properties: Option<Vec<Property>>,
    pub additional_properties_map: Option<Object>,
    // Who may see and call it.
    pub visibility: Option<String>,
    pub visible_roles: Option<Vec<String>>,
    pub visible_tenants: Option<Vec<String>>,
    pub visible_organizations: Option<Vec<String>>,
    pub access_control: Option<String>,
    pub access_control_roles: Option<Vec<String>>,
    pub subscription_availability: Option<String>,
    pub subscription_available_tenants: Option<Vec<String>>,
    pub policies: Option<Vec<String>>,
    pub organization_policies: Option<Vec<Object>>,
    pub api_throttling_policy: Option<String>,
    pub authorization_header: Option<String>,
    pub api_key_header: Option<String>,
    pub security_scheme: Option<Vec<String>>,
    pub audience: Option<String>,
    pub audiences: Option<Vec<String>>,
    pub scopes: Option<Vec<ApiScope>>,
    pub key_managers: Option<Value>,
    // What it does with a call.
    pub operations: Option<Vec<Operation>>,
    pub endpoint_config: Option<EndpointConfig>,
    pub endpoint_implementation_type: Option<String>,
    pub primary_production_endpoint_id: Option<String>,
    pub primary_sandbox_endpoint_id: Option<String>,
    pub transport: Option<Vec<String>>,
    pub cors_configuration: Option<CorsConfiguration>,
    pub response_caching_enabled: Option<bool>,
    pub cache_timeout: Option<i64>,
    pub enable_schema_validation: Option<bool>,
    pub enable_subscriber_verification: Option<bool>,
    pub max_tps: Option<Object>,
    pub mediation_policies: Option<Vec<Object>>,
    pub api_policies: Option<Object>,
    pub api_hub_policies: Option<Vec<Object>>,
    pub threat_protection_policies: Option<Object>,
    pub websub_subscription_configuration: Option<Object>,
    pub async_transport_protocols: Option<Vec<String>>,
    pub subtype_configuration: Option<Object>,
    // Where it came from and what it costs.
    pub wsdl_info: Option<Object>,
    pub wsdl_url: Option<String>,
    pub service_info: Option<Object>,
    pub advertise_info: Option<Object>,
    pub monetization: Option<Object>,
    pub gateway_vendor: Option<String>,
    pub gateway_type: Option<String>,
    pub egress: Option<bool>,
}

/// A name and a value that the owner adds.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
pub struct Property {
    /// Its name.
    pub name: Option<String>,
    /// Its value.
    pub value: Option<String>,
    /// Shown in the Developer Portal.
    pub display: Option<bool>,
}

/// A scope as an API carries it.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
pub struct ApiScope {
    /// The scope.
    pub scope: Scope,
    /// Belongs to the organization rather than to the API.
    #[serde(default)]
    pub shared: Option<bool>,
}

/// A permission that operations may demand.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "an object")]
#[expect(
    missing_docs,
    reason = "the names are the peer's; api/publisher.yaml describes them"
)]
pub struct Scope {
    #[serde(default)]
    pub id: Option<String>,
    pub name: String,
    #[serde(default)]
    pub display_name: Option<String>,
    #[serde(default)]
    pub description: Option<String>,
    #[serde(default)]
    pub bindings: Option<Vec<String>>,
    #[serde(default)]
    pub usage_count: Option<i64>,
}

/// One method on one path template.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(
    rename_all = "camelCase",
    deny_unknown_fields,
    default,
    expecting = "an object"
)]
#[expect(
    missing_docs,
    reason = "the names are the peer's; api/publisher.yaml describes them"
)]
pub struct Operation {
    pub id: Option<String>,
    pub target: Option<String>,
    pub verb: Option<String>,
    pub auth_type: Option<String>,
    pub throttling_policy: Option<String>,
    pub scopes: Option<Vec<String>>,
    pub used_product_ids: Option<Vec<String>>,
    pub amzn_resource_name: Option<String>,
    pub amzn_resource_timeout: Option<i64>,
    pub amzn_resource_content_encode: Option<bool>,
    pub payload_schema: Option<String>,
    pub uri_mapping: Option<String>,
    pub operation_policies: Option<Object>,
    pub operation_hub_policies: Option<Vec<Object>>,
}

/// WSO2's `endpointConfig`: `endpoint_type`, and for each kind of key an address (or several).
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(default, expecting = "an object")]
pub struct EndpointConfig {
    /// `http` is what gateways run; others are kept and named when the API is deployed.
    pub endpoint_type: Option<String>,
    /// Where calls with production keys go.
    pub production_endpoints: Option<Addresses>,
    /// Where calls with sandbox keys go.
    pub sandbox_endpoints: Option<Addresses>,
    /// Everything else, as it came.
    #[serde(flatten)]
    pub rest: Object,
}

/// One address, or several to balance over.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(
    untagged,
    expecting = "an object with `url`, or an array of such objects"
)]
pub enum Addresses {
    /// One.
    One(Address),
    /// Several.
    Many(Vec<Address>),
}

/// One address with its settings.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
pub struct Address {
    /// Absolute URL.
    pub url: Option<String>,
    /// `actionDuration` (deadline in milliseconds) and what else there is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub config: Option<Value>,
    /// Everything else, as it came.
    #[serde(flatten)]
    pub rest: Object,
}

/// Cross-origin rules.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(
    rename_all = "camelCase",
    deny_unknown_fields,
    default,
    expecting = "an object"
)]
#[expect(
    missing_docs,
    reason = "the names are the peer's; api/publisher.yaml describes them"
)]
pub struct CorsConfiguration {
    pub cors_configuration_enabled: Option<bool>,
    pub access_control_allow_origins: Option<Vec<String>>,
    pub access_control_allow_credentials: Option<bool>,
    pub access_control_allow_headers: Option<Vec<String>>,
    pub access_control_allow_methods: Option<Vec<String>>,
}

impl Draft {
    /// Everything that is wrong with the draft by itself: what must be there is there, names follow the rules, enums
    /// hold known words, operations are well formed and refer to declared scopes, endpoint addresses may be called.
    #[must_use]
    pub fn faults(&self, allow_private: bool) -> Vec<Fault> {
        let mut faults = self.identity_faults();
        faults.extend(self.word_faults());
        faults.extend(operation::faults(
            self.operations.as_deref().unwrap_or_default(),
            &self.scope_names(),
        ));
        faults.extend(self.endpoint_faults(allow_private));
        faults
    }

    /// The names of the scopes that operations may refer to.
    #[must_use]
    pub fn scope_names(&self) -> Vec<&str> {
        self.scopes
            .iter()
            .flatten()
            .map(|scope| scope.scope.name.as_str())
            .collect()
    }

    fn identity_faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        let version = self.version.as_deref();
        match self.name.as_deref() {
            Some(name) => faults.extend(naming::name_fault(name)),
            None => faults.push(missing("name")),
        }
        match version {
            Some(version) => faults.extend(naming::version_fault(version)),
            None => faults.push(missing("version")),
        }
        match self.context.as_deref().map(Context::parse) {
            Some(Ok(context)) => faults.extend(context.reserved_fault(version.unwrap_or("1"))),
            Some(Err(fault)) => faults.push(fault),
            None => faults.push(missing("context")),
        }
        if self
            .description
            .as_ref()
            .is_some_and(|text| text.len() > DESCRIPTION_LIMIT)
        {
            faults.push(fault(
                "description",
                format!("is longer than {DESCRIPTION_LIMIT} bytes"),
            ));
        }
        faults
    }

    fn word_faults(&self) -> Vec<Fault> {
        let words = [
            ("type", &self.kind, KINDS),
            ("visibility", &self.visibility, VISIBILITIES),
            ("accessControl", &self.access_control, ACCESS_CONTROLS),
            (
                "subscriptionAvailability",
                &self.subscription_availability,
                AVAILABILITIES,
            ),
            (
                "endpointImplementationType",
                &self.endpoint_implementation_type,
                IMPLEMENTATIONS,
            ),
        ];
        let lists = [
            ("securityScheme", &self.security_scheme, SECURITY_SCHEMES),
            ("transport", &self.transport, TRANSPORTS),
        ];
        let mut faults: Vec<Fault> = words
            .into_iter()
            .filter_map(|(place, word, known)| unknown_word(place, word.as_deref()?, known))
            .collect();
        for (place, list, known) in lists {
            let unknown = |word: &String| unknown_word(place, word, known);
            faults.extend(list.iter().flatten().filter_map(unknown));
        }
        for header in [
            ("authorizationHeader", &self.authorization_header),
            ("apiKeyHeader", &self.api_key_header),
        ] {
            if let (place, Some(name)) = header
                && !is_header_name(name)
            {
                faults.push(fault(
                    place,
                    format!("`{}` is not a header name", name.escape_debug()),
                ));
            }
        }
        faults
    }

    fn endpoint_faults(&self, allow_private: bool) -> Vec<Fault> {
        let Some(config) = &self.endpoint_config else {
            return Vec::new();
        };
        let mut faults = Vec::new();
        for (place, addresses) in [
            (
                "endpointConfig.production_endpoints",
                &config.production_endpoints,
            ),
            (
                "endpointConfig.sandbox_endpoints",
                &config.sandbox_endpoints,
            ),
        ] {
            for address in addresses.iter().flat_map(Addresses::iter) {
                let url = address.url.as_deref().unwrap_or_default();
                if url.is_empty() || url == "default" {
                    continue;
                }
                if let Err(reason) = address::parse(url, allow_private) {
                    faults.push(fault(&format!("{place}.url"), reason));
                }
            }
        }
        faults
    }
}

impl Addresses {
    /// Each address.
    pub fn iter(&self) -> impl Iterator<Item = &Address> {
        match self {
            Self::One(address) => std::slice::from_ref(address).iter(),
            Self::Many(addresses) => addresses.iter(),
        }
    }
}

/// `true` for a token of RFC 9110, or nothing at all (the default header is meant then).
fn is_header_name(name: &str) -> bool {
    name.len() <= 100
        && name
            .chars()
            .all(|character| character.is_ascii_alphanumeric() || "-_.".contains(character))
}

fn unknown_word(place: &str, word: &str, known: &[&str]) -> Option<Fault> {
    (!known.contains(&word)).then(|| {
        fault(
            place,
            format!("`{word}` is none of `{}`", known.join("`, `")),
        )
    })
}

pub(crate) fn missing(place: &str) -> Fault {
    fault(place, "is missing")
}

pub(crate) fn fault(place: &str, message: impl Into<String>) -> Fault {
    Fault {
        place: place.to_owned(),
        message: message.into(),
    }
}

const DESCRIPTION_LIMIT: usize = 32_766;
const KINDS: &[&str] = &[
    "HTTP",
    "WS",
    "SOAPTOREST",
    "SOAP",
    "GRAPHQL",
    "WEBSUB",
    "SSE",
    "WEBHOOK",
    "ASYNC",
];
const VISIBILITIES: &[&str] = &["PUBLIC", "PRIVATE", "RESTRICTED"];
const ACCESS_CONTROLS: &[&str] = &["NONE", "RESTRICTED"];
const AVAILABILITIES: &[&str] = &["CURRENT_TENANT", "ALL_TENANTS", "SPECIFIC_TENANTS"];
const IMPLEMENTATIONS: &[&str] = &["INLINE", "ENDPOINT", "MOCKED_OAS"];
const TRANSPORTS: &[&str] = &["http", "https", "ws", "wss"];
const SECURITY_SCHEMES: &[&str] = &[
    "oauth2",
    "api_key",
    "basic_auth",
    "mutualssl",
    "mutualssl_mandatory",
    "oauth_basic_auth_api_key_mandatory",
];
