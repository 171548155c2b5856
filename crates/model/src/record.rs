//! Who may call: small KV values, each replaced as a whole, each with a version that only grows.
//!
//! Written by portal-api only. An absent key is an unknown credential and is refused.

use serde::{Deserialize, Serialize};

use crate::{ApiId, ApplicationId, ClientId, KeyId, OrganizationId, SubscriptionId, Timestamp};

/// KV `client/<client id>`: which application an OAuth 2 client belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientRecord {
    /// [`crate::SCHEMA_VERSION`] of the writer.
    pub schema: u32,
    /// Owner.
    pub organization: OrganizationId,
    /// The client.
    pub client: ClientId,
    /// The application that it belongs to.
    pub application: ApplicationId,
    /// Production or sandbox; decides the endpoint.
    pub key_type: KeyType,
}

/// KV `api-key/<lower-case hex SHA-256 of the key>`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiKeyRecord {
    /// [`crate::SCHEMA_VERSION`] of the writer.
    pub schema: u32,
    /// Owner.
    pub organization: OrganizationId,
    /// The key's public name.
    pub id: KeyId,
    /// The application that it belongs to.
    pub application: ApplicationId,
    /// The only API that it opens; `None` for all that its application is subscribed to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub api: Option<ApiId>,
    /// Production or sandbox.
    pub key_type: KeyType,
    /// The application's owner, who counts as the user of the calls.
    pub user: String,
    /// When it stops working; `None` never.
    pub expires_at: Option<Timestamp>,
    /// Addresses or CIDR ranges that may use it; empty allows all.
    pub permitted_ips: Vec<String>,
    /// Referrer patterns (`*` wildcard) that may use it; empty allows all.
    pub permitted_referers: Vec<String>,
}

/// KV `application/<id>`: an application with its subscriptions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApplicationRecord {
    /// [`crate::SCHEMA_VERSION`] of the writer.
    pub schema: u32,
    /// Owner.
    pub organization: OrganizationId,
    /// The application.
    pub id: ApplicationId,
    /// Its name.
    pub name: String,
    /// The user who owns it.
    pub owner: String,
    /// Name of its application policy.
    pub policy: String,
    /// Whether it may call.
    pub status: ApplicationStatus,
    /// How often what its users have used under its policy was forgotten.
    #[serde(default, skip_serializing_if = "is_never")]
    pub throttle_resets: u32,
    /// Its rights.
    pub subscriptions: Vec<SubscriptionRecord>,
}

fn is_never(count: &u32) -> bool {
    *count == 0
}

/// Whether an application may call (WSO2 application status).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum ApplicationStatus {
    /// Waits for approval.
    Created,
    /// May call.
    Approved,
    /// Was refused.
    Rejected,
}

/// One right: an API under a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubscriptionRecord {
    /// The subscription.
    pub id: SubscriptionId,
    /// The API.
    pub api: ApiId,
    /// Name of the plan (subscription policy).
    pub plan: String,
    /// Whether it is good.
    pub status: SubscriptionStatus,
}

/// WSO2's subscription states, with its words on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SubscriptionStatus {
    /// Good.
    Unblocked,
    /// Refused for every key: 401 / 900907.
    Blocked,
    /// Refused for production keys only.
    ProdOnlyBlocked,
    /// Waits for approval: 401 / 900909.
    OnHold,
    /// Was refused: 401 / 900909.
    Rejected,
    /// A change of plan waits for approval; the old plan counts.
    TierUpdatePending,
    /// A deletion waits for approval; still good.
    DeletePending,
}

/// Production or sandbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum KeyType {
    /// The real thing.
    Production,
    /// For trying.
    Sandbox,
}

impl KeyType {
    /// `PRODUCTION` or `SANDBOX`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Production => "PRODUCTION",
            Self::Sandbox => "SANDBOX",
        }
    }
}
