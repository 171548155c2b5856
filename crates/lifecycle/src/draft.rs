//! The publisher's object of an API, with every property that WSO2 API Manager 4 knows, so that what its clients read
//! they can send back. Properties that a gateway does not act on are kept as they came.

mod check;
mod secret;

pub use secret::NewSecret;
pub(crate) use secret::SECRETS;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::Fault;

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
    /// Ours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema_validation: Option<SchemaValidation>,
    /// Ours: the complexity values of a GraphQL API, which have an operation of their own.
    #[serde(rename = "graphQLComplexity", skip_serializing_if = "Option::is_none")]
    pub graphql_complexity: Option<Vec<FieldComplexity>>,
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
    /// Of an API product: what it bundles. No client sends it; [`Draft::stored`] reads it.
    #[serde(skip)]
    pub parts: Vec<crate::bundle::Part>,
}

/// What becomes of messages that break the contract, beyond WSO2's switch; and what is let in at all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(
    rename_all = "camelCase",
    deny_unknown_fields,
    default,
    expecting = "an object"
)]
pub struct SchemaValidation {
    /// `off`, `report` or `block`, for requests.
    pub request: Option<String>,
    /// The same for responses.
    pub response: Option<String>,
    /// Most bytes of a request's body.
    pub body_limit: Option<i64>,
    /// Content types that requests may have.
    pub content_types: Option<Vec<String>>,
}

/// What a field of a GraphQL schema counts in a query (WSO2's `GraphQLCustomComplexityInfo`).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "an object")]
pub struct FieldComplexity {
    /// An object or an interface of the schema.
    #[serde(rename = "type")]
    pub owner: String,
    /// Its field.
    pub field: String,
    /// From 0 to [`MOST_COMPLEXITY`].
    pub complexity_value: i64,
}

/// Of one field.
pub const MOST_COMPLEXITY: i64 = 1_000_000;
/// Fields with a value, in one API.
pub const MOST_VALUED_FIELDS: usize = 5_000;

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
    /// Ours.
    pub throttling_weight: Option<i64>,
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
    /// `http`, `address`, `load_balance` or `failover`; others are kept and named when the API is deployed.
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

impl Addresses {
    /// Each address.
    pub fn iter(&self) -> impl Iterator<Item = &Address> {
        match self {
            Self::One(address) => std::slice::from_ref(address).iter(),
            Self::Many(addresses) => addresses.iter(),
        }
    }
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
