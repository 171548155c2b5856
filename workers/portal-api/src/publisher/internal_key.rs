//! `/apis/{apiId}/generate-key`: a short-lived key for one API in any state, from the keys Worker.

use runtime::{Outcome, call as service, reply};
use serde_json::{Value, json};
use worker::Response;

use crate::{apis::row, call::Call};

/// `POST /apis/{apiId}/generate-key`
pub(crate) async fn generate(call: &Call) -> Outcome<Response> {
    let api = row::either(call).await?;
    let wanted = json!({
        "organization": api.organization,
        "apiId": api.id,
        "apiName": api.name,
        "apiVersion": api.version,
        "context": api.base_path,
        "user": call.user()?,
        "validitySeconds": VALIDITY_SECONDS,
    });
    let answer = service::post(&call.env, "KEYS", "/internal/internal-keys", &wanted).await?;
    let key: Value = service::expect_json(answer).await?;
    reply::json(200, &key)
}

/// Long enough for an afternoon of trying, short enough to be forgotten in a shell's history.
const VALIDITY_SECONDS: u32 = 60 * 60;
