//! Kinds of errors, by WSO2's ranges of codes and with its words.

use serde::{Deserialize, Serialize};

/// Whose fault a refused or broken call is (WSO2 `errorType`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ErrorType {
    /// The caller's credential, subscription or scope.
    Auth,
    /// A limit or a block.
    Throttled,
    /// The upstream could not be reached, or broke off.
    TargetConnectivity,
    /// A guardrail stopped the call.
    GuardrailFault,
    /// Anything else.
    Other,
}

impl ErrorType {
    /// The kind of a fault code.
    #[must_use]
    pub const fn of(code: u32) -> Self {
        match code {
            900_514 => Self::GuardrailFault,
            900_800..900_900 => Self::Throttled,
            900_900..901_000 => Self::Auth,
            101_500..101_600 => Self::TargetConnectivity,
            _ => Self::Other,
        }
    }

    /// WSO2's word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Auth => "AUTH",
            Self::Throttled => "THROTTLED",
            Self::TargetConnectivity => "TARGET_CONNECTIVITY",
            Self::GuardrailFault => "GUARDRAIL_FAULT",
            Self::Other => "OTHER",
        }
    }
}

/// What exactly was wrong (WSO2's sub-category, the event's `errorMessage`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cause(&'static str);

impl Cause {
    /// The cause of a fault code.
    #[must_use]
    pub const fn of(code: u32) -> Self {
        Self(match code {
            900_800 => "API_LEVEL_LIMIT_EXCEEDED",
            900_801 => "HARD_LIMIT_EXCEEDED",
            900_802 => "RESOURCE_LEVEL_LIMIT_EXCEEDED",
            900_803 => "APPLICATION_LEVEL_LIMIT_EXCEEDED",
            900_804 => "SUBSCRIPTION_LIMIT_EXCEEDED",
            900_805 => "BLOCKED",
            900_806 => "CUSTOM_POLICY_LIMIT_EXCEEDED",
            900_807 => "BURST_CONTROL_LIMIT_EXCEEDED",
            900_809 => "APPLICATION_BURST_CONTROL_LIMIT_EXCEEDED",
            900_820 => "QUERY_TOO_DEEP",
            900_821 => "QUERY_TOO_COMPLEX",
            900_907..=900_909 => "SUBSCRIPTION_VALIDATION_FAILURE",
            900_906 | 900_910 => "AUTHORIZATION_FAILURE",
            900_900..901_000 => "AUTHENTICATION_FAILURE",
            101_504 | 101_508 => "CONNECTION_TIMEOUT",
            303_001 => "CONNECTION_SUSPENDED",
            404 => "RESOURCE_NOT_FOUND",
            405 => "METHOD_NOT_ALLOWED",
            400 => "INVALID_REQUEST_SCHEMA",
            101_500..101_600 => "OTHER",
            _ => "UNCLASSIFIED",
        })
    }

    /// WSO2's word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_fall_into_the_peers_kinds() {
        let cases = [
            (900_901, ErrorType::Auth, "AUTHENTICATION_FAILURE"),
            (900_908, ErrorType::Auth, "SUBSCRIPTION_VALIDATION_FAILURE"),
            (900_910, ErrorType::Auth, "AUTHORIZATION_FAILURE"),
            (900_804, ErrorType::Throttled, "SUBSCRIPTION_LIMIT_EXCEEDED"),
            (900_899, ErrorType::Throttled, "UNCLASSIFIED"),
            (101_504, ErrorType::TargetConnectivity, "CONNECTION_TIMEOUT"),
            (101_503, ErrorType::TargetConnectivity, "OTHER"),
            (900_514, ErrorType::GuardrailFault, "UNCLASSIFIED"),
            (404, ErrorType::Other, "RESOURCE_NOT_FOUND"),
            (303_001, ErrorType::Other, "CONNECTION_SUSPENDED"),
            (0, ErrorType::Other, "UNCLASSIFIED"),
        ];
        for (code, kind, cause) in cases {
            assert_eq!(
                (ErrorType::of(code), Cause::of(code).as_str()),
                (kind, cause),
                "{code}"
            );
        }
    }
}
