//! `/apis/{apiId}/ratings` and `/apis/{apiId}/user-rating`: one to five, one of each person.

use runtime::{Failure, Outcome, db::sql, id, reply};
use serde::Deserialize;
use serde_json::{Value, json};
use worker::Response;

use super::visible;
use crate::{apis::write, call::Call, page::Page, refusal};

/// `GET /apis/{apiId}/ratings`
pub(crate) async fn list(call: &Call) -> Outcome<Response> {
    #[derive(Deserialize)]
    struct Sum {
        total: i64,
        average: Option<f64>,
    }
    let api = visible::find(call, call.path("apiId")).await?;
    let page = Page::of(call)?;
    let sum = sql("SELECT count(*) AS total, avg(score) AS average FROM rating WHERE api_id = ?")
        .bind(&api.id);
    let sum: Option<Sum> = call.db.first(sum).await?;
    let (total, average) = sum.map_or((0, None), |sum| (sum.total, sum.average));
    let rows: Vec<Row> = call
        .db
        .all(
            sql("SELECT id, user, score FROM rating WHERE api_id = ? ORDER BY at DESC, user LIMIT ? OFFSET ?")
                .bind(&api.id)
                .bind(page.limit)
                .bind(page.offset),
        )
        .await?;
    let own = match &call.principal {
        Some(principal) => own(call, &api.id, &principal.username)
            .await?
            .map_or(0, |row| row.score),
        None => 0,
    };
    let mut shown = page.list(
        call,
        rows.iter().map(|row| row.shown(&api.id)).collect(),
        total,
    );
    if let Value::Object(members) = &mut shown {
        members.insert(
            "avgRating".to_owned(),
            json!(format!("{:.1}", average.unwrap_or(0.0))),
        );
        members.insert("userRating".to_owned(), json!(own));
    }
    reply::json(200, &shown)
}

/// `GET /apis/{apiId}/user-rating`: 0 for none, as the peer has it.
pub(crate) async fn get(call: &Call) -> Outcome<Response> {
    let api = visible::find(call, call.path("apiId")).await?;
    let user = call.user()?;
    let shown = own(call, &api.id, user).await?.map_or_else(
        || json!({"apiId": api.id, "ratedBy": user, "rating": 0}),
        |row| row.shown(&api.id),
    );
    reply::json(200, &shown)
}

/// `PUT /apis/{apiId}/user-rating`
pub(crate) async fn put(call: &Call) -> Outcome<Response> {
    let api = visible::find(call, call.path("apiId")).await?;
    let body: Body = call.json().await?;
    if !(1..=5).contains(&body.rating) {
        return Err(refusal::one(
            "400",
            "rating",
            "is not a whole number from 1 to 5",
        ));
    }
    let statements = vec![
        sql(
            "INSERT INTO rating (api_id, user, id, score, at) VALUES (?, ?, ?, ?, ?) \
             ON CONFLICT (api_id, user) DO UPDATE SET score = excluded.score, at = excluded.at",
        )
        .bind(&api.id)
        .bind(call.user()?)
        .bind(id::uuid()?)
        .bind(body.rating)
        .bind(call.now),
        write::audit(call, "rating.update", &api.id)?,
    ];
    call.db.batch(statements).await?;
    get(call).await
}

/// `DELETE /apis/{apiId}/user-rating`
pub(crate) async fn delete(call: &Call) -> Outcome<Response> {
    let api = visible::find(call, call.path("apiId")).await?;
    let user = call.user()?;
    if own(call, &api.id, user).await?.is_none() {
        return Err(Failure::because("404", "you have not rated this API"));
    }
    let statements = vec![
        sql("DELETE FROM rating WHERE api_id = ? AND user = ?")
            .bind(&api.id)
            .bind(user),
        write::audit(call, "rating.delete", &api.id)?,
    ];
    call.db.batch(statements).await?;
    reply::empty(200)
}

async fn own(call: &Call, api: &str, user: &str) -> Outcome<Option<Row>> {
    call.db
        .first(
            sql("SELECT id, user, score FROM rating WHERE api_id = ? AND user = ?")
                .bind(api)
                .bind(user),
        )
        .await
}

#[derive(Deserialize)]
struct Row {
    id: String,
    user: String,
    score: i64,
}

impl Row {
    /// WSO2's `Rating`.
    fn shown(&self, api: &str) -> Value {
        json!({"ratingId": self.id, "apiId": api, "ratedBy": self.user, "rating": self.score})
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "an object")]
struct Body {
    rating: i64,
    #[serde(rename = "ratingId")]
    _id: Option<String>,
    #[serde(rename = "apiId")]
    _api: Option<String>,
    #[serde(rename = "ratedBy")]
    _user: Option<String>,
}
