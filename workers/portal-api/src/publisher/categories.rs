//! `/api-categories`: the categories that APIs are filed under.

use runtime::{Outcome, db::sql, reply};
use serde::Deserialize;
use serde_json::json;
use worker::Response;

use crate::{call::Call, page};

/// `GET /api-categories`, for publishers and for consumers: every category that an API names.
pub(crate) async fn list(call: &Call) -> Outcome<Response> {
    #[derive(Deserialize)]
    struct Row {
        name: String,
    }
    let rows: Vec<Row> = call
        .db
        .all(
            sql("SELECT DISTINCT item.value AS name FROM api, json_each(api.card, '$.categories') AS item \
                 WHERE api.organization = ? ORDER BY name COLLATE NOCASE")
            .bind(call.organization()),
        )
        .await?;
    let list = rows
        .into_iter()
        .map(|row| json!({"id": row.name, "name": row.name, "description": ""}))
        .collect();
    reply::json(200, &page::whole(list))
}
