//! The publisher API, one file per noun.

pub(crate) mod apis;
pub(crate) mod archive_import;
pub(crate) mod categories;
pub(crate) mod client_certificates;
pub(crate) mod comments;
pub(crate) mod copy;
pub(crate) mod definition;
pub(crate) mod documents;
pub(crate) mod endpoint_check;
pub(crate) mod export;
pub(crate) mod gateway_policies;
pub(crate) mod import;
pub(crate) mod internal_key;
pub(crate) mod labels;
pub(crate) mod lifecycle_state;
pub(crate) mod operation_policies;
pub(crate) mod plan_change;
pub(crate) mod revision_row;
pub(crate) mod revisions;
pub(crate) mod running;
pub(crate) mod settings;
pub(crate) mod shared_scopes;
pub(crate) mod subscriptions;
pub(crate) mod throttling;
