//! The management REST APIs of the Publisher, the Developer Portal and the Admin portal.
//!
//! [`routes`] is the table of contents: every operation with its scopes. [`dispatch`] finds the row, asks who calls,
//! and calls the endpoint, which lives in `publisher/`, `devportal/` or `admin/` in the file of its noun. Endpoints
//! parse at the door (`crates/lifecycle`, `crates/openapi`), write in one D1 batch, and leave a note in the outbox,
//! which [`outbox`] carries to KV before the answer goes out, and again later should that have failed.

mod admin;
mod adoption;
mod alerts;
mod analytics;
mod apis;
mod audit_log;
mod billing;
mod blob;
mod call;
mod certificates;
mod comments;
mod deployments;
mod devportal;
mod dispatch;
mod documents;
mod download;
mod etag;
mod fetch;
mod gateways;
mod governance;
mod guard;
mod key_managers;
mod metrics;
mod nouns;
mod once;
mod operation_policies;
mod organizations;
mod outbox;
mod page;
mod policies;
mod principal;
mod publish;
mod publisher;
mod refusal;
mod reports;
mod roles;
mod routes;
mod search;
mod searchable;
mod services;
mod settings;
mod subscriptions;
mod tenant;
mod thumbnails;
mod time;
mod upload;
mod workflows;

use std::cell::Cell;

use runtime::reply;
use worker::{Context, Env, Request, Response, ScheduleContext, ScheduledEvent, event};

#[event(fetch)]
async fn fetch(request: Request, env: Env, context: Context) -> worker::Result<Response> {
    let accept = request.headers().get("accept")?.unwrap_or_default();
    let first = !AWAKE.with(|awake| awake.replace(true));
    if first {
        let env = env.clone();
        context.wait_until(async move { outbox::drain_or_log(&env).await });
    }
    Ok(reply::finish(dispatch::answer(request, env).await, &accept))
}

#[event(scheduled)]
async fn scheduled(_event: ScheduledEvent, env: Env, _context: ScheduleContext) {
    outbox::drain_or_log(&env).await;
    reports::send_or_log(&env).await;
    alerts::round_or_log(&env).await;
    metrics::push_or_log(&env).await;
    audit_log::seal_or_log(&env).await;
    if let Err(failure) = forget(&env).await {
        worker::console_error!("what nobody asks for any more: {failure:?}");
    }
}

async fn forget(env: &Env) -> runtime::Outcome<()> {
    let (db, now) = (runtime::Db::of(env)?, runtime::clock::now());
    once::forget(&db, now).await?;
    adoption::forget(&db, now).await
}

thread_local! {
    /// Whether this isolate has looked at the outbox yet: whoever comes first repairs what a dead isolate left behind.
    static AWAKE: Cell<bool> = const { Cell::new(false) };
}
