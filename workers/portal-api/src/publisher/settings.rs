//! `/settings` of the Publisher.

use runtime::{Outcome, reply};
use serde_json::{Value, json};
use worker::Response;

use crate::{
    call::Call,
    deployments::{self, EnvironmentRow},
    settings,
};

/// `GET /settings`
pub(crate) async fn get(call: &Call) -> Outcome<Response> {
    let origin = call.variable("ORIGIN");
    let environments: Vec<Value> = deployments::environments(call)
        .await?
        .iter()
        .map(|environment| shown(environment, &origin))
        .collect();
    reply::json(
        200,
        &json!({
            "devportalUrl": format!("{origin}/devportal"),
            "environment": environments,
            "gatewayTypes": ["Regular"],
            "scopes": settings::scopes(crate::routes::PUBLISHER),
            "monetizationAttributes": [],
            "externalStoresEnabled": false,
            "docVisibilityEnabled": false,
            "portalConfigurationOnlyModeEnabled": false,
            "retryCallWithNewOAuthTokenEnabled": false,
            "crossTenantSubscriptionEnabled": false,
            "defaultAdvancePolicy": "Unlimited",
            "defaultSubscriptionPolicy": "Unlimited",
            "authorizationHeader": "Authorization",
            "IsJWTEnabledForLoginTokens": true,
            "orgAccessControlEnabled": true,
            "allowSubscriptionValidationDisabling": true,
            "designAssistantEnabled": false,
            "aiAuthTokenProvided": false,
            "isGatewayNotificationEnabled": false,
            "isMCPSupportEnabled": false,
            "customProperties": [],
        }),
    )
}

fn shown(environment: &EnvironmentRow, origin: &str) -> Value {
    json!({
        "id": environment.id,
        "name": environment.name,
        "displayName": environment.display_name,
        "type": environment.kind,
        "gatewayType": "Regular",
        "mode": "WRITE_ONLY",
        "serverUrl": origin,
        "provider": "postern",
        "showInApiConsole": true,
        "vhosts": environment.vhosts(),
        "endpointURIs": [],
        "additionalProperties": [],
    })
}
