//! The words of the product as types, shared by every crate and Worker; they decide nothing.
//!
//! Four groups: *ids and time* ([`id`], [`time`]), *what is on its way* ([`message`]), *what the gateway runs*
//! ([`deployment`], [`endpoint`], [`policy`], [`limit`], [`condition`], [`catalog`]) and *who may call* ([`record`], [`trust`]).
//! Everything that crosses from the control plane to a gateway is in the last two groups, carries a schema version, and is
//! written by one Worker only (see docs/data-model.md).

#![warn(missing_docs)]

pub mod catalog;
pub mod client_certificate;
pub mod condition;
pub mod conduct;
pub mod deployment;
pub mod endpoint;
#[cfg(feature = "fixture")]
pub mod fixture;
pub mod id;
pub mod lifecycle;
pub mod limit;
pub mod message;
pub mod policy;
pub mod record;
pub mod step;
pub mod stored;
pub mod time;
pub mod trust;
pub mod trusted_issuer;

pub use catalog::{Catalog, Route, SHARD_COUNT, Shard, first_segment, shard_of};
pub use client_certificate::{Certificates, ClientCertificate};
pub use condition::{Condition, Trait};
pub use conduct::{Conduct, LogLevel};
pub use deployment::{
    ApiIdentity, Cors, Deployment, Operation, OperationSecurity, RESIDENT_KEY_MANAGER, Security,
};
pub use endpoint::{
    Care, Choice, Endpoint, Endpoints, Login, Member, OAuth, Pool, Retry, Suspension, Upstream,
};
pub use id::{ApiId, ApplicationId, ClientId, Hash, KeyId, OrganizationId, SubscriptionId, UserId};
pub use lifecycle::ApiState;
pub use limit::{Algorithm, BadZone, Limit, Measure, TimeUnit, Zone};
pub use message::{Fields, Message};
pub use policy::{
    AdvancedPolicy, ApplicationPolicy, ConditionGroup, CustomRule, DenyRule, DenyTarget,
    FailureMode, PolicySet, SubscriptionPolicy,
};
pub use record::{
    ApiKeyRecord, ApplicationRecord, ApplicationStatus, ClientRecord, KeyType, SubscriptionRecord,
    SubscriptionStatus,
};
pub use step::{Action, Flows, Step};
pub use stored::Stored;
pub use time::Timestamp;
pub use trust::{
    Revocations, RevokedClient, RevokedToken, RevokedUser, RevokedUsers, Trust, VerificationKey,
};
pub use trusted_issuer::{ClaimNames, TrustedIssuer};

/// Version of everything that crosses from the control plane to a gateway. A gateway that meets a newer one keeps the
/// last value that it understood and says so; an older one is read as it is.
///
/// 3: Deployments have steps, a contract and a conduct, without which an API would run unguarded.
pub const SCHEMA_VERSION: u32 = 3;
