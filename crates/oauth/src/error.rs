//! Refusals in the words of RFC 6749 section 5.2.

use serde_json::json;

/// Why a request to the authorization server is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OauthError {
    /// The registered word.
    pub kind: ErrorKind,
    /// What is wrong and what would be right; safe for the client.
    pub description: String,
    /// Seconds after which another attempt may be made; with [`ErrorKind::SlowDown`].
    pub retry_after_seconds: Option<u64>,
}

/// The registered words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// A parameter is missing, repeated or malformed.
    InvalidRequest,
    /// The client could not be authenticated.
    InvalidClient,
    /// The password, code or refresh token is wrong, expired, spent or another client's.
    InvalidGrant,
    /// This client may not use this grant.
    UnauthorizedClient,
    /// We do not know this grant.
    UnsupportedGrantType,
    /// A scope is malformed or wider than what was granted before.
    InvalidScope,
    /// Too many attempts, or a device that polls too fast (RFC 8628).
    SlowDown,
    /// The person said no.
    AccessDenied,
    /// We give out codes only.
    UnsupportedResponseType,
    /// Nobody is signed in, and nobody may be asked to (`OpenID` Connect).
    LoginRequired,
    /// The person would have to be asked for consent, and may not be.
    ConsentRequired,
    /// The person would have to be asked something else, and may not be.
    InteractionRequired,
    /// The authentication that the client wants cannot be had (RFC 9470).
    UnmetAuthenticationRequirements,
    /// Request objects are not offered.
    RequestNotSupported,
    /// Request objects by reference are not offered.
    RequestUriNotSupported,
    /// The pushed request is not there (RFC 9101).
    InvalidRequestUri,
    /// Too much at once; the client may come back.
    TemporarilyUnavailable,
    /// Registration along with a request is not offered.
    RegistrationNotSupported,
    /// A resource is malformed or unknown (RFC 8707).
    InvalidTarget,
    /// Nobody has confirmed the device's code yet (RFC 8628).
    AuthorizationPending,
    /// Nobody confirmed the device's code in time.
    ExpiredToken,
    /// The token that would open something is missing or not good (RFC 6750).
    InvalidToken,
    /// A client may not be sent answers there (RFC 7591).
    InvalidRedirectUri,
    /// A client says something of itself that cannot be (RFC 7591).
    InvalidClientMetadata,
    /// What should be a software statement is none (RFC 7591).
    InvalidSoftwareStatement,
    /// Nobody whom we trust made the software statement (RFC 7591).
    UnapprovedSoftwareStatement,
    /// The proof of possession is missing or not good (RFC 9449).
    InvalidDpopProof,
    /// The proof has to repeat the nonce that comes along (RFC 9449).
    UseDpopNonce,
}

impl OauthError {
    /// A refusal.
    pub fn new(kind: ErrorKind, description: impl Into<String>) -> Self {
        Self {
            kind,
            description: description.into(),
            retry_after_seconds: None,
        }
    }

    /// The one answer for every failed client authentication: it does not say whether the client exists.
    #[must_use]
    pub fn client() -> Self {
        Self::new(
            ErrorKind::InvalidClient,
            "the client is unknown or its secret is wrong; check the consumer key and secret",
        )
    }

    /// The one answer for every failed password: it does not say whether the user exists.
    #[must_use]
    pub fn password() -> Self {
        Self::new(
            ErrorKind::InvalidGrant,
            "the username or the password is wrong",
        )
    }

    /// The one answer for every refresh token that is not good.
    #[must_use]
    pub fn refresh_token() -> Self {
        Self::new(
            ErrorKind::InvalidGrant,
            "the refresh token is unknown, expired, spent or revoked; sign in again",
        )
    }

    /// Too many failed attempts.
    #[must_use]
    pub fn slow_down(retry_after_seconds: u64) -> Self {
        Self {
            kind: ErrorKind::SlowDown,
            description: format!("too many attempts; try again in {retry_after_seconds} seconds"),
            retry_after_seconds: Some(retry_after_seconds),
        }
    }

    /// HTTP status.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self.kind {
            ErrorKind::InvalidClient | ErrorKind::InvalidToken => 401,
            ErrorKind::SlowDown if self.retry_after_seconds.is_some() => 429,
            ErrorKind::SlowDown
            | ErrorKind::InvalidRequest
            | ErrorKind::InvalidGrant
            | ErrorKind::UnauthorizedClient
            | ErrorKind::UnsupportedGrantType
            | ErrorKind::InvalidScope
            | ErrorKind::AccessDenied
            | ErrorKind::UnsupportedResponseType
            | ErrorKind::LoginRequired
            | ErrorKind::ConsentRequired
            | ErrorKind::InteractionRequired
            | ErrorKind::UnmetAuthenticationRequirements
            | ErrorKind::RequestNotSupported
            | ErrorKind::RequestUriNotSupported
            | ErrorKind::RegistrationNotSupported
            | ErrorKind::InvalidRequestUri
            | ErrorKind::TemporarilyUnavailable
            | ErrorKind::InvalidTarget
            | ErrorKind::AuthorizationPending
            | ErrorKind::ExpiredToken
            | ErrorKind::InvalidRedirectUri
            | ErrorKind::InvalidClientMetadata
            | ErrorKind::InvalidSoftwareStatement
            | ErrorKind::UnapprovedSoftwareStatement
            | ErrorKind::InvalidDpopProof
            | ErrorKind::UseDpopNonce => 400,
        }
    }

    /// The JSON body.
    #[must_use]
    pub fn body(&self) -> String {
        json!({"error": self.kind.as_str(), "error_description": self.description}).to_string()
    }
}

impl ErrorKind {
    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::InvalidClient => "invalid_client",
            Self::InvalidGrant => "invalid_grant",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::InvalidScope => "invalid_scope",
            Self::SlowDown => "slow_down",
            Self::AccessDenied => "access_denied",
            Self::UnsupportedResponseType => "unsupported_response_type",
            Self::LoginRequired => "login_required",
            Self::ConsentRequired => "consent_required",
            Self::InteractionRequired => "interaction_required",
            Self::UnmetAuthenticationRequirements => "unmet_authentication_requirements",
            Self::RequestNotSupported => "request_not_supported",
            Self::RequestUriNotSupported => "request_uri_not_supported",
            Self::InvalidRequestUri => "invalid_request_uri",
            Self::TemporarilyUnavailable => "temporarily_unavailable",
            Self::RegistrationNotSupported => "registration_not_supported",
            Self::InvalidTarget => "invalid_target",
            Self::AuthorizationPending => "authorization_pending",
            Self::ExpiredToken => "expired_token",
            Self::InvalidToken => "invalid_token",
            Self::InvalidRedirectUri => "invalid_redirect_uri",
            Self::InvalidClientMetadata => "invalid_client_metadata",
            Self::InvalidSoftwareStatement => "invalid_software_statement",
            Self::UnapprovedSoftwareStatement => "unapproved_software_statement",
            Self::InvalidDpopProof => "invalid_dpop_proof",
            Self::UseDpopNonce => "use_dpop_nonce",
        }
    }
}
