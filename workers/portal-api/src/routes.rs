//! The table of contents: every operation, who may call it, and where it lives. Paths and scopes are those of the
//! documents in `api/`; a test compares the two.

mod administration;
mod callers;
mod governance;
mod interfaces;
mod products;
mod publication;
mod reading;

use std::{future::Future, pin::Pin};

use runtime::Outcome;
use worker::Response;

use crate::{
    admin, adoption, alerts, analytics, billing, call::Call, devportal, key_managers, publisher,
    reports,
};

/// One operation.
pub(crate) struct Route {
    pub(crate) method: &'static str,
    pub(crate) template: &'static str,
    pub(crate) access: Access,
    pub(crate) endpoint: Endpoint,
}

/// Who may call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// Everyone; who is known may see more.
    Open,
    /// Who holds any one of these scopes.
    Any(&'static [&'static str]),
}

/// Where an operation lives.
pub(crate) type Endpoint =
    for<'a> fn(&'a Call) -> Pin<Box<dyn Future<Output = Outcome<Response>> + 'a>>;

/// An operation with the parameters of the path.
pub(crate) type Found = (&'static Route, Vec<(&'static str, String)>);

/// Why no operation was found.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Missed {
    /// There is nothing at this path.
    Path,
    /// There is, but for these methods.
    Method(Vec<&'static str>),
}

/// The operation of a method and a path, with the path's parameters. The first row that fits wins, so that literal paths
/// stand before templates.
pub(crate) fn find(method: &str, path: &str) -> Result<Found, Missed> {
    let (base, tables) = TABLES
        .iter()
        .find(|(base, _)| {
            path.strip_prefix(base)
                .is_some_and(|rest| rest.starts_with('/'))
        })
        .ok_or(Missed::Path)?;
    let rest = path.strip_prefix(base).unwrap_or_default();
    let mut allowed = Vec::new();
    for route in tables.iter().copied().flatten() {
        let Some(parameters) = meet(route.template, rest) else {
            continue;
        };
        if route.method == method {
            return Ok((route, parameters));
        }
        allowed.push(route.method);
    }
    if allowed.is_empty() {
        Err(Missed::Path)
    } else {
        Err(Missed::Method(allowed))
    }
}

/// The parameters of a path that meets a template; a parameter is one segment and never empty.
fn meet(template: &'static str, path: &str) -> Option<Vec<(&'static str, String)>> {
    let mut parameters = Vec::new();
    let mut given = path.strip_suffix('/').unwrap_or(path).split('/');
    for expected in template.split('/') {
        let segment = given.next()?;
        match expected
            .strip_prefix('{')
            .and_then(|name| name.strip_suffix('}'))
        {
            Some(name) if !segment.is_empty() => parameters.push((name, decoded(segment))),
            None if segment == expected => {}
            _ => return None,
        }
    }
    given.next().is_none().then_some(parameters)
}

/// Percent-decoding of one segment; `+` is a plus sign in a path.
fn decoded(segment: &str) -> String {
    let escaped = segment.replace('+', "%2B");
    url::form_urlencoded::parse(escaped.as_bytes())
        .next()
        .map(|(name, _)| name.into_owned())
        .unwrap_or_default()
}

const fn on(
    method: &'static str,
    template: &'static str,
    scopes: &'static [&'static str],
    endpoint: Endpoint,
) -> Route {
    Route {
        method,
        template,
        access: Access::Any(scopes),
        endpoint,
    }
}

const fn open(method: &'static str, template: &'static str, endpoint: Endpoint) -> Route {
    Route {
        method,
        template,
        access: Access::Open,
        endpoint,
    }
}

const TABLES: &[(&str, Tables)] = &[
    ("/api/am/publisher/v4", PUBLISHER),
    ("/api/am/devportal/v3", DEVPORTAL),
    ("/api/am/admin/v4", ADMIN),
    ("/api/am/analytics/v1", &[ANALYTICS, ALERTS]),
    ("/api/am/governance/v1", &[governance::GOVERNANCE]),
    ("/api/am/service-catalog/v1", SERVICES),
];

/// The operations of an API, in the files of what they are about.
pub(crate) type Tables = &'static [&'static [Route]];

pub(crate) const PUBLISHER: Tables = &[
    callers::PUBLISHER,
    interfaces::PUBLISHER,
    products::PUBLISHER,
    publication::PUBLISHER,
    APIS,
];
pub(crate) const DEVPORTAL: Tables = &[interfaces::DEVPORTAL, reading::DEVPORTAL, CONSUMERS];
pub(crate) const SERVICES: Tables = &[governance::SERVICES];
pub(crate) const ADMIN: Tables = &[administration::ADMIN, OPERATORS];

/// `/api/am/publisher/v4`
#[rustfmt::skip]
const APIS: &[Route] = &[
    on("GET", "/apis", &["apim:api_view", "apim:api_manage", "apim:api_import_export", "apim:api_list_view", "apim:api_metadata_view"], |call| Box::pin(publisher::apis::list(call))),
    on("POST", "/apis", &["apim:api_create", "apim:api_manage", "apim:api_create_only"], |call| Box::pin(publisher::apis::create(call))),
    on("POST", "/apis/validate", &["apim:api_create", "apim:api_manage", "apim:api_create_only"], |call| Box::pin(publisher::apis::validate(call))),
    on("POST", "/apis/validate-openapi", &["apim:api_create", "apim:api_manage", "apim:api_create_only", "apim:api_definition_update", "apim:api_update"], |call| Box::pin(publisher::import::validate(call))),
    on("POST", "/apis/import-openapi", &["apim:api_create", "apim:api_manage", "apim:api_create_only"], |call| Box::pin(publisher::import::import(call))),
    on("GET", "/apis/{apiId}", &["apim:api_view", "apim:api_manage", "apim:api_import_export", "apim:api_product_import_export", "apim:api_metadata_view"], |call| Box::pin(publisher::apis::get(call))),
    on("PUT", "/apis/{apiId}", &["apim:api_create", "apim:api_manage", "apim:api_publish", "apim:api_update"], |call| Box::pin(publisher::apis::update(call))),
    on("DELETE", "/apis/{apiId}", &["apim:api_delete", "apim:api_manage", "apim:api_import_export"], |call| Box::pin(publisher::apis::delete(call))),
    on("GET", "/apis/{apiId}/swagger", &["apim:api_view", "apim:api_manage", "apim:api_definition_view", "apim:api_metadata_view"], |call| Box::pin(publisher::definition::get(call))),
    on("PUT", "/apis/{apiId}/swagger", &["apim:api_create", "apim:api_manage", "apim:api_definition_update", "apim:api_update"], |call| Box::pin(publisher::definition::update(call))),
    on("GET", "/apis/{apiId}/subscription-policies", &["apim:api_view", "apim:api_manage", "apim:api_metadata_view", "apim:api_product_metadata_view"], |call| Box::pin(publisher::apis::plans(call))),
    on("POST", "/apis/{apiId}/generate-key", &["apim:api_generate_key", "apim:api_create", "apim:api_manage"], |call| Box::pin(publisher::internal_key::generate(call))),
    on("GET", "/apis/{apiId}/revisions", &["apim:api_view", "apim:api_create", "apim:api_manage", "apim:api_publish", "apim:api_import_export", "apim:api_deploy_view"], |call| Box::pin(publisher::revisions::list(call))),
    on("POST", "/apis/{apiId}/revisions", &["apim:api_create", "apim:api_manage", "apim:api_publish", "apim:api_import_export", "apim:api_revision_create"], |call| Box::pin(publisher::revisions::create(call))),
    on("GET", "/apis/{apiId}/revisions/{revisionId}", &["apim:api_view", "apim:api_create", "apim:api_manage", "apim:api_publish", "apim:api_deploy_view"], |call| Box::pin(publisher::revisions::get(call))),
    on("DELETE", "/apis/{apiId}/revisions/{revisionId}", &["apim:api_create", "apim:api_manage", "apim:api_publish", "apim:api_import_export", "apim:api_revision_delete"], |call| Box::pin(publisher::revisions::delete(call))),
    on("POST", "/apis/{apiId}/deploy-revision", &["apim:api_create", "apim:api_manage", "apim:api_publish", "apim:api_deploy"], |call| Box::pin(publisher::running::deploy(call))),
    on("POST", "/apis/{apiId}/undeploy-revision", &["apim:api_create", "apim:api_manage", "apim:api_publish", "apim:api_import_export", "apim:api_deploy"], |call| Box::pin(publisher::running::undeploy(call))),
    on("POST", "/apis/{apiId}/restore-revision", &["apim:api_create", "apim:api_manage", "apim:api_publish", "apim:api_deploy"], |call| Box::pin(publisher::revisions::restore(call))),
    on("GET", "/apis/{apiId}/deployments", &["apim:api_view", "apim:api_create", "apim:api_manage", "apim:api_publish", "apim:api_deploy_view"], |call| Box::pin(publisher::running::list(call))),
    on("POST", "/apis/change-lifecycle", &["apim:api_publish", "apim:api_manage", "apim:api_import_export", "apim:api_lifecycle_manage"], |call| Box::pin(publisher::lifecycle_state::change(call))),
    on("GET", "/apis/{apiId}/lifecycle-state", &["apim:api_view", "apim:api_publish", "apim:api_create", "apim:api_manage", "apim:api_lifecycle_view"], |call| Box::pin(publisher::lifecycle_state::get(call))),
    on("GET", "/apis/{apiId}/lifecycle-history", &["apim:api_view", "apim:api_publish", "apim:api_manage", "apim:api_lifecycle_view"], |call| Box::pin(publisher::lifecycle_state::history(call))),
    on("GET", "/throttling-policies/{policyLevel}", &["apim:api_view", "apim:mcp_server_view", "apim:tier_view", "apim:tier_manage"], |call| Box::pin(publisher::throttling::list(call))),
    on("GET", "/throttling-policies/{policyLevel}/{policyName}", &["apim:api_view", "apim:mcp_server_view", "apim:tier_view", "apim:tier_manage"], |call| Box::pin(publisher::throttling::get(call))),
    on("GET", "/settings", &["apim:api_view", "apim:publisher_settings"], |call| Box::pin(publisher::settings::get(call))),
    on("GET", "/subscriptions", &["apim:api_view", "apim:mcp_server_view", "apim:subscription_view", "apim:subscription_manage"], |call| Box::pin(publisher::subscriptions::list(call))),
    on("POST", "/subscriptions/block-subscription", &["apim:subscription_block", "apim:subscription_manage"], |call| Box::pin(publisher::subscriptions::block(call))),
    on("POST", "/subscriptions/unblock-subscription", &["apim:subscription_block", "apim:subscription_manage"], |call| Box::pin(publisher::subscriptions::unblock(call))),
    on("GET", "/api-categories", &["apim:api_view", "apim:api_manage", "apim:mcp_server_view", "apim:mcp_server_manage", "apim:api_metadata_view", "apim:api_product_metadata_view", "apim:mcp_server_metadata_view"], |call| Box::pin(publisher::categories::list(call))),
    on("GET", "/key-managers", &["apim:api_view", "apim:api_create", "apim:api_manage", "apim:mcp_server_view", "apim:mcp_server_create", "apim:mcp_server_manage", "apim:api_metadata_view", "apim:api_product_metadata_view", "apim:mcp_server_metadata_view"], |call| Box::pin(key_managers::for_publishers(call))),
];

/// `/api/am/devportal/v3`
#[rustfmt::skip]
const CONSUMERS: &[Route] = &[
    open("GET", "/settings", |call| Box::pin(devportal::settings::get(call))),
    open("GET", "/apis", |call| Box::pin(devportal::apis::list(call))),
    open("GET", "/apis/{apiId}", |call| Box::pin(devportal::apis::get(call))),
    open("GET", "/apis/{apiId}/swagger", |call| Box::pin(devportal::apis::swagger(call))),
    open("GET", "/apis/{apiId}/subscription-policies", |call| Box::pin(devportal::apis::plans(call))),
    open("GET", "/tags", |call| Box::pin(devportal::tags::list(call))),
    open("GET", "/throttling-policies/{policyLevel}", |call| Box::pin(devportal::throttling::list(call))),
    open("GET", "/throttling-policies/{policyLevel}/{policyId}", |call| Box::pin(devportal::throttling::get(call))),
    on("GET", "/applications", &["apim:subscribe", "apim:app_manage", "apim:app_import_export"], |call| Box::pin(devportal::applications::list(call))),
    on("POST", "/applications", &["apim:subscribe", "apim:app_manage"], |call| Box::pin(devportal::applications::create(call))),
    on("GET", "/applications/{applicationId}", &["apim:subscribe", "apim:app_manage"], |call| Box::pin(devportal::applications::get(call))),
    on("PUT", "/applications/{applicationId}", &["apim:subscribe", "apim:app_manage"], |call| Box::pin(devportal::applications::update(call))),
    on("DELETE", "/applications/{applicationId}", &["apim:subscribe", "apim:app_manage", "apim:app_import_export"], |call| Box::pin(devportal::applications::delete(call))),
    on("POST", "/applications/{applicationId}/reset-throttle-policy", &["apim:app_manage", "apim:subscribe"], |call| Box::pin(devportal::throttle_reset::reset(call))),
    on("POST", "/applications/{applicationId}/generate-keys", &["apim:subscribe", "apim:app_manage"], |call| Box::pin(devportal::keys::generate(call))),
    on("POST", "/applications/{applicationId}/map-keys", &["apim:subscribe", "apim:app_manage"], |call| Box::pin(devportal::map_keys::map(call))),
    on("GET", "/applications/{applicationId}/keys", &["apim:subscribe", "apim:app_manage"], |call| Box::pin(devportal::keys::list(call))),
    on("GET", "/applications/{applicationId}/keys/{keyType}", &["apim:subscribe", "apim:app_manage"], |call| Box::pin(devportal::keys::get(call))),
    on("PUT", "/applications/{applicationId}/keys/{keyType}", &["apim:subscribe", "apim:app_manage"], |call| Box::pin(devportal::keys::update(call))),
    on("POST", "/applications/{applicationId}/keys/{keyType}/clean-up", &["apim:subscribe", "apim:app_manage"], |call| Box::pin(devportal::keys::clean_up(call))),
    on("POST", "/applications/{applicationId}/keys/{keyType}/generate-token", &["apim:subscribe", "apim:app_manage"], |call| Box::pin(devportal::tokens::generate(call))),
    on("POST", "/applications/{applicationId}/keys/{keyType}/regenerate-secret", &["apim:subscribe", "apim:app_manage"], |call| Box::pin(devportal::secrets::regenerate(call))),
    on("GET", "/applications/{applicationId}/oauth-keys", &["apim:subscribe", "apim:app_manage"], |call| Box::pin(devportal::keys::list(call))),
    on("GET", "/applications/{applicationId}/oauth-keys/{keyMappingId}", &["apim:subscribe", "apim:app_manage"], |call| Box::pin(devportal::keys::get(call))),
    on("PUT", "/applications/{applicationId}/oauth-keys/{keyMappingId}", &["apim:subscribe", "apim:app_manage"], |call| Box::pin(devportal::keys::update(call))),
    on("DELETE", "/applications/{applicationId}/oauth-keys/{keyMappingId}", &["apim:subscribe", "apim:app_manage"], |call| Box::pin(devportal::keys::delete(call))),
    on("POST", "/applications/{applicationId}/oauth-keys/{keyMappingId}/generate-token", &["apim:subscribe", "apim:app_manage"], |call| Box::pin(devportal::tokens::generate(call))),
    on("POST", "/applications/{applicationId}/oauth-keys/{keyMappingId}/regenerate-secret", &["apim:subscribe", "apim:app_manage"], |call| Box::pin(devportal::secrets::regenerate(call))),
    on("POST", "/applications/{applicationId}/oauth-keys/{keyMappingId}/clean-up", &["apim:subscribe", "apim:app_manage"], |call| Box::pin(devportal::keys::clean_up(call))),
    on("POST", "/applications/{applicationId}/oauth-keys/{keyMappingId}/generate-secret", &["apim:subscribe", "apim:app_manage"], |call| Box::pin(devportal::secrets::generate(call))),
    on("GET", "/applications/{applicationId}/oauth-keys/{keyMappingId}/secrets", &["apim:subscribe", "apim:app_manage"], |call| Box::pin(devportal::secrets::list(call))),
    on("POST", "/applications/{applicationId}/oauth-keys/{keyMappingId}/revoke-secret", &["apim:subscribe", "apim:app_manage"], |call| Box::pin(devportal::secrets::revoke(call))),
    on("POST", "/applications/{applicationId}/api-keys/{keyType}/generate", &["apim:subscribe", "apim:app_manage", "apim:api_key"], |call| Box::pin(devportal::api_keys::generate(call))),
    on("POST", "/applications/{applicationId}/api-keys/{keyType}/regenerate", &["apim:subscribe", "apim:app_manage", "apim:api_key"], |call| Box::pin(devportal::api_key_renewal::regenerate(call))),
    on("GET", "/applications/{applicationId}/api-keys/{keyType}", &["apim:subscribe", "apim:app_manage", "apim:api_key"], |call| Box::pin(devportal::api_keys::list(call))),
    on("POST", "/applications/{applicationId}/api-keys/{keyType}/revoke", &["apim:subscribe", "apim:app_manage", "apim:api_key"], |call| Box::pin(devportal::api_keys::revoke(call))),
    on("GET", "/apis/{apiId}/api-keys", &["apim:subscribe", "apim:app_manage", "apim:api_key"], |call| Box::pin(devportal::api_bound_keys::list(call))),
    on("POST", "/apis/{apiId}/api-keys/generate", &["apim:subscribe", "apim:app_manage", "apim:api_key"], |call| Box::pin(devportal::api_bound_keys::generate(call))),
    on("POST", "/apis/{apiId}/api-keys/regenerate", &["apim:subscribe", "apim:app_manage", "apim:api_key"], |call| Box::pin(devportal::api_bound_keys::regenerate(call))),
    on("POST", "/apis/{apiId}/api-keys/revoke", &["apim:subscribe", "apim:app_manage", "apim:api_key"], |call| Box::pin(devportal::api_bound_keys::revoke(call))),
    on("POST", "/apis/{apiId}/api-keys/associate", &["apim:subscribe", "apim:app_manage", "apim:api_key"], |call| Box::pin(devportal::api_bound_keys::associate(call))),
    on("POST", "/apis/{apiId}/api-keys/dissociate", &["apim:subscribe", "apim:app_manage", "apim:api_key"], |call| Box::pin(devportal::api_bound_keys::dissociate(call))),
    on("GET", "/applications/{applicationId}/api-keys/{keyType}/subscriptions", &["apim:subscribe", "apim:app_manage", "apim:api_key"], |call| Box::pin(devportal::key_associations::candidates(call))),
    on("GET", "/applications/{applicationId}/api-keys/{keyType}/associations", &["apim:subscribe", "apim:app_manage", "apim:api_key"], |call| Box::pin(devportal::key_associations::list(call))),
    on("POST", "/applications/{applicationId}/api-keys/{keyType}/associate", &["apim:subscribe", "apim:app_manage", "apim:api_key"], |call| Box::pin(devportal::key_associations::add(call))),
    on("POST", "/applications/{applicationId}/api-keys/{keyType}/dissociate", &["apim:subscribe", "apim:app_manage", "apim:api_key"], |call| Box::pin(devportal::key_associations::remove(call))),
    on("GET", "/subscriptions", &["apim:subscribe", "apim:sub_manage"], |call| Box::pin(devportal::subscriptions::list(call))),
    on("POST", "/subscriptions", &["apim:subscribe", "apim:sub_manage"], |call| Box::pin(devportal::subscriptions::create(call))),
    on("POST", "/subscriptions/multiple", &["apim:subscribe", "apim:sub_manage"], |call| Box::pin(devportal::subscriptions::create_several(call))),
    on("GET", "/subscriptions/{subscriptionId}", &["apim:subscribe", "apim:sub_manage"], |call| Box::pin(devportal::subscriptions::get(call))),
    on("PUT", "/subscriptions/{subscriptionId}", &["apim:subscribe", "apim:sub_manage"], |call| Box::pin(devportal::subscriptions::update(call))),
    on("DELETE", "/subscriptions/{subscriptionId}", &["apim:subscribe", "apim:sub_manage"], |call| Box::pin(devportal::subscription_end::delete(call))),
    on("GET", "/key-managers", &["apim:subscribe"], |call| Box::pin(key_managers::for_consumers(call))),
    open("GET", "/api-categories", |call| Box::pin(publisher::categories::list(call))),
];

/// `/api/am/admin/v4`
#[rustfmt::skip]
const OPERATORS: &[Route] = &[
    on("GET", "/settings", &["apim:admin", "apim:admin_settings"], |call| Box::pin(admin::settings::get(call))),
    on("GET", "/throttling/policies/search", &["apim:admin", "apim:tier_view", "apim:admin_tier_view", "apim:policies_import_export"], |call| Box::pin(admin::policies::search(call))),
    on("GET", "/throttling/policies/application", &["apim:admin", "apim:tier_view", "apim:admin_tier_view"], |call| Box::pin(admin::policies::list(call))),
    on("POST", "/throttling/policies/application", &["apim:admin", "apim:tier_manage", "apim:admin_tier_manage", "apim:admin_tier_create"], |call| Box::pin(admin::policies::create(call))),
    on("GET", "/throttling/policies/application/{policyId}", &["apim:admin", "apim:tier_view", "apim:admin_tier_view"], |call| Box::pin(admin::policies::get(call))),
    on("PUT", "/throttling/policies/application/{policyId}", &["apim:admin", "apim:tier_manage", "apim:admin_tier_manage", "apim:admin_tier_update"], |call| Box::pin(admin::policies::update(call))),
    on("DELETE", "/throttling/policies/application/{policyId}", &["apim:admin", "apim:tier_manage", "apim:admin_tier_manage", "apim:policies_import_export", "apim:admin_tier_delete"], |call| Box::pin(admin::policies::delete(call))),
    on("GET", "/throttling/policies/subscription", &["apim:admin", "apim:tier_view", "apim:admin_tier_view"], |call| Box::pin(admin::policies::list(call))),
    on("POST", "/throttling/policies/subscription", &["apim:admin", "apim:tier_manage", "apim:admin_tier_manage", "apim:admin_tier_create"], |call| Box::pin(admin::policies::create(call))),
    on("GET", "/throttling/policies/subscription/{policyId}", &["apim:admin", "apim:tier_view", "apim:admin_tier_view"], |call| Box::pin(admin::policies::get(call))),
    on("PUT", "/throttling/policies/subscription/{policyId}", &["apim:admin", "apim:tier_manage", "apim:admin_tier_manage", "apim:admin_tier_update"], |call| Box::pin(admin::policies::update(call))),
    on("DELETE", "/throttling/policies/subscription/{policyId}", &["apim:admin", "apim:tier_manage", "apim:admin_tier_manage", "apim:policies_import_export", "apim:admin_tier_delete"], |call| Box::pin(admin::policies::delete(call))),
    on("GET", "/throttling/policies/advanced", &["apim:admin", "apim:tier_view", "apim:admin_tier_view"], |call| Box::pin(admin::policies::list(call))),
    on("POST", "/throttling/policies/advanced", &["apim:admin", "apim:tier_manage", "apim:admin_tier_manage", "apim:admin_tier_create"], |call| Box::pin(admin::policies::create(call))),
    on("GET", "/throttling/policies/advanced/{policyId}", &["apim:admin", "apim:tier_view", "apim:admin_tier_view"], |call| Box::pin(admin::policies::get(call))),
    on("PUT", "/throttling/policies/advanced/{policyId}", &["apim:admin", "apim:tier_manage", "apim:admin_tier_manage", "apim:admin_tier_update"], |call| Box::pin(admin::policies::update(call))),
    on("DELETE", "/throttling/policies/advanced/{policyId}", &["apim:admin", "apim:tier_manage", "apim:admin_tier_manage", "apim:policies_import_export", "apim:admin_tier_delete"], |call| Box::pin(admin::policies::delete(call))),
    on("GET", "/throttling/policies/custom", &["apim:admin", "apim:tier_view", "apim:admin_tier_view"], |call| Box::pin(admin::policies::list(call))),
    on("POST", "/throttling/policies/custom", &["apim:admin", "apim:tier_manage", "apim:admin_tier_manage", "apim:admin_tier_create"], |call| Box::pin(admin::policies::create(call))),
    on("GET", "/throttling/policies/custom/{ruleId}", &["apim:admin", "apim:tier_view", "apim:admin_tier_view"], |call| Box::pin(admin::policies::get(call))),
    on("PUT", "/throttling/policies/custom/{ruleId}", &["apim:admin", "apim:tier_manage", "apim:admin_tier_manage", "apim:admin_tier_update"], |call| Box::pin(admin::policies::update(call))),
    on("DELETE", "/throttling/policies/custom/{ruleId}", &["apim:admin", "apim:tier_manage", "apim:admin_tier_manage", "apim:policies_import_export", "apim:admin_tier_delete"], |call| Box::pin(admin::policies::delete(call))),
    on("GET", "/throttling/policies/export", &["apim:admin", "apim:tier_manage", "apim:admin_tier_manage", "apim:policies_import_export"], |call| Box::pin(admin::policy_files::export(call))),
    on("POST", "/throttling/policies/import", &["apim:admin", "apim:tier_manage", "apim:admin_tier_manage", "apim:policies_import_export"], |call| Box::pin(admin::policy_files::import(call))),
    on("POST", "/throttling/policies/simulate", &["apim:admin", "apim:tier_view", "apim:admin_tier_view"], |call| Box::pin(admin::simulate::simulate(call))),
    on("GET", "/throttling/deny-policies", &["apim:admin", "apim:bl_view"], |call| Box::pin(admin::deny_policies::list(call))),
    on("POST", "/throttling/deny-policies", &["apim:admin", "apim:bl_manage", "apim:bl_create"], |call| Box::pin(admin::deny_policies::create(call))),
    on("GET", "/throttling/deny-policy/{conditionId}", &["apim:admin", "apim:bl_view"], |call| Box::pin(admin::deny_policies::get(call))),
    on("PATCH", "/throttling/deny-policy/{conditionId}", &["apim:admin", "apim:bl_manage", "apim:bl_update"], |call| Box::pin(admin::deny_policies::switch(call))),
    on("DELETE", "/throttling/deny-policy/{conditionId}", &["apim:admin", "apim:bl_manage", "apim:bl_delete"], |call| Box::pin(admin::deny_policies::delete(call))),
    on("GET", "/environments", &["apim:admin", "apim:environment_read"], |call| Box::pin(admin::environments::list(call))),
    on("GET", "/key-managers", &["apim:admin", "apim:admin_operations", "apim:keymanagers_manage", "apim:keymanagers_view"], |call| Box::pin(admin::key_managers::list(call))),
    on("POST", "/key-managers", &["apim:admin", "apim:admin_operations", "apim:keymanagers_manage", "apim:keymanagers_create"], |call| Box::pin(admin::key_managers::create(call))),
    on("POST", "/key-managers/test-token", &["apim:admin", "apim:admin_operations", "apim:keymanagers_manage", "apim:keymanagers_view"], |call| Box::pin(admin::key_managers::test_token(call))),
    on("POST", "/key-managers/discover", &["apim:admin", "apim:admin_operations", "apim:keymanagers_manage", "apim:keymanagers_create"], |call| Box::pin(admin::key_managers::discover(call))),
    on("GET", "/key-managers/{keyManagerId}", &["apim:admin", "apim:admin_operations", "apim:keymanagers_manage", "apim:keymanagers_view"], |call| Box::pin(admin::key_managers::get(call))),
    on("PUT", "/key-managers/{keyManagerId}", &["apim:admin", "apim:admin_operations", "apim:keymanagers_manage", "apim:keymanagers_update"], |call| Box::pin(admin::key_managers::update(call))),
    on("DELETE", "/key-managers/{keyManagerId}", &["apim:admin", "apim:admin_operations", "apim:keymanagers_manage", "apim:keymanagers_delete"], |call| Box::pin(admin::key_managers::delete(call))),
    on("GET", "/users", &["apim:admin"], |call| Box::pin(admin::users::users(call))),
    on("POST", "/users", &["apim:admin"], |call| Box::pin(admin::users::users(call))),
    on("GET", "/users/{userId}", &["apim:admin"], |call| Box::pin(admin::users::user(call))),
    on("PUT", "/users/{userId}", &["apim:admin"], |call| Box::pin(admin::users::user(call))),
    on("DELETE", "/users/{userId}", &["apim:admin"], |call| Box::pin(admin::users::user(call))),
    on("POST", "/users/{userId}/password", &["apim:admin"], |call| Box::pin(admin::users::password(call))),
    on("DELETE", "/users/{userId}/second-factors", &["apim:admin"], |call| Box::pin(admin::users::second_factors(call))),
    on("DELETE", "/users/{userId}/sessions", &["apim:admin"], |call| Box::pin(admin::users::sessions(call))),
    on("GET", "/identity-providers", &["apim:admin"], |call| Box::pin(admin::users::providers(call))),
    on("POST", "/identity-providers", &["apim:admin"], |call| Box::pin(admin::users::providers(call))),
    on("GET", "/identity-providers/{providerId}", &["apim:admin"], |call| Box::pin(admin::users::provider(call))),
    on("PUT", "/identity-providers/{providerId}", &["apim:admin"], |call| Box::pin(admin::users::provider(call))),
    on("DELETE", "/identity-providers/{providerId}", &["apim:admin"], |call| Box::pin(admin::users::provider(call))),
    on("GET", "/people-policy", &["apim:admin"], |call| Box::pin(admin::users::policy(call))),
    on("PUT", "/people-policy", &["apim:admin"], |call| Box::pin(admin::users::policy(call))),
    on("GET", "/client-registration-policy", &["apim:admin"], |call| Box::pin(admin::registration::policy(call))),
    on("PUT", "/client-registration-policy", &["apim:admin"], |call| Box::pin(admin::registration::policy(call))),
    on("GET", "/initial-access-tokens", &["apim:admin"], |call| Box::pin(admin::registration::tokens(call))),
    on("POST", "/initial-access-tokens", &["apim:admin"], |call| Box::pin(admin::registration::tokens(call))),
    on("DELETE", "/initial-access-tokens/{tokenId}", &["apim:admin"], |call| Box::pin(admin::registration::token(call))),
    on("GET", "/signing-keys", &["apim:admin"], |call| Box::pin(admin::users::signing_keys(call))),
    on("POST", "/signing-keys", &["apim:admin"], |call| Box::pin(admin::users::signing_keys(call))),
    on("POST", "/signing-keys/{keyId}/withdraw", &["apim:admin"], |call| Box::pin(admin::users::withdraw_key(call))),
    on("GET", "/signing-key-schedule", &["apim:admin"], |call| Box::pin(admin::users::key_schedule(call))),
    on("PUT", "/signing-key-schedule", &["apim:admin"], |call| Box::pin(admin::users::key_schedule(call))),
    on("GET", "/roles", &["apim:admin", "apim:role_manage"], |call| Box::pin(admin::users::roles(call))),
];

/// `/api/am/analytics/v1/alerts`
#[rustfmt::skip]
pub(crate) const ALERTS: &[Route] = &[
    on("GET", "/alerts", &["apim:admin", "apim:api_view", "apim:subscribe"], |call| Box::pin(alerts::list(call))),
    on("POST", "/alerts/evaluate", &["apim:admin"], |call| Box::pin(alerts::evaluate_now(call))),
    on("GET", "/alerts/rules", &["apim:admin", "apim:api_view", "apim:subscribe"], |call| Box::pin(alerts::rules::list(call))),
    on("POST", "/alerts/rules", &["apim:admin", "apim:api_view", "apim:subscribe"], |call| Box::pin(alerts::rules::create(call))),
    on("GET", "/alerts/rules/{ruleId}", &["apim:admin", "apim:api_view", "apim:subscribe"], |call| Box::pin(alerts::rules::get(call))),
    on("PUT", "/alerts/rules/{ruleId}", &["apim:admin", "apim:api_view", "apim:subscribe"], |call| Box::pin(alerts::rules::update(call))),
    on("DELETE", "/alerts/rules/{ruleId}", &["apim:admin", "apim:api_view", "apim:subscribe"], |call| Box::pin(alerts::rules::delete(call))),
    on("POST", "/alerts/rules/{ruleId}/test", &["apim:admin", "apim:api_view", "apim:subscribe"], |call| Box::pin(alerts::rules::test(call))),
    on("GET", "/alerts/webhooks", &["apim:admin", "apim:api_view", "apim:subscribe"], |call| Box::pin(alerts::webhooks::list(call))),
    on("POST", "/alerts/webhooks", &["apim:admin", "apim:api_view", "apim:subscribe"], |call| Box::pin(alerts::webhooks::create(call))),
    on("DELETE", "/alerts/webhooks/{webhookId}", &["apim:admin", "apim:api_view", "apim:subscribe"], |call| Box::pin(alerts::webhooks::delete(call))),
    on("GET", "/alerts/{alertId}/deliveries", &["apim:admin", "apim:api_view", "apim:subscribe"], |call| Box::pin(alerts::deliveries(call))),
];

/// `/api/am/analytics/v1`
#[rustfmt::skip]
const ANALYTICS: &[Route] = &[
    on("GET", "/usage", &["apim:admin", "apim:api_view", "apim:subscribe"], |call| Box::pin(analytics::usage(call))),
    on("GET", "/events", &["apim:admin", "apim:api_view", "apim:subscribe"], |call| Box::pin(analytics::events(call))),
    on("GET", "/metrics", &["apim:admin", "apim:api_view", "apim:subscribe"], |call| Box::pin(analytics::metrics(call))),
    on("GET", "/adoption", &["apim:admin", "apim:api_view"], |call| Box::pin(adoption::adoption(call))),
    on("GET", "/reports", &["apim:admin", "apim:api_view"], |call| Box::pin(reports::list(call))),
    on("POST", "/reports", &["apim:admin", "apim:api_view"], |call| Box::pin(reports::create(call))),
    on("GET", "/reports/{reportId}", &["apim:admin", "apim:api_view"], |call| Box::pin(reports::get(call))),
    on("PUT", "/reports/{reportId}", &["apim:admin", "apim:api_view"], |call| Box::pin(reports::update(call))),
    on("DELETE", "/reports/{reportId}", &["apim:admin", "apim:api_view"], |call| Box::pin(reports::delete(call))),
    on("POST", "/reports/{reportId}/send", &["apim:admin", "apim:api_view"], |call| Box::pin(reports::send_now(call))),
    on("GET", "/billing/usage", &["apim:admin", "apim:api_view", "apim:subscribe"], |call| Box::pin(billing::usage(call))),
    on("GET", "/billing/stripe", &["apim:admin"], |call| Box::pin(billing::stripe(call))),
];

#[cfg(test)]
mod tests;
