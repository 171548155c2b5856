//! What a gateway does for an API beside passing its calls on.

use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// Nothing of it, unless its publisher says so.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Conduct {
    /// Keeps answers, for at most so many seconds (WSO2 `responseCachingEnabled`, `cacheTimeout`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cache_seconds: Option<u32>,
    /// When the API was deprecated: replies tell it (`Deprecation`, RFC 9745).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deprecated_at: Option<Timestamp>,
    /// When the API will be there no longer: replies tell it (`Sunset`, RFC 8594).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sunset_at: Option<Timestamp>,
    /// What the log is told of each call.
    #[serde(skip_serializing_if = "LogLevel::is_off")]
    pub log: LogLevel,
    /// Tells the upstream who calls (WSO2's backend JWT).
    #[serde(skip_serializing_if = "is_false")]
    pub introduces: bool,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a reference"
)]
const fn is_false(value: &bool) -> bool {
    !*value
}

/// How much of it: never a body, a query, or what signs somebody in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogLevel {
    /// Nothing.
    #[default]
    Off,
    /// A line with operation, status, time and name of the request.
    Basic,
    /// The same with the request's headers.
    Standard,
}

impl LogLevel {
    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "serde passes a reference"
    )]
    const fn is_off(&self) -> bool {
        matches!(self, Self::Off)
    }
}

impl Conduct {
    /// Nothing but the usual.
    #[must_use]
    pub fn is_usual(&self) -> bool {
        *self == Self::default()
    }
}
