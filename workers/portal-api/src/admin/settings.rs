//! `/settings` of the Admin portal.

use runtime::{Outcome, reply};
use serde_json::json;
use worker::Response;

use crate::{call::Call, settings};

/// `GET /settings`
pub(crate) async fn get(_call: &Call) -> Outcome<Response> {
    reply::json(
        200,
        &json!({
            "scopes": settings::scopes(crate::routes::ADMIN),
            "gatewayTypes": ["Regular"],
            "IsJWTEnabledForLoginTokens": true,
            "orgAccessControlEnabled": false,
            "keyManagerConfiguration": [],
            "gatewayConfiguration": [],
            "analyticsEnabled": true,
            "transactionCounterEnable": false,
            "isGatewayNotificationEnabled": false,
            "platformGatewayVersions": [],
            "consumptionExportEnabled": false,
        }),
    )
}
