//! Clients that register themselves: kept by the keys Worker, as its people are.

use runtime::Outcome;
use worker::Response;

use super::users::{forward, segment};
use crate::call::Call;

/// `GET` and `PUT /client-registration-policy`
pub(crate) async fn policy(call: &Call) -> Outcome<Response> {
    forward(call, "/internal/registration/policy").await
}

/// `GET` and `POST /initial-access-tokens`
pub(crate) async fn tokens(call: &Call) -> Outcome<Response> {
    forward(call, "/internal/registration/tokens").await
}

/// `DELETE /initial-access-tokens/{tokenId}`
pub(crate) async fn token(call: &Call) -> Outcome<Response> {
    let token = segment(call.path("tokenId"));
    forward(call, &format!("/internal/registration/tokens/{token}")).await
}
