//! The developer portal API, one file per noun.

pub(crate) mod api_key_renewal;
pub(crate) mod api_keys;
pub(crate) mod apis;
pub(crate) mod application_archives;
pub(crate) mod application_body;
pub(crate) mod application_row;
pub(crate) mod applications;
pub(crate) mod attributes;
pub(crate) mod client_row;
pub(crate) mod comments;
pub(crate) mod documents;
pub(crate) mod external_keys;
pub(crate) mod interfaces;
pub(crate) mod key_request;
pub(crate) mod keys;
pub(crate) mod map_keys;
pub(crate) mod own_password;
pub(crate) mod ratings;
pub(crate) mod secrets;
pub(crate) mod settings;
pub(crate) mod subscriptions;
pub(crate) mod tags;
pub(crate) mod throttle_reset;
pub(crate) mod throttling;
pub(crate) mod tokens;
pub(crate) mod visible;
