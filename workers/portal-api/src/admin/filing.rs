//! `/api-categories` and `/labels`: what publishers file APIs under.

use runtime::{Outcome, db::sql, reply};
use serde::Deserialize;
use serde_json::{Value, json};
use worker::Response;

use crate::{
    call::Call,
    nouns::{self, Noun},
};

/// `GET /api-categories`
pub(crate) async fn categories(call: &Call) -> Outcome<Response> {
    nouns::list(call, Noun::Category, true).await
}

/// `POST /api-categories`
pub(crate) async fn create_category(call: &Call) -> Outcome<Response> {
    nouns::create(call, Noun::Category).await
}

/// `PUT /api-categories/{apiCategoryId}`
pub(crate) async fn update_category(call: &Call) -> Outcome<Response> {
    nouns::update(call, Noun::Category, call.path("apiCategoryId")).await
}

/// `DELETE /api-categories/{apiCategoryId}`
pub(crate) async fn delete_category(call: &Call) -> Outcome<Response> {
    nouns::delete(call, Noun::Category, call.path("apiCategoryId")).await
}

/// `GET /labels`
pub(crate) async fn labels(call: &Call) -> Outcome<Response> {
    nouns::list(call, Noun::Label, true).await
}

/// `POST /labels`
pub(crate) async fn create_label(call: &Call) -> Outcome<Response> {
    nouns::create(call, Noun::Label).await
}

/// `PUT /labels/{labelId}`
pub(crate) async fn update_label(call: &Call) -> Outcome<Response> {
    nouns::update(call, Noun::Label, call.path("labelId")).await
}

/// `DELETE /labels/{labelId}`
pub(crate) async fn delete_label(call: &Call) -> Outcome<Response> {
    nouns::delete(call, Noun::Label, call.path("labelId")).await
}

/// `GET /labels/{labelId}/usage`
pub(crate) async fn label_usage(call: &Call) -> Outcome<Response> {
    #[derive(Deserialize)]
    struct Row {
        id: String,
        name: String,
        version: String,
    }
    let label = nouns::find(call, Noun::Label, call.path("labelId")).await?;
    let rows: Vec<Row> = call
        .db
        .all(
            sql("SELECT api.id, api.name, api.version FROM api_label JOIN api ON api.id = api_label.api_id \
                 WHERE label_id = ? ORDER BY api.name, api.version")
            .bind(&label.id),
        )
        .await?;
    let list: Vec<Value> = rows
        .into_iter()
        .map(|row| json!({"id": row.id, "name": row.name, "version": row.version}))
        .collect();
    reply::json(200, &json!({"apis": {"count": list.len(), "list": list}}))
}
