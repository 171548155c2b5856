//! `/tags`.

use runtime::{Outcome, db::sql};
use serde::Deserialize;
use serde_json::json;
use worker::Response;

use super::visible;
use crate::{call::Call, etag, page::Page};

/// `GET /tags`: the tags of what the caller may see, with how often each occurs.
pub(crate) async fn list(call: &Call) -> Outcome<Response> {
    #[derive(Deserialize)]
    struct Row {
        value: String,
        uses: i64,
    }
    let page = Page::of(call)?;
    let (condition, values) = visible::condition(call);
    let query = sql(format!(
        "SELECT item.value AS value, count(*) AS uses FROM api, json_each(api.tags) AS item \
         WHERE organization = ? AND {condition} GROUP BY item.value ORDER BY item.value COLLATE NOCASE"
    ))
    .bind(call.organization());
    let rows: Vec<Row> = call
        .db
        .all(
            values
                .into_iter()
                .fold(query, |query, value| query.bind(value)),
        )
        .await?;
    let list = rows
        .into_iter()
        .map(|row| json!({"value": row.value, "count": row.uses}))
        .collect();
    etag::content(call, &page.cut(call, list))
}
