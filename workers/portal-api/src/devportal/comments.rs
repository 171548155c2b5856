//! `/apis/{apiId}/comments` of the developer portal.

use runtime::Outcome;
use worker::Response;

use super::visible;
use crate::{
    call::Call,
    comments::{self, Entrance},
};

/// `GET /apis/{apiId}/comments`
pub(crate) async fn list(call: &Call) -> Outcome<Response> {
    comments::list(call, &visible::find(call, call.path("apiId")).await?.id).await
}

/// `POST /apis/{apiId}/comments`
pub(crate) async fn create(call: &Call) -> Outcome<Response> {
    comments::create(
        call,
        &visible::find(call, call.path("apiId")).await?.id,
        Entrance::Devportal,
    )
    .await
}

/// `GET /apis/{apiId}/comments/{commentId}`
pub(crate) async fn get(call: &Call) -> Outcome<Response> {
    comments::get(call, &visible::find(call, call.path("apiId")).await?.id).await
}

/// `PATCH /apis/{apiId}/comments/{commentId}`
pub(crate) async fn update(call: &Call) -> Outcome<Response> {
    comments::update(call, &visible::find(call, call.path("apiId")).await?.id).await
}

/// `DELETE /apis/{apiId}/comments/{commentId}`
pub(crate) async fn delete(call: &Call) -> Outcome<Response> {
    comments::delete(call, &visible::find(call, call.path("apiId")).await?.id).await
}

/// `GET /apis/{apiId}/comments/{commentId}/replies`
pub(crate) async fn replies(call: &Call) -> Outcome<Response> {
    comments::replies(call, &visible::find(call, call.path("apiId")).await?.id).await
}
