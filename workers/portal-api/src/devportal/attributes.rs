//! `/settings/application-attributes`.

use runtime::Outcome;
use serde_json::{Value, json};
use worker::Response;

use crate::{call::Call, etag, page, tenant};

/// `GET /settings/application-attributes`
pub(crate) async fn list(call: &Call) -> Outcome<Response> {
    let (config, _) = tenant::read(call).await?;
    let list: Vec<Value> = config
        .application_attributes
        .iter()
        .map(|one| {
            json!({
                "attribute": one.attribute,
                "description": one.description,
                "type": "string",
                "tooltip": "",
                "required": one.required.to_string(),
                "hidden": one.hidden.to_string(),
            })
        })
        .collect();
    etag::content(call, &page::whole(list))
}
