//! Which places are news: this month's store knows what it saw first and when, last month's what was usual before it.

use model::{OrganizationId, Timestamp};
use runtime::{Failure, Outcome};
use serde::Deserialize;
use usage::{month, month_start};
use worker::Env;

use crate::{
    seen::{Asked, Place},
    store::send,
};

/// Body of `POST /internal/unseen`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Question {
    organization: OrganizationId,
    kind: String,
    since_ms: Timestamp,
    now_ms: Timestamp,
}

/// The places from which applications were used for the first time, since then. An application that was never used
/// before has no usual place, and none that is news.
pub(crate) async fn unseen(env: &Env, question: &Question) -> Outcome<Vec<Place>> {
    let now = question.now_ms;
    let new = Asked {
        kind: question.kind.clone(),
        since_ms: question.since_ms,
        pairs: None,
    };
    let found = places(env, &question.organization, now, &new).await?;
    if found.is_empty() {
        return Ok(found);
    }
    let pairs = found
        .iter()
        .map(|it| (it.application.clone(), it.place.clone()));
    let before = Asked {
        since_ms: Timestamp(0),
        pairs: Some(pairs.collect()),
        ..new
    };
    let earlier = month_start(now).plus_ms(-1);
    let known = places(env, &question.organization, earlier, &before).await?;
    let is_usual = |it: &Place| {
        let of_it = known
            .iter()
            .filter(|known| known.application == it.application);
        let mut places = of_it.clone().map(|known| known.place.as_str());
        let is_known = places.any(|place| place == it.place);
        is_known || (it.older == 0.0 && of_it.count() == 0)
    };
    Ok(found.into_iter().filter(|it| !is_usual(it)).collect())
}

async fn places(
    env: &Env,
    organization: &OrganizationId,
    at: Timestamp,
    asked: &Asked,
) -> Outcome<Vec<Place>> {
    let json = serde_json::to_string(asked)?;
    let mut reply = send(env, organization, &month(at), "/seen", &json).await?;
    let text = reply.text().await?;
    if reply.status_code() != 200 {
        return Err(Failure::Internal(format!("places: {text}")));
    }
    Ok(serde_json::from_str(&text)?)
}
