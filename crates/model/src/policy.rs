//! Throttle policies as gateways hold them. KV `policies/<hash>`, immutable, named by the catalogue.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

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
}

/// How much of what in how long. Windows are aligned to the epoch, as WSO2's are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Limit {
    /// What is counted, and how much of it a window admits.
    pub measure: Measure,
    /// Length of the window in units; at least 1.
    pub unit_time: u32,
    /// The unit.
    pub time_unit: TimeUnit,
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Requests per window.
    Requests(u64),
    /// Bytes both ways per window.
    Bytes(u64),
    /// Events per window (streaming APIs).
    Events(u64),
}

/// WSO2's units of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TimeUnit {
    /// 1 s (burst limits only).
    Sec,
    /// 60 s.
    Min,
    /// 3,600 s.
    Hour,
    /// 86,400 s, UTC days.
    Day,
    /// A calendar month, UTC.
    Month,
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
