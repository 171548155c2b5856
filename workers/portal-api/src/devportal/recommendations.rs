//! `/recommendations`: what applications that call the same APIs as the caller's call too, the most usual first.

use runtime::{Outcome, Value, db::sql};
use serde::Deserialize;
use serde_json::{Value as Json, json};
use worker::Response;

use super::{
    application_row::{MINE, roles},
    visible,
};
use crate::{call::Call, etag, page};

#[derive(Deserialize)]
struct Row {
    id: String,
    name: String,
    rating: Option<f64>,
}

/// `GET /recommendations`
pub(crate) async fn list(call: &Call) -> Outcome<Response> {
    let (condition, values) = visible::condition(call);
    // Others are looked at as far as it takes to say what is usual, so that one API with very many subscriptions costs no more.
    let text = format!(
        "WITH mine AS (SELECT DISTINCT subscription.api_id AS api_id FROM subscription \
         JOIN application ON application.id = subscription.application_id WHERE {MINE} LIMIT {MOST_APIS}), \
         others AS (SELECT DISTINCT application_id FROM subscription WHERE api_id IN (SELECT api_id FROM mine) LIMIT {MOST_OTHERS}), \
         usual AS (SELECT api_id, count(*) AS times FROM subscription WHERE application_id IN (SELECT application_id FROM others) \
         AND api_id NOT IN (SELECT api_id FROM mine) GROUP BY api_id ORDER BY times DESC, api_id LIMIT {MOST_LOOKED_AT}) \
         SELECT api.id, api.name, (SELECT avg(score) FROM rating WHERE rating.api_id = api.id) AS rating \
         FROM usual JOIN api ON api.id = usual.api_id WHERE organization = ? AND state = 'PUBLISHED' AND {condition} \
         ORDER BY usual.times DESC, api.name COLLATE NOCASE, api.id LIMIT {MOST_TOLD}"
    );
    let own: [Value; 3] = [
        call.user()?.into(),
        roles(call).into(),
        call.organization().into(),
    ];
    let query = own
        .into_iter()
        .chain(values)
        .fold(sql(text), |query, value| query.bind(value));
    let rows: Vec<Row> = call.db.all(query).await?;
    let list: Vec<Json> = rows
        .iter()
        .map(|row| {
            let rating = format!("{:.1}", row.rating.unwrap_or(0.0));
            json!({"id": row.id, "name": row.name, "avgRating": rating})
        })
        .collect();
    etag::content(call, &page::whole(list))
}

const MOST_APIS: usize = 50;
const MOST_OTHERS: usize = 1_000;
const MOST_LOOKED_AT: usize = 50;
const MOST_TOLD: usize = 10;
