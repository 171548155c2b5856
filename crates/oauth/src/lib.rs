//! The authorization server's rules: who may register, which grant gives which scopes to whom, for how long.
//!
//! Pure: rows, secrets' digests, randomness and the time come in as arguments; what to write and what to answer goes
//! out. The shell around it is `workers/keys`. A token request is told in this order: [`Form::parse`],
//! [`client_credential`], [`TokenRequest::read`], [`Client::require_grant`], [`grant_scopes`], [`Issue`]; and for people
//! [`judge_attempts`] stands before every password. Words and errors are those of RFC 6749, 7009, 7591, 7662, 8414 and
//! 9068.

#![warn(missing_docs)]

mod attempt;
mod client;
mod error;
mod form;
mod grant;
mod introspection;
mod metadata;
mod person;
mod refresh;
mod registration;
mod scope;
mod session;
mod settings;
mod token;

pub use attempt::{ATTEMPT_WINDOW_MS, Attempts, attempt_window, judge_attempts};
pub use client::{Client, ClientCredential, basic, client_credential};
pub use error::{ErrorKind, OauthError};
pub use form::Form;
pub use grant::{Grant, GrantKind, TokenRequest};
pub use introspection::{inactive, introspection};
pub use metadata::Endpoints;
pub use person::{NewUser, UserUpdate, require_password, require_username};
pub use refresh::{MAX_FAMILY_MS, RefreshState, RefreshVerdict, judge_refresh};
pub use registration::{Registration, RegistrationRequest};
pub use scope::{Beneficiary, ScopeRule, grant_scopes, is_system, parse_scopes};
pub use session::{
    SESSION_COOKIE, SessionState, clear_cookie, is_alive, require_own_page, session_expiry,
    session_id, set_cookie,
};
pub use settings::Settings;
pub use token::{
    INTERNAL_KEY_TYPE, InternalKey, Issue, Subject, TokenResponse, compact, signing_input,
};
