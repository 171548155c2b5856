//! Analytics: takes events from gateways, keeps them added up, and answers questions.
//!
//! | call (over a service binding) | does |
//! |---|---|
//! | `POST /internal/events` with a [`usage::Batch`] | stores the events with their organizations and months; 204, once per batch, with how many the next may have (`events-at-once`) |
//! | `POST /internal/query` with a [`Query`] | 200 with an [`usage::Answer`] |
//! | `POST /internal/unseen` | 200 with the places from which applications were used for the first time |
//! | `POST /internal/recent` with a [`Recent`] | 200 with the newest events, as they were stored |
//! | `POST /internal/reports` with a [`Report`] | notes what an isolate of a gateway has taken up; 204 |
//! | `POST /internal/gateways` with a [`roster::Wish`] | 200 with the [`usage::roster::Gateway`]s of an environment |
//!
//! A batch that fails in the middle may be sent again as it is: each store counts it once.

mod ask;
mod embedded;
mod engine;
mod keeper;
mod lines;
mod recent;
mod rollups;
mod roster;
mod salts;
mod seen;
mod stat_store;
mod store;
mod unseen;

use runtime::{Failure, Outcome, body, reply};
use usage::{Query, Recent, roster::Report};
use worker::{Context, Env, Method, Request, Response, event};

pub use roster::Roster;
pub use stat_store::StatStore;

/// Dispatches the internal calls.
#[event(fetch)]
async fn fetch(request: Request, env: Env, _context: Context) -> worker::Result<Response> {
    Ok(reply::finish(answer(&request, &env).await, ""))
}

async fn answer(request: &Request, env: &Env) -> Outcome<Response> {
    let path = request.path();
    if !PATHS.contains(&path.as_str()) {
        return Err(Failure::code("404"));
    }
    if request.method() != Method::Post {
        return Err(Failure::code("405"));
    }
    match path.as_str() {
        EVENTS => store::store(request, env).await,
        QUERY => {
            let query: Query = body::json(request).await?;
            reply::json(200, &ask::ask(env, &query).await?)
        }
        UNSEEN => {
            let question = body::json(request).await?;
            reply::json(200, &unseen::unseen(env, &question).await?)
        }
        REPORTS => {
            let report: Report = body::json(request).await?;
            roster::note(env, &report).await
        }
        GATEWAYS => roster::list(env, &body::json(request).await?).await,
        _ => {
            let question: Recent = body::json(request).await?;
            reply::json(200, &ask::recent(env, &question).await?)
        }
    }
}

const EVENTS: &str = "/internal/events";
const QUERY: &str = "/internal/query";
const RECENT: &str = "/internal/recent";
const UNSEEN: &str = "/internal/unseen";
const REPORTS: &str = "/internal/reports";
const GATEWAYS: &str = "/internal/gateways";
const PATHS: [&str; 6] = [EVENTS, QUERY, RECENT, UNSEEN, REPORTS, GATEWAYS];
