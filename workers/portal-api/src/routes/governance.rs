//! `/api/am/governance/v1` and `/api/am/service-catalog/v1`.

use super::{Route, on, open};
use crate::{governance, services};

/// `/api/am/governance/v1`
#[rustfmt::skip]
pub(super) const GOVERNANCE: &[Route] = &[
    on("GET", "/rulesets", &["apim:gov_rule_read", "apim:gov_rule_manage"], |call| Box::pin(governance::rulesets::list(call))),
    on("POST", "/rulesets", &["apim:gov_rule_manage", "apim:gov_rule_create"], |call| Box::pin(governance::rulesets::create(call))),
    on("GET", "/policies", &["apim:gov_policy_read", "apim:gov_policy_manage"], |call| Box::pin(governance::policies::list(call))),
    on("POST", "/policies", &["apim:gov_policy_manage", "apim:gov_policy_create"], |call| Box::pin(governance::policies::create(call))),
    on("GET", "/artifact-compliance/api", &["apim:gov_result_read"], |call| Box::pin(governance::compliance::list(call))),
    on("GET", "/artifact-compliance/api/summary", &["apim:gov_result_read"], |call| Box::pin(governance::compliance::summary(call))),
    on("GET", "/policy-adherence", &["apim:gov_result_read"], |call| Box::pin(governance::compliance::policies(call))),
    on("GET", "/policy-adherence/summary", &["apim:gov_result_read"], |call| Box::pin(governance::compliance::policies_summary(call))),
    on("GET", "/rulesets/{rulesetId}", &["apim:gov_rule_read", "apim:gov_rule_manage"], |call| Box::pin(governance::rulesets::get(call))),
    on("PUT", "/rulesets/{rulesetId}", &["apim:gov_rule_manage", "apim:gov_rule_update"], |call| Box::pin(governance::rulesets::update(call))),
    on("DELETE", "/rulesets/{rulesetId}", &["apim:gov_rule_manage", "apim:gov_rule_delete"], |call| Box::pin(governance::rulesets::delete(call))),
    on("GET", "/rulesets/{rulesetId}/content", &["apim:gov_rule_read", "apim:gov_rule_manage"], |call| Box::pin(governance::rulesets::content(call))),
    on("GET", "/rulesets/{rulesetId}/usage", &["apim:gov_rule_read", "apim:gov_rule_manage"], |call| Box::pin(governance::rulesets::usage(call))),
    on("GET", "/policies/{policyId}", &["apim:gov_policy_read", "apim:gov_policy_manage"], |call| Box::pin(governance::policies::get(call))),
    on("PUT", "/policies/{policyId}", &["apim:gov_policy_manage", "apim:gov_policy_update"], |call| Box::pin(governance::policies::update(call))),
    on("DELETE", "/policies/{policyId}", &["apim:gov_policy_manage", "apim:gov_policy_delete"], |call| Box::pin(governance::policies::delete(call))),
    on("GET", "/artifact-compliance/api/{apiId}", &["apim:gov_result_read"], |call| Box::pin(governance::compliance::get(call))),
    on("GET", "/artifact-compliance/api/{apiId}/ruleset-validation-results/{rulesetId}", &["apim:gov_result_read"], |call| Box::pin(governance::compliance::results(call))),
    on("GET", "/policy-adherence/{policyId}", &["apim:gov_result_read"], |call| Box::pin(governance::compliance::policy(call))),
];

/// `/api/am/service-catalog/v1`
#[rustfmt::skip]
pub(super) const SERVICES: &[Route] = &[
    on("GET", "/services", &["service_catalog:service_view", "apim:api_view"], |call| Box::pin(services::list(call))),
    on("POST", "/services", &["service_catalog:service_write"], |call| Box::pin(services::create(call))),
    on("POST", "/services/import", &["service_catalog:service_write"], |call| Box::pin(services::archives::import(call))),
    on("GET", "/services/export", &["service_catalog:service_view"], |call| Box::pin(services::archives::export(call))),
    open("GET", "/settings", |call| Box::pin(services::about(call))),
    on("GET", "/services/{serviceId}", &["service_catalog:service_view", "apim:api_view"], |call| Box::pin(services::get(call))),
    on("PUT", "/services/{serviceId}", &["service_catalog:service_write"], |call| Box::pin(services::update(call))),
    on("DELETE", "/services/{serviceId}", &["service_catalog:service_write"], |call| Box::pin(services::delete(call))),
    on("GET", "/services/{serviceId}/definition", &["service_catalog:service_view", "apim:api_view"], |call| Box::pin(services::definition(call))),
    on("GET", "/services/{serviceId}/usage", &["service_catalog:service_view", "apim:api_view"], |call| Box::pin(services::usage(call))),
];
