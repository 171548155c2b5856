//! `/settings` of the Developer Portal.

use runtime::{Outcome, reply};
use serde_json::json;
use worker::Response;

use crate::{call::Call, key_managers, settings};

/// `GET /settings`
pub(crate) async fn get(call: &Call) -> Outcome<Response> {
    reply::json(
        200,
        &json!({
            "grantTypes": key_managers::GRANT_TYPES,
            "scopes": settings::scopes(crate::routes::DEVPORTAL),
            "applicationSharingEnabled": true,
            "IsLegacyApiKeysEnabled": false,
            "mapExistingAuthApps": false,
            "apiGatewayEndpoint": call.variable("ORIGIN"),
            "monetizationEnabled": true,
            "recommendationEnabled": true,
            "IsUnlimitedTierPaid": false,
            "identityProvider": {"external": false},
            "IsAnonymousModeEnabled": true,
            "IsPasswordChangeEnabled": true,
            "IsJWTEnabledForLoginTokens": true,
            "orgAccessControlEnabled": true,
            "passwordPolicyMinLength": 12,
            "passwordPolicyMaxLength": 128,
            "apiChatEnabled": false,
            "aiAuthTokenProvided": false,
            "marketplaceAssistantEnabled": false,
            "orgWideAppUpdateEnabled": false,
            "devportalMode": "API_ONLY",
        }),
    )
}
