//! `/environments`.

use runtime::{Outcome, reply};
use serde_json::json;
use worker::Response;

use crate::{call::Call, deployments, page};

/// `GET /environments`
pub(crate) async fn list(call: &Call) -> Outcome<Response> {
    let list = deployments::environments(call)
        .await?
        .iter()
        .map(|environment| {
            json!({
                "id": environment.id,
                "name": environment.name,
                "displayName": environment.display_name,
                "provider": "postern",
                "type": environment.kind,
                "gatewayType": "Regular",
                "description": environment.description,
                "isReadOnly": true,
                "mode": "WRITE_ONLY",
                "vhosts": environment.vhosts(),
                "endpointURIs": [],
                "additionalProperties": [],
                "permissions": {"permissionType": "PUBLIC", "roles": []},
                "status": "Active",
            })
        })
        .collect();
    reply::json(200, &page::whole(list))
}
