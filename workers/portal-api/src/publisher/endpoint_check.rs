//! `/apis/validate-endpoint`: does anybody answer at an address?

use runtime::{Outcome, outbound::Outbound, reply};
use serde_json::json;
use worker::Response;

use crate::{apis::row, call::Call};

/// `POST /apis/validate-endpoint?endpointUrl=&apiId=`
pub(crate) async fn check(call: &Call) -> Outcome<Response> {
    if let Some(api) = call.query("apiId") {
        row::find(call, api).await?;
    }
    let address = call.required("endpointUrl")?;
    let body = match Outbound::new(call.allow_private()).status(address).await {
        Ok(status) => json!({
            "statusCode": status,
            "statusMessage": if status < 500 { "it answers" } else { "it answers with an error of its own" },
        }),
        Err(fault) => {
            json!({"statusCode": 0, "statusMessage": "nobody answers", "error": fault.to_string()})
        }
    };
    reply::json(200, &body)
}
