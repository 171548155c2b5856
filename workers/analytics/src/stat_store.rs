//! The Stat database of one organization and one month: a Durable Object with SQLite.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use js_sys::{Function, Reflect};
use model::Timestamp;
use runtime::{Failure, Outcome, body, clock, reply};
use usage::{Batch, Closed, Event, Keep, Names, Preface, Privacy, Query, roll_up};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use worker::{DurableObject, Env, Method, Request, Response, SqlStorage, State, durable_object};

use crate::keeper::variable;
use crate::recent::Recent;
use crate::rollups::{Ids, Rollups};
use crate::salts::Salts;
use crate::seen::Seen;

/// Rows of an organization and a month. `POST /events` with a [`Batch`], `POST /query` with a [`Query`], `POST /recent`
/// with a [`usage::Recent`].
#[durable_object(alarm)]
pub struct StatStore {
    state: State,
    sql: SqlStorage,
    /// Names as stored, to write only what is new; read when first needed.
    names: RefCell<Option<Names>>,
    /// Numbers of the series that batches have lately brought.
    ids: RefCell<Ids>,
    closed: RefCell<Closed>,
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
            .and_then(|()| Salts::new(&sql).create())
            .and_then(|()| Seen::new(&sql).create());
        Self {
            state,
            sql,
            names: RefCell::new(None),
            ids: RefCell::new(Ids::new()),
            closed: RefCell::new(Closed::default()),
            pruned_at_ms: Cell::new(0),
            privacy: privacy(&env),
            tables: tables.map_err(|failure| format!("{failure:?}")),
        }
    }

    async fn fetch(&self, request: Request) -> worker::Result<Response> {
        Ok(reply::finish(self.answer(&request).await, ""))
    }

    /// Forgets what is too old, every day, also of a month that nothing is added to any more.
    async fn alarm(&self) -> worker::Result<Response> {
        let is_left = prune(&self.sql, clock::now())
            .map_err(|failure| worker::Error::RustError(format!("{failure:?}")))?;
        if is_left {
            self.state.storage().set_alarm(A_DAY).await?;
        } else {
            self.state.storage().delete_all().await?;
        }
        Response::empty()
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
            "/events" => {
                self.store(body::parse(&text)?)?;
                self.keep_pruning().await?;
                reply::empty(204)
            }
            "/query" => self.query(&body::parse(&text)?),
            "/seen" => {
                let places = Seen::new(&self.sql).list(&body::parse(&text)?)?;
                reply::json(200, &places)
            }
            "/recent" => {
                let list = Recent::new(&self.sql).list(&body::parse(&text)?)?;
                reply::text(200, "application/json", list)
            }
            _ => Err(Failure::code("404")),
        }
    }

    /// Counts a batch that was not counted before: all of it or nothing.
    fn store(&self, mut batch: Batch) -> Outcome<()> {
        if let Some(fault) = batch.fault() {
            return Err(Failure::because("400", fault));
        }
        let now = clock::now();
        let known = self.known_names()?;
        let mut names = known.clone();
        batch
            .events
            .iter()
            .for_each(|event| note_names(&mut names, event));
        Salts::new(&self.sql).apply(self.privacy, &mut batch.events)?;
        let mut rows = roll_up(&batch.events);
        let is_pruning = now.0 - self.pruned_at_ms.get() > PRUNE_EVERY_MS;
        let has_addresses = matches!(self.privacy.addresses, Keep::Full | Keep::Truncated);
        let mut closed = self.closed.borrow_mut();
        batch.events.iter().for_each(|it| closed.came(it.at));
        if is_pruning {
            closed.clear();
        }
        drop(closed);
        let (sql, ids, learned) = (self.sql.clone(), self.ids.take(), names.clone());
        let ids = self.transaction(move || {
            let (recent, rollups) = (Recent::new(&sql), Rollups::new(&sql));
            if !recent.note_batch(&batch.batch, now)? {
                return Ok(ids);
            }
            let found = rollups.add(&mut rows, &ids)?;
            rollups.save_names(&known, &learned)?;
            recent.add(&batch.events)?;
            Seen::new(&sql).add(&batch.events, has_addresses)?;
            if is_pruning {
                prune(&sql, now)?;
            }
            Ok(grown(ids, found))
        })?;
        if is_pruning {
            self.pruned_at_ms.set(now.0);
        }
        self.ids.replace(ids);
        self.names.replace(Some(names));
        Ok(())
    }

    async fn keep_pruning(&self) -> Outcome<()> {
        let storage = self.state.storage();
        if storage.get_alarm().await?.is_none() {
            storage.set_alarm(A_DAY).await?;
        }
        Ok(())
    }

    fn query(&self, query: &Query) -> Outcome<Response> {
        let preface = Preface {
            names: self.known_names()?,
            newest: Recent::new(&self.sql).newest()?,
        };
        let mut text = serde_json::to_string(&preface)?;
        let mut closed = self.closed.borrow_mut();
        text.push_str(&Rollups::new(&self.sql).read(query, &mut closed, clock::now())?);
        reply::text(200, "text/plain; charset=UTF-8", text)
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
    fn transaction<T: 'static>(&self, work: impl FnOnce() -> Outcome<T> + 'static) -> Outcome<T> {
        let storage = self.state.storage();
        let storage: &JsValue = storage.as_raw();
        let run: Function = Reflect::get(storage, &JsValue::from_str("transactionSync"))
            .and_then(JsCast::dyn_into)
            .map_err(|error| Failure::Internal(format!("transactionSync: {error:?}")))?;
        let done = std::rc::Rc::new(RefCell::new(None));
        let result = std::rc::Rc::clone(&done);
        let work = Closure::once(move || -> Result<(), JsValue> {
            let value = work().map_err(|failure| JsValue::from_str(&format!("{failure:?}")))?;
            result.replace(Some(value));
            Ok(())
        });
        run.call1(storage, work.as_ref())
            .map_err(|error| Failure::Internal(format!("statistics not stored: {error:?}")))?;
        done.take()
            .ok_or_else(|| Failure::Internal("the transaction did not run".to_owned()))
    }
}

/// Is anything left?
fn prune(sql: &SqlStorage, now: Timestamp) -> Outcome<bool> {
    Recent::new(sql).prune(now)?;
    Salts::new(sql).prune(now)?;
    Rollups::new(sql).prune(now)
}

/// An isolate holds no more numbers of series than are in use; those that it forgot are found again.
fn grown(mut ids: Ids, found: Ids) -> Ids {
    if ids.len() > MOST_IDS {
        ids.clear();
    }
    ids.extend(found);
    ids
}

/// What may be kept of callers: `EVENT_USERS` and `EVENT_ADDRESSES`.
fn privacy(env: &Env) -> Privacy {
    let default = Privacy::default();
    Privacy {
        users: Keep::read(&variable(env, "EVENT_USERS"), default.users),
        addresses: Keep::read(&variable(env, "EVENT_ADDRESSES"), default.addresses),
    }
}

fn note_names(names: &mut Names, event: &Event) {
    if let Some(api) = &event.api {
        let named = (api.name.clone(), api.version.clone());
        names.apis.insert(api.id.clone(), named);
    }
    if let Some(application) = &event.application {
        let name = application.name.clone();
        names.applications.insert(application.id.clone(), name);
    }
}

/// A batch of 1,000 events of the longest names.
const BODY_LIMIT: usize = 4 * 1024 * 1024;
/// Old rows are looked for once an hour.
const PRUNE_EVERY_MS: i64 = 3_600_000;
const A_DAY: Duration = Duration::from_secs(86_400);
const MOST_IDS: usize = 20_000;
