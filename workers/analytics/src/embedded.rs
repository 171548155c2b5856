//! The embedded store: an object for each organization and month.

use futures_util::future::try_join_all;
use runtime::{Failure, Outcome};
use usage::{Parts, Query, months};
use worker::Env;

use crate::{
    ask::{Backend, unreadable},
    store::send,
};

/// All stores of an installation.
pub(crate) struct Embedded<'a> {
    env: &'a Env,
}

impl<'a> Embedded<'a> {
    pub(crate) const fn new(env: &'a Env) -> Self {
        Self { env }
    }

    async fn of_month(&self, query: &Query, month: &str, json: &str) -> Outcome<Parts> {
        let mut reply = send(self.env, &query.organization, month, "/query", json).await?;
        let text = reply.text().await?;
        if reply.status_code() != 200 {
            return Err(Failure::Internal(format!("{month} answered {text}")));
        }
        Parts::read(&text, query).map_err(unreadable)
    }
}

impl Backend for Embedded<'_> {
    const NAME: &'static str = "embedded";

    /// Every event counts: nothing is sampled.
    async fn parts(&self, query: &Query) -> Outcome<(Parts, f64)> {
        let (from, to) = query.range();
        let json = serde_json::to_string(query)?;
        let months = months(from, to);
        let asked = months
            .iter()
            .map(|month| self.of_month(query, month, &json));
        let mut all = Parts::default();
        for found in try_join_all(asked).await? {
            all.merge(found);
        }
        Ok((all, 1.0))
    }
}
