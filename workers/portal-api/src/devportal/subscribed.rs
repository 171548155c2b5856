//! `/subscriptions/{apiId}/additionalInfo`: who of the caller's applications calls an API.

use runtime::{Outcome, db::sql};
use serde::Deserialize;
use serde_json::json;
use worker::Response;

use super::visible;
use crate::{call::Call, etag, page::Page, subscriptions};

/// `GET /subscriptions/{apiId}/additionalInfo`: the caller's subscriptions to an API, by their applications.
pub(crate) async fn list(call: &Call) -> Outcome<Response> {
    #[derive(Deserialize)]
    struct Named {
        id: String,
        name: String,
    }
    let page = Page::of(call)?;
    let api = visible::find(call, call.path("apiId")).await?;
    let of = vec![api.id.as_str().into()];
    let bounds = (page.limit, page.offset);
    let (rows, total) = subscriptions::own(call, "AND subscription.api_id = ?", of, bounds).await?;
    let ids: Vec<&str> = rows.iter().map(|row| row.application_id.as_str()).collect();
    let query =
        sql("SELECT id, name FROM application WHERE id IN (SELECT value FROM json_each(?))");
    let names: Vec<Named> = call.db.all(query.bind(json!(ids).to_string())).await?;
    let list = rows
        .iter()
        .map(|row| {
            let name = names.iter().find(|it| it.id == row.application_id);
            json!({
                "subscriptionId": row.id,
                "applicationId": row.application_id,
                "applicationName": name.map(|it| it.name.as_str()),
                "apiId": row.api_id,
                "isSolaceAPI": false,
            })
        })
        .collect();
    etag::content(call, &page.list(call, list, total))
}
