//! The authorization server's rules: who may register, which grant gives which scopes to whom, for how long.
//!
//! Pure: rows, secrets' digests, randomness and the time come in as arguments; what to write and what to answer goes
//! out. The shell around it is `workers/keys`. A token request is told in this order: [`Form::parse`],
//! [`client_credential`], [`TokenRequest::read`], [`Client::require_grant`], [`grant_scopes`], [`Issue`]. Words and errors are
//! those of RFC 6749, 7009, 7591, 7662, 8414 and 9068.

#![warn(missing_docs)]

mod client;
mod error;
mod form;
mod grant;
mod introspection;
mod metadata;
mod refresh;
mod registration;
mod scope;
mod settings;
mod token;

pub use client::{Client, ClientCredential, basic, client_credential};
pub use error::{ErrorKind, OauthError};
pub use form::Form;
pub use grant::{Grant, GrantKind, TokenRequest};
pub use introspection::{inactive, introspection};
pub use metadata::Endpoints;
pub use refresh::{MAX_FAMILY_MS, RefreshState, RefreshVerdict, judge_refresh};
pub use registration::{Registration, RegistrationRequest};
pub use scope::{Beneficiary, ScopeRule, grant_scopes, is_system, parse_scopes};
pub use settings::Settings;
pub use token::{
    INTERNAL_KEY_TYPE, InternalKey, Issue, Subject, TokenResponse, compact, signing_input,
};
