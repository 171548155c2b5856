//! The authorization server's rules: who may register, which grant gives which scopes to whom, for how long.
//!
//! Pure: rows, secrets' digests, randomness and the time come in as arguments; what to write and what to answer goes
//! out. The shell around it is `workers/keys`. A token request is told in this order: [`Form::parse`],
//! [`client_credential`], [`TokenRequest::read`], [`Client::require_grant`], [`grant_scopes`], [`Issue`]. Words and errors are
//! those of RFC 6749, 7009, 7591, 7662, 8414 and 9068.

#![warn(missing_docs)]

mod application_key;
mod authorize;
mod client;
mod client_document;
mod client_metadata;
mod client_registration;
mod consent;
mod device;
mod error;
mod exchange;
mod form;
mod grant;
mod id_token;
mod introduction;
mod introspection;
mod jwt_bearer;
mod keyring;
mod logout;
mod metadata;
mod origin;
mod pace;
mod password_grant;
mod redirect;
mod refresh;
mod registration;
mod registration_policy;
mod resource;
mod scope;
mod secret_wish;
mod settings;
mod token;

pub use application_key::ClientWish;
pub use authorize::{
    Agreement, Answer, Ask, AuthorizationRequest, CODE_LIFE_MS, Challenge, CodeState, CodeVerdict,
    INTERACTION_LIFE_MS, PUSHED_LIFE_MS, PUSHED_PREFIX, PageFault, PkceRule, Presence, Prompt,
    ResponseMode, ShownCode, Situation, Step, Target, acr_of, decide, judge_code,
};
pub use client::{Client, ClientCredential, ShownClient, basic, client_credential, shown_client};
pub use client_document::{
    check_document_address, document_host, document_life_ms, is_document_address, parse_document,
};
pub use client_metadata::{CertificateMethod, ClientMetadata};
pub use client_registration::{ClientRegistration, RegisteredClient};
pub use consent::{ScopeLine, covers, joined, scope_lines};
pub use device::{
    DEVICE_LIFE_MS, DeviceState, DeviceStatus, POLL_SECONDS, PollVerdict, UserCode, judge_poll,
};
pub use error::{ErrorKind, OauthError};
pub use exchange::{ACCESS_TOKEN_KIND, Bounds, ExchangeRequest, ExchangedToken};
pub use form::Form;
pub use grant::{Grant, GrantKind, TokenRequest};
pub use id_token::{ID_TOKEN_TYPE, IdToken, Profile, userinfo};
pub use introduction::{BACKEND_TYPE, introduction_claims};
pub use introspection::{
    INTROSPECTION_MEDIA_TYPE, INTROSPECTION_TYPE, inactive, introspection, introspection_claims,
    wants_signed_introspection,
};
pub use jwt_bearer::{Voice, may_speak};
pub use keyring::{
    KeyName, KeySchedule, KeyState, RingKey, SigningAlgorithm, Timing, Turn, Withdrawal, due_turns,
    judge_withdrawal, may_announce,
};
pub use logout::{Hint, LogoutRequest, LogoutStep, SignedIn};
pub use metadata::Endpoints;
pub use pace::Failures;
pub use password_grant::PasswordGrant;
pub use redirect::{is_redirect_uri, is_registered};
pub use refresh::{MAX_FAMILY_MS, RefreshState, RefreshVerdict, judge_refresh, may_refresh};
pub use registration::{Registration, RegistrationRequest};
pub use registration_policy::{InitialTokenWish, RegistrationPolicy};
pub use resource::{narrow_resources, parse_resources};
pub use scope::{
    Beneficiary, ScopeRule, grant_scopes, is_for_apis_to_bind, is_system, parse_scopes,
};
pub use secret_wish::{SecretWish, secret_properties};
pub use settings::Settings;
pub use token::{
    INTERNAL_KEY_TYPE, InternalKey, Issue, Subject, TokenResponse, compact, signing_input,
};
