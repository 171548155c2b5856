//! The admin API, one file per noun.

pub(crate) mod api_keys;
pub(crate) mod apis;
pub(crate) mod applications;
pub(crate) mod audit_log;
pub(crate) mod deny_policies;
pub(crate) mod environments;
pub(crate) mod filing;
pub(crate) mod key_managers;
pub(crate) mod organizations;
pub(crate) mod policies;
pub(crate) mod policy_files;
pub(crate) mod registration;
pub(crate) mod role_aliases;
pub(crate) mod roles;
pub(crate) mod scopes;
pub(crate) mod settings;
pub(crate) mod simulate;
pub(crate) mod tenant_config;
pub(crate) mod users;
pub(crate) mod workflows;
