//! The admin API's objects, property by property.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Group;

/// A policy as the admin API writes it; one shape for all kinds, because [`PolicyBody::faults`] says which
/// property belongs to which.
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
pub struct PolicyBody {
    #[serde(skip_serializing)]
    pub policy_id: Option<String>,
    #[serde(skip_serializing)]
    pub policy_name: Option<String>,
    #[serde(skip_serializing)]
    pub display_name: Option<String>,
    #[serde(skip_serializing)]
    pub description: Option<String>,
    #[serde(skip_serializing)]
    pub is_deployed: Option<bool>,
    #[serde(rename = "type", skip_serializing)]
    pub type_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_limit: Option<ThrottleLimit>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub burst_limit: Option<BurstLimit>,
    #[serde(
        rename = "graphQLMaxComplexity",
        skip_serializing_if = "Option::is_none"
    )]
    pub graphql_max_complexity: Option<i64>,
    #[serde(rename = "graphQLMaxDepth", skip_serializing_if = "Option::is_none")]
    pub graphql_max_depth: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub monetization: Option<Map<String, Value>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate_limit_count: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate_limit_time_unit: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subscriber_count: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_attributes: Option<Vec<Attribute>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stop_on_quota_reach: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub billing_plan: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub permissions: Option<Map<String, Value>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conditional_groups: Option<Vec<Group>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_template: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub siddhi_query: Option<String>,
    // Ours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per_user: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub concurrency: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_failure: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub condition: Option<String>,
}

/// A name and a value that the administrator adds.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
#[expect(missing_docs, reason = "the names say it")]
pub struct Attribute {
    pub name: String,
    pub value: String,
}

/// How much of what in how long; the property that `type` names is there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
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
pub struct ThrottleLimit {
    #[serde(rename = "type")]
    pub kind: String,
    pub request_count: Option<Quantity>,
    pub bandwidth: Option<Quantity>,
    pub event_count: Option<Quantity>,
    pub ai_api_quota: Option<Quantity>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub algorithm: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub burst: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
}

/// One quantity in a time; which of the counts is meant follows from where it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
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
pub struct Quantity {
    pub time_unit: Option<String>,
    pub unit_time: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_count: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_amount: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_unit: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event_count: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_token_count: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prompt_token_count: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub completion_token_count: Option<i64>,
}

/// A short-period limit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
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
pub struct BurstLimit {
    pub rate_limit_count: Option<i64>,
    pub rate_limit_time_unit: Option<String>,
}
