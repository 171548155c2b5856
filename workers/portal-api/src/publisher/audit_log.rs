//! `/apis/{apiId}/audit-log`: who changed an API or a product, and what belongs to it; ours.

use audit::Reader;
use runtime::{Outcome, reply};
use serde_json::Value;
use worker::Response;

use crate::{
    apis::row,
    audit_log::entries::{self, Filter, Kept},
    call::Call,
};

/// `GET /apis/{apiId}/audit-log`: the newest first, page by page from an entry backwards.
pub(crate) async fn list(call: &Call) -> Outcome<Response> {
    let filter = of_api(call, Filter::of(call, Reader::Publisher)?).await?;
    reply::json(200, &entries::page(call, filter, line).await?)
}

/// `GET /apis/{apiId}/audit-log/{entryId}`: with what was before and after.
pub(crate) async fn get(call: &Call) -> Outcome<Response> {
    let filter = of_api(call, Filter::everything(call)).await?;
    let kept = entries::of_path(call, filter).await?;
    reply::json(200, &kept.timed(kept.entry.whole(Reader::Publisher)))
}

async fn of_api(call: &Call, mut filter: Filter) -> Outcome<Filter> {
    let api = row::either(call).await?;
    filter.and("audit.api = ?", api.id);
    Ok(filter)
}

fn line(kept: &Kept) -> Value {
    kept.timed(kept.entry.line(Reader::Publisher))
}
