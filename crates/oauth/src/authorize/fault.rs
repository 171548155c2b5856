//! What is told on a page of ours, because there is nobody whom it would be safe to send it to.

use crate::{ErrorKind, OauthError};

/// Why a request of the front channel ends on a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageFault {
    /// A parameter stands twice, or there are too many.
    Malformed,
    /// `client_id` is missing or nobody's.
    UnknownClient,
    /// The redirect URI is not registered.
    UnregisteredRedirect,
    /// The client has no redirect URI.
    NoRedirect,
    /// The client has several redirect URIs, and the request names none.
    AmbiguousRedirect,
    /// The pushed request is spent, expired or another client's.
    UnknownRequest,
    /// The interaction is over.
    UnknownInteraction,
    /// The ID token that should say whose session is meant is none of ours.
    UnknownHint,
    /// The address to go to after signing out is not registered.
    UnregisteredLogout,
}

impl PageFault {
    /// The name that the page knows it by.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::UnknownClient => "unknown-client",
            Self::UnregisteredRedirect => "unregistered-redirect",
            Self::NoRedirect => "no-redirect",
            Self::AmbiguousRedirect => "ambiguous-redirect",
            Self::UnknownRequest => "unknown-request",
            Self::UnknownInteraction => "unknown-interaction",
            Self::UnknownHint => "unknown-hint",
            Self::UnregisteredLogout => "unregistered-logout",
        }
    }

    /// The same for a program.
    #[must_use]
    pub fn error(self) -> OauthError {
        let (kind, description) = match self {
            Self::Malformed => (
                ErrorKind::InvalidRequest,
                "a parameter stands twice, or there are more than 50",
            ),
            Self::UnknownClient => (
                ErrorKind::InvalidRequest,
                "`client_id` is missing or unknown; check the consumer key",
            ),
            Self::UnregisteredRedirect => (
                ErrorKind::InvalidRequest,
                "`redirect_uri` is not one that the client has registered; they are compared character by character",
            ),
            Self::NoRedirect => (
                ErrorKind::InvalidRequest,
                "the client has no redirect URI; register one first",
            ),
            Self::AmbiguousRedirect => (
                ErrorKind::InvalidRequest,
                "`redirect_uri` is missing, and the client has registered several",
            ),
            Self::UnknownRequest => (
                ErrorKind::InvalidRequestUri,
                "`request_uri` is spent, expired or another client's; push the request again",
            ),
            Self::UnknownInteraction => (
                ErrorKind::InvalidRequest,
                "the interaction is over; start again at the application",
            ),
            Self::UnknownHint => (
                ErrorKind::InvalidRequest,
                "`id_token_hint` is not an ID token of this issuer",
            ),
            Self::UnregisteredLogout => (
                ErrorKind::InvalidRequest,
                "`post_logout_redirect_uri` is not one that the client has registered; send `client_id` or `id_token_hint` along",
            ),
        };
        OauthError::new(kind, description)
    }
}
