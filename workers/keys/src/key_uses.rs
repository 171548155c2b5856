//! `POST /internal/api-key-uses`: gateways tell which API keys were used, a while after the calls.

use model::Timestamp;
use runtime::{Failure, Outcome, body, db::sql, reply};
use serde::Deserialize;
use worker::Response;

use crate::call::Call;

/// Notes the minute of now for each key; a key that is noted already costs no write.
pub(crate) async fn note(call: &Call) -> Outcome<Response> {
    let uses: Uses = body::json(&call.request).await?;
    if uses.digests.is_empty() || uses.digests.len() > MOST {
        return Err(Failure::because("400", "name 1 to 500 `digests`"));
    }
    let minute = Timestamp(call.now.0 - call.now.0.rem_euclid(MINUTE_MS));
    let batch = uses.digests.iter().map(|digest| {
        sql("UPDATE api_key SET last_used_at = ? WHERE digest = ? AND coalesce(last_used_at, 0) < ?")
            .bind(minute)
            .bind(digest)
            .bind(minute)
    });
    call.db.batch(batch.collect()).await?;
    reply::empty(204)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Uses {
    digests: Vec<String>,
}

const MINUTE_MS: i64 = 60_000;
/// A gateway sends at most so many at once.
const MOST: usize = 500;
