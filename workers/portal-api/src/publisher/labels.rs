//! `/labels` and the labels of an API.

use runtime::{Failure, Outcome, db::sql, reply};
use serde::Deserialize;
use serde_json::json;
use worker::Response;

use crate::{
    apis::{ApiRow, row, write},
    call::Call,
    guard,
    nouns::{self, Noun},
    page, refusal,
};

/// `GET /labels`
pub(crate) async fn all(call: &Call) -> Outcome<Response> {
    nouns::list(call, Noun::Label, false).await
}

/// `GET /apis/{apiId}/labels`
pub(crate) async fn list(call: &Call) -> Outcome<Response> {
    let api = row::either(call).await?;
    shown(call, &api).await
}

/// `POST /apis/{apiId}/attach-labels`
pub(crate) async fn attach(call: &Call) -> Outcome<Response> {
    let api = row::either(call).await?;
    let body: Body = checked(call).await?;
    let names = json!(body.labels).to_string();
    let statements = vec![
        guard::require(
            "NOT EXISTS (SELECT 1 FROM json_each(?) AS item WHERE item.value NOT IN \
             (SELECT id FROM label WHERE organization = ?))",
        )
        .bind(&names)
        .bind(call.organization()),
        sql("INSERT INTO api_label (api_id, label_id) SELECT ?, item.value FROM json_each(?) AS item WHERE true \
             ON CONFLICT DO NOTHING")
        .bind(&api.id)
        .bind(&names),
        write::audit(call, "api.attach-labels", &api.id)?,
    ];
    guard::or(call.db.batch(statements).await, || {
        Failure::because("404", "one of these is the id of no label")
    })?;
    shown(call, &api).await
}

/// `POST /apis/{apiId}/detach-labels`
pub(crate) async fn detach(call: &Call) -> Outcome<Response> {
    let api = row::either(call).await?;
    let body: Body = checked(call).await?;
    let statements = vec![
        sql("DELETE FROM api_label WHERE api_id = ? AND label_id IN (SELECT value FROM json_each(?))")
            .bind(&api.id)
            .bind(json!(body.labels).to_string()),
        write::audit(call, "api.detach-labels", &api.id)?,
    ];
    call.db.batch(statements).await?;
    shown(call, &api).await
}

async fn checked(call: &Call) -> Outcome<Body> {
    let body: Body = call.json().await?;
    if body.labels.is_empty() || body.labels.len() > 100 {
        return Err(refusal::one("400", "labels", "holds not 1 to 100 ids"));
    }
    Ok(body)
}

async fn shown(call: &Call, api: &ApiRow) -> Outcome<Response> {
    let rows: Vec<serde_json::Value> = call
        .db
        .all(
            sql(
                "SELECT label.id, label.name, label.description FROM api_label \
                 JOIN label ON label.id = api_label.label_id WHERE api_id = ? ORDER BY label.name",
            )
            .bind(&api.id),
        )
        .await?;
    reply::json(200, &page::whole(rows))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct Body {
    labels: Vec<String>,
}
