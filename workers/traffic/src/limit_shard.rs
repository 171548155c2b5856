//! The Durable Object around [`LimitShardState`]: one per application and one per API, and shards of them by caller; and,
//! under names of their own, relays of those that hundreds of isolates ask.
//!
//! `POST /lease` with a [`LeaseRequest`] is answered with a [`throttle::LeaseReply`], `POST /reset` with a [`ResetRequest`]
//! with 204, `POST /relay` is a lease from a relay, `POST /debits` with a month tells what subscriptions were debited in it, `POST /slots` with a [`SlotRequest`] with a [`throttle::SlotReply`]. Rows are written before the answer leaves (the platform also holds the answer back until they are on disk), so
//! that a kill, a panic or an eviction can lose a reply but never a debit. No timer runs: ended windows are swept when the
//! next request comes.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use runtime::{Failure, Outcome, body, clock, reply};
use serde::Deserialize;
use throttle::{LeaseRequest, LimitShardState, Malformed, ResetRequest, SlotRequest};
use wasm_bindgen::{JsError, prelude::wasm_bindgen};
use worker::{DurableObject, Env, Method, Request, Response, State, durable_object};

use crate::{relaying::Relaying, rows::Rows};

/// Counters of the limits that share an owner.
#[durable_object(fetch)]
pub struct LimitShard {
    rows: Rows,
    /// Why the rows could not be read, if so: granting from zero would pass the limit.
    state: Result<RefCell<LimitShardState>, String>,
    relaying: Rc<Relaying>,
}

impl DurableObject for LimitShard {
    fn new(state: State, env: Env) -> Self {
        let rows = Rows::new(state.storage().sql());
        let state = rows
            .restore()
            .map(RefCell::new)
            .map_err(|failure| format!("{failure:?}"));
        Self {
            rows,
            state,
            relaying: Rc::new(Relaying::new(env)),
        }
    }

    async fn fetch(&self, request: Request) -> worker::Result<Response> {
        Ok(reply::finish(self.answer(&request).await, ""))
    }
}

#[wasm_bindgen]
impl LimitShard {
    /// The body of the answer to `POST /lease` with this body, where there is one; why there is none says `fetch`.
    ///
    /// # Errors
    /// When the rows cannot be written.
    pub fn lease(&self, body: &[u8]) -> Result<Option<String>, JsError> {
        let (Ok(request), Ok(_)) = (LeaseRequest::parse(body), self.state()) else {
            return Ok(None);
        };
        let told = self.grant(&request).map_err(|failure| {
            worker::console_error!("no block: {failure:?}");
            JsError::new("no block was granted; ask again")
        })?;
        Ok(Some(told))
    }
}

impl LimitShard {
    async fn answer(&self, request: &Request) -> Outcome<Response> {
        let path = request.path();
        if !crate::PATHS.contains(&path.as_str()) {
            return Err(Failure::code("404"));
        }
        if request.method() != Method::Post {
            return Err(Failure::code("405"));
        }
        let bytes = body::bytes(request, BODY_LIMIT).await?;
        if path == crate::RESET {
            let reset = ResetRequest::parse(&bytes).map_err(malformed)?;
            return self.reset(&reset);
        }
        if path == crate::SLOTS {
            let request = SlotRequest::parse(&bytes).map_err(malformed)?;
            return self.lend(&request);
        }
        if path == crate::DEBITS {
            let wish: Wish = body::parse(&String::from_utf8_lossy(&bytes))?;
            return reply::json(200, &self.debits(&wish.month)?);
        }
        let lease = LeaseRequest::parse(&bytes).map_err(malformed)?;
        if path == crate::RELAY {
            let name = request.headers().get(crate::OBJECT)?.unwrap_or_default();
            return Rc::clone(&self.relaying).answer(name, &lease).await;
        }
        reply::text(200, "application/json", self.grant(&lease)?)
    }

    // No await in these three: decision and rows are one step.

    /// Decides, writes, and only then says what was granted.
    fn grant(&self, request: &LeaseRequest) -> Outcome<String> {
        let granting = self.state()?.borrow_mut().grant(request, clock::now());
        self.rows.persist(&granting.persist)?;
        Ok(serde_json::to_string(&granting.reply)?)
    }

    fn reset(&self, request: &ResetRequest) -> Outcome<Response> {
        let persist = self.state()?.borrow_mut().reset(request, clock::now());
        self.rows.persist(&persist)?;
        Ok(Response::empty()?.with_status(204))
    }

    /// What subscriptions were debited in a month: what is summed up, and what the counters' rows still have.
    fn debits(&self, month: &str) -> Outcome<BTreeMap<String, i64>> {
        let mut debits = self.rows.debits(month)?;
        for (key, units) in self.state()?.borrow().debited_in(month) {
            let sum = debits.entry(key.to_string()).or_default();
            *sum = sum.saturating_add(units);
        }
        Ok(debits)
    }

    /// Of the state, only the rows: an object lends slots seldom, and one that was evicted lends no more for it.
    fn lend(&self, request: &SlotRequest) -> Outcome<Response> {
        let now = clock::now();
        let mut slots = self.rows.slots(&request.key)?;
        let lent = slots.lend(request, now);
        self.rows.keep_slots(&request.key, &slots)?;
        reply::json(200, &lent)
    }

    fn state(&self) -> Outcome<&RefCell<LimitShardState>> {
        self.state.as_ref().map_err(|reason| {
            worker::console_error!("limits closed: {reason}");
            Failure::code("503")
        })
    }
}

/// Body of `POST /debits`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    month: String,
}

#[expect(clippy::needless_pass_by_value, reason = "the signature of `map_err`")]
fn malformed(fault: Malformed) -> Failure {
    Failure::because("400", fault.to_string())
}

/// 32 asks and 64 returns of the longest keys are 35 KB.
const BODY_LIMIT: usize = 64 * 1024;
