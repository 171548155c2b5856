//! A value with the moment at which it was fetched.

use std::rc::Rc;

use model::Timestamp;

use crate::{Need, decision::Stop};

#[derive(Clone, Debug)]
pub(crate) struct Held<T> {
    /// `None`: fetched, and not there.
    value: Option<Rc<T>>,
    fetched_at: Option<Timestamp>,
    /// When a refresh was last asked for, so that one request asks and not every one until the answer is there. A time
    /// and not a flag: the request that asked may never come back.
    asked_at: Option<Timestamp>,
}

impl<T> Default for Held<T> {
    fn default() -> Self {
        Self {
            value: None,
            fetched_at: None,
            asked_at: None,
        }
    }
}

impl<T> Held<T> {
    pub(crate) fn fetched(value: Option<Rc<T>>, now: Timestamp) -> Self {
        Self {
            value,
            fetched_at: Some(now),
            asked_at: None,
        }
    }

    /// The value, if one is there; what to fetch when nothing is known, or nothing that is young enough to rely on.
    pub(crate) fn known(
        &self,
        need: impl FnOnce() -> Need,
        freshness: Freshness,
        now: Timestamp,
    ) -> Result<Option<Rc<T>>, Stop> {
        match self.fetched_at {
            Some(at) if now.ms_since(at) < freshness.relied_on_ms => Ok(self.value.clone()),
            _ => Err(Stop::missing(need())),
        }
    }

    pub(crate) const fn value(&self) -> Option<&Rc<T>> {
        self.value.as_ref()
    }

    pub(crate) const fn fetched_at(&self) -> Option<Timestamp> {
        self.fetched_at
    }

    /// Says that it could not be fetched: what is known stays, and is not asked for again until it is stale again.
    pub(crate) fn keep(&mut self, now: Timestamp) {
        self.asked_at = None;
        if self.fetched_at.is_some() {
            self.fetched_at = Some(now);
        }
    }

    /// Was it asked for, and has there been no answer for longer than a call would wait? What was asked for long ago is
    /// another matter: whoever asked may be gone.
    pub(crate) fn is_overdue(&self, now: Timestamp) -> bool {
        self.asked_at
            .is_some_and(|at| (OVERDUE_MS..=LOST_MS).contains(&now.ms_since(at)))
    }

    /// Is it stale, and has nobody asked for it lately?
    pub(crate) fn should_refresh(&mut self, freshness: Freshness, now: Timestamp) -> bool {
        let stale = self
            .fetched_at
            .is_some_and(|at| now.ms_since(at) >= freshness.refresh_ms);
        let asked = self
            .asked_at
            .is_some_and(|at| now.ms_since(at) < ASK_AGAIN_MS);
        if stale && !asked {
            self.asked_at = Some(now);
            return true;
        }
        false
    }
}

/// How old a value may be before it is fetched anew, and before a call waits for that.
#[derive(Clone, Copy)]
pub(crate) struct Freshness {
    refresh_ms: i64,
    relied_on_ms: i64,
}

impl Freshness {
    /// Whatever there is serves, however old: it is not known when there will be something newer.
    pub(crate) const fn of_silence(self) -> Self {
        Self {
            relied_on_ms: i64::MAX,
            ..self
        }
    }

    /// While KV answers, values of two refresh intervals are relied on. When it failed lately, any: a call would only wait
    /// in vain, and once for each value.
    pub(crate) fn at(now: Timestamp, refresh_ms: i64, failed_at: Option<Timestamp>) -> Self {
        let relied_on_ms = if failed_at.is_some_and(|at| now.ms_since(at) < SILENT_FOR_MS) {
            i64::MAX
        } else {
            refresh_ms.saturating_mul(RELIED_ON)
        };
        Self {
            refresh_ms,
            relied_on_ms,
        }
    }
}

/// For how long a failure of KV counts. Values are fetched anew all the while, as long as nobody waits.
const SILENT_FOR_MS: i64 = 30_000;
/// For how many times the refresh interval a value is used while it is fetched anew. An isolate that slept longer asks
/// first, so that a deploy or a revocation is effective within two intervals everywhere.
const RELIED_ON: i64 = 2;
/// As long as a call waits for KV.
const OVERDUE_MS: i64 = 1_500;
/// Longer than anybody waits for KV.
const LOST_MS: i64 = 15_000;
/// Longer than a slow read of KV takes.
const ASK_AGAIN_MS: i64 = 5_000;
