//! `/apis/{apiId}/documents` and `/apis/{apiId}/thumbnail`, for those who read.

use runtime::Outcome;
use worker::Response;

use super::visible;
use crate::{
    call::Call,
    documents::{self, Reader},
    etag, thumbnails,
};

/// `GET /apis/{apiId}/documents`
pub(crate) async fn list(call: &Call) -> Outcome<Response> {
    let api = visible::find(call, call.path("apiId")).await?;
    etag::content(
        call,
        &documents::list(call, &api.id, Reader::Consumer).await?,
    )
}

/// `GET /apis/{apiId}/documents/{documentId}`
pub(crate) async fn get(call: &Call) -> Outcome<Response> {
    let api = visible::find(call, call.path("apiId")).await?;
    let row = documents::of_path(call, &api.id, Reader::Consumer).await?;
    etag::generation(call, row.generation, &row.shown())
}

/// `GET /apis/{apiId}/documents/{documentId}/content`
pub(crate) async fn content(call: &Call) -> Outcome<Response> {
    let api = visible::find(call, call.path("apiId")).await?;
    let row = documents::of_path(call, &api.id, Reader::Consumer).await?;
    documents::content(call, &row).await
}

/// `GET /apis/{apiId}/thumbnail`
pub(crate) async fn thumbnail(call: &Call) -> Outcome<Response> {
    let api = visible::find(call, call.path("apiId")).await?;
    thumbnails::show(call, &api.id).await
}
