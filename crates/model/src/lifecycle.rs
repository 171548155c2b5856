//! The states of an API; which transition is allowed is decided in `crates/lifecycle`.

use serde::{Deserialize, Serialize};

/// WSO2's lifecycle states, with its words on the wire (`PROTOTYPED` is shown as "Pre-Released").
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "UPPERCASE")]
pub enum ApiState {
    /// Drafted; a deployed revision answers to the internal key only.
    #[default]
    Created,
    /// Callable without a subscription.
    Prototyped,
    /// Offered to consumers.
    Published,
    /// Deployed, but every call is refused with 503 / 700700.
    Blocked,
    /// Still serves its subscribers; takes no new ones.
    Deprecated,
    /// Undeployed for good.
    Retired,
}

impl ApiState {
    /// The state's word in REST shapes, for example `PUBLISHED`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Created => "CREATED",
            Self::Prototyped => "PROTOTYPED",
            Self::Published => "PUBLISHED",
            Self::Blocked => "BLOCKED",
            Self::Deprecated => "DEPRECATED",
            Self::Retired => "RETIRED",
        }
    }

    /// Reads [`Self::as_str`] back; `None` for any other word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "CREATED" => Self::Created,
            "PROTOTYPED" => Self::Prototyped,
            "PUBLISHED" => Self::Published,
            "BLOCKED" => Self::Blocked,
            "DEPRECATED" => Self::Deprecated,
            "RETIRED" => Self::Retired,
            _ => return None,
        })
    }
}
