//! `/apis/{apiId}/comments` of the publisher.

use runtime::Outcome;
use worker::Response;

use crate::{
    apis::row,
    call::Call,
    comments::{self, Entrance},
};

/// `GET /apis/{apiId}/comments`
pub(crate) async fn list(call: &Call) -> Outcome<Response> {
    comments::list(call, &row::either(call).await?.id).await
}

/// `POST /apis/{apiId}/comments`
pub(crate) async fn create(call: &Call) -> Outcome<Response> {
    comments::create(call, &row::either(call).await?.id, Entrance::Publisher).await
}

/// `GET /apis/{apiId}/comments/{commentId}`
pub(crate) async fn get(call: &Call) -> Outcome<Response> {
    comments::get(call, &row::either(call).await?.id).await
}

/// `PATCH /apis/{apiId}/comments/{commentId}`
pub(crate) async fn update(call: &Call) -> Outcome<Response> {
    comments::update(call, &row::either(call).await?.id).await
}

/// `DELETE /apis/{apiId}/comments/{commentId}`
pub(crate) async fn delete(call: &Call) -> Outcome<Response> {
    comments::delete(call, &row::either(call).await?.id).await
}

/// `GET /apis/{apiId}/comments/{commentId}/replies`
pub(crate) async fn replies(call: &Call) -> Outcome<Response> {
    comments::replies(call, &row::either(call).await?.id).await
}
