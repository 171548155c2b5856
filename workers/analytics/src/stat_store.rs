//! The Stat database of one organization: a Durable Object with SQLite.

use std::cell::{Cell, RefCell};

use js_sys::{Function, Reflect};
use runtime::{Failure, Outcome, body, clock, reply};
use usage::{Batch, Keep, Names, Privacy, Query, roll_up, summarize};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use worker::{DurableObject, Env, Method, Request, Response, SqlStorage, State, durable_object};

use crate::recent::Recent;
use crate::rollups::Rollups;
use crate::salts::Salts;

/// Rows of one organization. `POST /events` with a [`Batch`], `POST /query` with a [`Query`].
#[durable_object(fetch)]
pub struct StatStore {
    state: State,
    sql: SqlStorage,
    /// Names as stored, to write only what is new; read when first needed.
    names: RefCell<Option<Names>>,
    pruned_at_ms: Cell<i64>,
    privacy: Privacy,
    tables: Result<(), String>,
}

impl DurableObject for StatStore {
    fn new(state: State, env: Env) -> Self {
        let sql = state.storage().sql();
        let tables = Rollups::new(&sql)
            .create()
            .and_then(|()| Recent::new(&sql).create())
            .and_then(|()| Salts::new(&sql).create());
        let tables = tables.map_err(|failure| format!("{failure:?}"));
        Self {
            state,
            sql,
            names: RefCell::new(None),
            pruned_at_ms: Cell::new(0),
            privacy: privacy(&env),
            tables,
        }
    }

    async fn fetch(&self, request: Request) -> worker::Result<Response> {
        Ok(reply::finish(self.answer(&request).await, ""))
    }
}

impl StatStore {
    async fn answer(&self, request: &Request) -> Outcome<Response> {
        if let Err(reason) = &self.tables {
            return Err(Failure::Internal(reason.clone()));
        }
        if request.method() != Method::Post {
            return Err(Failure::code("405"));
        }
        let text = body::text(request, BODY_LIMIT).await?;
        match request.path().as_str() {
            "/events" => self.store(body::parse(&text)?),
            "/query" => self.query(&body::parse(&text)?),
            _ => Err(Failure::code("404")),
        }
    }

    /// Counts a batch that was not counted before: all of it or nothing.
    fn store(&self, mut batch: Batch) -> Outcome<Response> {
        if let Some(fault) = batch.fault() {
            return Err(Failure::because("400", fault));
        }
        let now = clock::now();
        let mut names = self.known_names()?;
        let sql = self.sql.clone();
        let is_pruning = now.0 - self.pruned_at_ms.get() > PRUNE_EVERY_MS;
        Salts::new(&sql).apply(self.privacy, &mut batch.events)?;
        let (known, after) = (names.clone(), &mut names);
        for event in &batch.events {
            note_names(after, event);
        }
        let learned = names.clone();
        self.transaction(move || {
            let (recent, rollups) = (Recent::new(&sql), Rollups::new(&sql));
            if !recent.note_batch(&batch.batch, now)? {
                return Ok(());
            }
            rollups.add(roll_up(&batch.events))?;
            rollups.save_names(&known, &learned)?;
            recent.add(&batch.events)?;
            if is_pruning {
                recent.prune(now)?;
                rollups.prune(now)?;
                Salts::new(&sql).prune(now)?;
            }
            Ok(())
        })?;
        if is_pruning {
            self.pruned_at_ms.set(now.0);
        }
        self.names.replace(Some(names));
        reply::empty(204)
    }

    fn query(&self, query: &Query) -> Outcome<Response> {
        let spans = query
            .spans()
            .map_err(|invalid| Failure::because("400", invalid.to_string()))?;
        let rollups = Rollups::new(&self.sql);
        let mut rows = Vec::new();
        for span in spans {
            rows.extend(rollups.read(span, &query.filter)?);
        }
        let names = self.known_names()?;
        reply::json(200, &summarize(query, rows, &names))
    }

    fn known_names(&self) -> Outcome<Names> {
        if let Some(names) = self.names.borrow().as_ref() {
            return Ok(names.clone());
        }
        let names = Rollups::new(&self.sql).names()?;
        self.names.replace(Some(names.clone()));
        Ok(names)
    }

    /// Runs `work` in one SQLite transaction, which an error rolls back. workers-rs has no name for it yet.
    fn transaction(&self, work: impl FnOnce() -> Outcome<()> + 'static) -> Outcome<()> {
        let storage = self.state.storage();
        let storage: &JsValue = storage.as_raw();
        let run: Function = Reflect::get(storage, &JsValue::from_str("transactionSync"))
            .and_then(JsCast::dyn_into)
            .map_err(|error| Failure::Internal(format!("transactionSync: {error:?}")))?;
        let work = Closure::once(move || -> Result<(), JsValue> {
            work().map_err(|failure| JsValue::from_str(&format!("{failure:?}")))
        });
        run.call1(storage, work.as_ref())
            .map(drop)
            .map_err(|error| Failure::Internal(format!("statistics not stored: {error:?}")))
    }
}

/// What may be kept of callers: `EVENT_USERS` and `EVENT_ADDRESSES`.
fn privacy(env: &Env) -> Privacy {
    let default = Privacy::default();
    let word = |name: &str| env.var(name).map(|it| it.to_string()).unwrap_or_default();
    Privacy {
        users: Keep::read(&word("EVENT_USERS"), default.users),
        addresses: Keep::read(&word("EVENT_ADDRESSES"), default.addresses),
    }
}

fn note_names(names: &mut Names, event: &usage::Event) {
    if let Some(api) = &event.api {
        names
            .apis
            .insert(api.id.clone(), (api.name.clone(), api.version.clone()));
    }
    if let Some(application) = &event.application {
        names
            .applications
            .insert(application.id.clone(), application.name.clone());
    }
}

/// A batch of 1,000 events of the longest names.
const BODY_LIMIT: usize = 4 * 1024 * 1024;
/// Old rows are looked for once an hour.
const PRUNE_EVERY_MS: i64 = 3_600_000;
