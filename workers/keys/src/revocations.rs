//! What was taken back, as this isolate holds it for introspection, so that most answers need no database.
//!
//! After a change of this isolate's own it is read anew; changes of others are seen when the database is asked whether
//! there are any, at the latest [`FRESH_MS`] after they were written.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use model::{Revocations, Timestamp};
use runtime::{
    Outcome,
    db::{Statement, sql},
};
use serde::Deserialize;

use crate::{call::Call, trust};

/// The revocations with the version of `trust` that they are.
pub(crate) struct Held {
    version: i64,
    read_at: Timestamp,
    pub(crate) revocations: Rc<Revocations>,
}

/// What this isolate holds, if it may still be used without a question.
pub(crate) fn fresh(now: Timestamp) -> Option<Rc<Held>> {
    let held = HELD.with_borrow(Clone::clone);
    held.filter(|held| is_fresh(held.read_at, now))
}

/// May something that was read then be used now? A request that began while another one read may use what it has read.
pub(crate) fn is_fresh(read_at: Timestamp, now: Timestamp) -> bool {
    now.ms_since(read_at).abs() < FRESH_MS
}

/// Asks for the [`Version`] of what the database has.
pub(crate) fn version() -> Statement {
    sql("SELECT coalesce((SELECT version FROM publication WHERE pointer = 'trust'), 0) AS version")
}

/// Which version of `trust` the database has.
#[derive(Deserialize)]
pub(crate) struct Version {
    version: i64,
}

/// What is taken back by now: as held, or as the database has it where it has moved on. `found` is what [`version`] has
/// given, where it was asked in this request.
pub(crate) async fn current(call: &Call, found: Option<Version>) -> Outcome<Rc<Held>> {
    if let Some(held) = fresh(call.now) {
        return Ok(held);
    }
    let epoch = EPOCH.get();
    let found = match found {
        Some(found) => Some(found),
        None => call.db.first(version()).await?,
    };
    let held = HELD.with_borrow(Clone::clone);
    let same = held.filter(|held| found.is_some_and(|found| found.version == held.version));
    let (version, revocations) = match same {
        Some(held) => (held.version, Rc::clone(&held.revocations)),
        None => {
            let (version, revocations) = trust::revocations(&call.db, call.now).await?;
            (version, Rc::new(revocations))
        }
    };
    let held = Rc::new(Held {
        version,
        read_at: call.now,
        revocations,
    });
    // What was taken back while this was read may be missing in it.
    if EPOCH.get() == epoch {
        HELD.set(Some(Rc::clone(&held)));
    }
    Ok(held)
}

/// A count of this isolate's own changes.
pub(crate) fn epoch() -> u64 {
    EPOCH.get()
}

/// After a change: what was read before is used no more.
pub(crate) fn forget() {
    EPOCH.set(EPOCH.get().wrapping_add(1));
    HELD.set(None);
}

thread_local! {
    static HELD: RefCell<Option<Rc<Held>>> = const { RefCell::new(None) };
    static EPOCH: Cell<u64> = const { Cell::new(0) };
}

/// A second: what introspection may lag behind another isolate's change; gateways lag more.
const FRESH_MS: i64 = 1_000;
