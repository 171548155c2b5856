//! `/api-categories`: the categories that APIs are filed under.

use runtime::Outcome;
use worker::Response;

use crate::{
    call::Call,
    nouns::{self, Noun},
};

/// `GET /api-categories`, for publishers and for consumers.
pub(crate) async fn list(call: &Call) -> Outcome<Response> {
    nouns::list(call, Noun::Category, false).await
}
