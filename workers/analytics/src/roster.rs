//! Which gateways serve in an environment: a Durable Object with a row for each isolate that said something lately.

use std::cell::Cell;

use model::Timestamp;
use runtime::{Failure, Outcome, body, clock, reply};
use serde::{Deserialize, Serialize};
use usage::roster::{self, Gateway, NAMED_MS, Report, Said};
use wasm_bindgen::JsValue;
use worker::{
    DurableObject, Env, Method, Request, RequestInit, Response, SqlStorage, State, durable_object,
};

use crate::lines::lines;

/// Isolates of an environment. `POST /report` with a [`Report`]; `POST /list` is answered with [`Gateway`]s.
#[durable_object(fetch)]
pub struct Roster {
    sql: SqlStorage,
    pruned_at_ms: Cell<i64>,
    table: Result<(), String>,
}

/// Which gateways are asked for.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wish {
    environment: String,
}

/// Notes what an isolate says of itself.
pub(crate) async fn note(env: &Env, report: &Report) -> Outcome<Response> {
    if let Some(fault) = report.fault() {
        return Err(Failure::because("400", fault));
    }
    let json = serde_json::to_string(report)?;
    send(env, &report.environment, "/report", &json).await
}

/// The gateways of an environment, by name.
pub(crate) async fn list(env: &Env, wish: &Wish) -> Outcome<Response> {
    send(env, &wish.environment, "/list", "").await
}

async fn send(env: &Env, environment: &str, path: &str, json: &str) -> Outcome<Response> {
    let stub = env.durable_object("ROSTER")?.get_by_name(environment)?;
    let mut init = RequestInit::new();
    init.with_method(Method::Post)
        .with_body(Some(JsValue::from_str(json)));
    let request = Request::new_with_init(&format!("http://roster{path}"), &init)?;
    Ok(stub.fetch_with_request(request).await?)
}

impl DurableObject for Roster {
    fn new(state: State, _env: Env) -> Self {
        let sql = state.storage().sql();
        let table = [TABLE, INDEX].iter().try_for_each(|statement| {
            let made = sql.exec(statement, None);
            made.map(|_| ()).map_err(|error| error.to_string())
        });
        Self {
            sql,
            pruned_at_ms: Cell::new(0),
            table,
        }
    }

    async fn fetch(&self, request: Request) -> worker::Result<Response> {
        Ok(reply::finish(self.answer(&request).await, ""))
    }
}

impl Roster {
    async fn answer(&self, request: &Request) -> Outcome<Response> {
        if let Err(reason) = &self.table {
            return Err(Failure::Internal(reason.clone()));
        }
        if request.method() != Method::Post {
            return Err(Failure::code("405"));
        }
        let now = clock::now();
        match request.path().as_str() {
            "/report" => {
                let text = body::text(request, body::JSON_LIMIT).await?;
                self.note(&body::parse(&text)?, now)?;
                reply::empty(204)
            }
            "/list" => reply::json(200, &self.gateways(now)?),
            _ => Err(Failure::code("404")),
        }
    }

    fn note(&self, report: &Report, now: Timestamp) -> Outcome<()> {
        let version = |version: u64| i64::try_from(version).unwrap_or(i64::MAX);
        let values = vec![
            report.isolate.as_str().into(),
            report.gateway.as_str().into(),
            report.release.as_str().into(),
            version(report.catalog).into(),
            version(report.trust).into(),
            serde_json::to_string(&report.refused)?.into(),
            now.0.into(),
        ];
        self.sql.exec(NOTE, values)?;
        if now.0 - self.pruned_at_ms.get() > PRUNE_EVERY_MS {
            self.pruned_at_ms.set(now.0);
            self.sql.exec(
                FORGET,
                vec![(now.0 - NAMED_MS).into(), ISOLATES_KEPT.into()],
            )?;
        }
        Ok(())
    }

    fn gateways(&self, now: Timestamp) -> Outcome<Vec<Gateway>> {
        let since = JsValue::from_f64((now.0 - NAMED_MS) as f64);
        let rows = lines(&self.sql, LIST, &[since])?;
        let rows = rows.lines().filter(|line| !line.is_empty());
        let said: Vec<Said> = rows.map(serde_json::from_str).collect::<Result<_, _>>()?;
        Ok(roster::gateways(said, now))
    }
}

const TABLE: &str = "CREATE TABLE IF NOT EXISTS isolate (name TEXT PRIMARY KEY, gateway TEXT NOT NULL, release TEXT NOT NULL, \
    catalog INTEGER NOT NULL, trust INTEGER NOT NULL, refused TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID";
const INDEX: &str = "CREATE INDEX IF NOT EXISTS isolate_by_time ON isolate (at)";
const NOTE: &str = "INSERT OR REPLACE INTO isolate (name, gateway, release, catalog, trust, refused, at) \
    VALUES (?, ?, ?, ?, ?, ?, ?)";
const FORGET: &str = "DELETE FROM isolate WHERE at < ?1 OR at <= \
    coalesce((SELECT at FROM isolate ORDER BY at DESC LIMIT 1 OFFSET ?2), -1)";
const LIST: &str = "SELECT json_object('gateway', gateway, 'release', release, 'catalog', catalog, 'trust', trust, \
    'refused', json(refused), 'at', at) FROM isolate WHERE at >= ?1 ORDER BY at DESC LIMIT 10000";
const PRUNE_EVERY_MS: i64 = 60_000;
/// Some 200 bytes each.
const ISOLATES_KEPT: i64 = 10_000;
