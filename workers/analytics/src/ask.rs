//! A question to whatever keeps the statistics, and the one answer.

use model::Timestamp;
use runtime::{Failure, Outcome};
use usage::{Answer, Parts, Quality, Query, Recent, UnreadablePart, answer, month};
use worker::Env;

use crate::{embedded::Embedded, engine::Engine, keeper::Keeper, store::send};

/// What keeps statistics, and adds them up when asked.
pub(crate) trait Backend {
    /// As answers call it.
    const NAME: &'static str;

    /// Sums by cell, and how many events a stored one stands for, on average.
    async fn parts(&self, query: &Query) -> Outcome<(Parts, f64)>;
}

/// The answer to a question.
pub(crate) async fn ask(env: &Env, query: &Query) -> Outcome<Answer> {
    query
        .spans()
        .map_err(|invalid| Failure::because("400", invalid.to_string()))?;
    match Keeper::of(env) {
        Keeper::Engine => of(&Engine::new(env)?, query).await,
        Keeper::Embedded | Keeper::Both => of(&Embedded::new(env), query).await,
    }
}

async fn of<B: Backend>(backend: &B, query: &Query) -> Outcome<Answer> {
    let (parts, interval) = backend.parts(query).await?;
    let before = if query.compare {
        Some(backend.parts(&query.before()).await?.0)
    } else {
        None
    };
    let quality = Quality::of(B::NAME, parts.newest, interval);
    Ok(answer(query, &parts, before.as_ref(), quality))
}

/// The newest events, as a JSON list: from the moment's store, and where it has not enough, from the one before.
pub(crate) async fn recent(env: &Env, question: &Recent) -> Outcome<Vec<serde_json::Value>> {
    let mut found = Vec::new();
    let mut at = question.before_ms;
    for _ in 0..2 {
        let rest = Recent {
            limit: question.limit.saturating_sub(found.len()),
            ..question.clone()
        };
        if rest.limit == 0 {
            break;
        }
        let json = serde_json::to_string(&rest)?;
        let mut reply = send(env, &question.organization, &month(at), "/recent", &json).await?;
        let text = reply.text().await?;
        if reply.status_code() != 200 {
            return Err(Failure::Internal(format!("recent events: {text}")));
        }
        let events: Vec<serde_json::Value> = serde_json::from_str(&text)?;
        found.extend(events);
        at = last_of_month_before(at);
    }
    Ok(found)
}

pub(crate) fn unreadable(fault: UnreadablePart) -> Failure {
    Failure::Internal(fault.to_string())
}

fn last_of_month_before(moment: Timestamp) -> Timestamp {
    let this = month(moment);
    let mut at = moment;
    while month(at) == this {
        at = at.plus_ms(-86_400_000);
    }
    at
}
