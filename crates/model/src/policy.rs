//! Throttle policies as gateways hold them. KV `policies/<hash>`, immutable, named by the catalogue.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Condition, KeyType, Limit, Timestamp};

/// Every policy of an organization by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicySet {
    /// [`crate::SCHEMA_VERSION`] of the writer.
    pub schema: u32,
    /// Plans, by name (`Gold`).
    pub subscription: BTreeMap<String, SubscriptionPolicy>,
    /// Application policies, by name (`10PerMin`).
    pub application: BTreeMap<String, ApplicationPolicy>,
    /// Policies for a whole API or an operation, by name (`10KPerMin`).
    pub advanced: BTreeMap<String, AdvancedPolicy>,
    /// Rules over all traffic, in the order of their names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub custom: Vec<CustomRule>,
    /// Who is refused before anything is counted. Rules that are switched off are not here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deny: Vec<DenyRule>,
}

/// A plan: what a subscription may use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubscriptionPolicy {
    /// `None` is unlimited.
    pub limit: Option<Limit>,
    /// Short-period limit on top (WSO2 `rateLimitCount`).
    pub burst: Option<Limit>,
    /// `false`: calls beyond the limit pass and are marked.
    pub stop_on_quota_reach: bool,
    /// Calls of the subscription that may be under way at the same time; `None` is any number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub concurrency: Option<u32>,
    /// Most levels of fields in a GraphQL query; `None` is any number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub graphql_depth: Option<u32>,
    /// Most complexity of a GraphQL query; `None` is any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub graphql_complexity: Option<u32>,
    /// What happens when the counter cannot be reached.
    pub on_failure: FailureMode,
}

/// What one user of an application may use over all its APIs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApplicationPolicy {
    /// `None` is unlimited.
    pub limit: Option<Limit>,
    /// Short-period limit on top.
    pub burst: Option<Limit>,
    /// What happens when the counter cannot be reached.
    pub on_failure: FailureMode,
}

/// What all callers together (or each user) may use of an API or operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdvancedPolicy {
    /// `None` is unlimited.
    pub limit: Option<Limit>,
    /// Counted per user rather than for all callers together.
    pub per_user: bool,
    /// What happens when the counter cannot be reached.
    pub on_failure: FailureMode,
    /// Other limits for calls that meet conditions (WSO2 `conditionalGroups`), in order: a call counts against the first
    /// group that it meets, and against the limit above when it meets none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<ConditionGroup>,
}

/// A limit for the calls that meet all of some conditions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConditionGroup {
    /// Names the group's counter: unique within its policy, and kept when the group is edited or moved.
    pub id: String,
    /// All of them have to be met; at least one.
    pub conditions: Vec<Condition>,
    /// `None` is unlimited.
    pub limit: Option<Limit>,
}

/// A limit over whatever calls meet an expression, counted apart for each value of a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomRule {
    /// For example `PerCustomer`.
    pub name: String,
    /// WSO2's key template, `$userId:$apiContext`: calls for which it gives the same text share a count.
    pub key_template: String,
    /// A condition in CEL; `None` meets every call.
    pub condition: Option<String>,
    /// `None` is unlimited.
    pub limit: Option<Limit>,
    /// What happens when the counter cannot be reached.
    pub on_failure: FailureMode,
}

/// Refuses calls (403 / 900805), whatever their limits say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DenyRule {
    /// Whose calls.
    pub target: DenyTarget,
    /// Good until then; `None` is for ever.
    pub until: Option<Timestamp>,
    /// Told to whoever is refused, when there is one.
    pub reason: Option<String>,
}

/// Whose calls a [`DenyRule`] refuses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DenyTarget {
    /// Context with its version, `/petstore/1.0.0`.
    Api(String),
    /// WSO2's `owner:name` of an application.
    Application(String),
    /// User name, as tokens have it.
    User(String),
    /// Addresses that meet (or, inverted, do not meet) the condition, which is one of [`crate::Trait::Address`].
    Address(Condition),
    /// One application's use of one API.
    Subscription {
        /// `owner:name`.
        application: String,
        /// Context with its version.
        api: String,
        /// `None`: with keys of either type.
        key_type: Option<KeyType>,
    },
}

/// What happens when a limit's counter cannot be reached in time: data of the policy, not of the code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FailureMode {
    /// Refuse.
    Closed,
    /// Admit a bounded local share.
    #[default]
    Local,
    /// Admit.
    Open,
}
