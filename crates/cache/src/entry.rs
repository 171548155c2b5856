//! One answer that is kept.

use std::rc::Rc;

use model::Fields;

use crate::{asking::Asking, directives::Directives, storing::Terms};

/// An answer with the terms on which it is kept.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) status: u16,
    pub(crate) headers: Fields,
    pub(crate) body: Rc<[u8]>,
    pub(crate) terms: Terms,
    /// What the requests must have said alike: names of headers, and their values in the request that led to the answer.
    vary: Vec<(String, Option<String>)>,
    /// When it came, in seconds.
    pub(crate) came_at: i64,
    /// Somebody has been sent to ask again; until then, in seconds, others are answered with what is kept.
    pub(crate) asked_until: i64,
    /// When it was last of use, in an order of its own.
    pub(crate) used: u64,
}

/// What a stored answer is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fitness {
    /// Answer with it.
    Good,
    /// Answer with it although it is stale: somebody is asking already.
    GoodMeanwhile,
    /// Ask upstream whether it still holds.
    Stale,
    /// Its request does not want it.
    Unwanted,
}

impl Entry {
    pub(crate) fn new(asking: &Asking<'_>, head: (u16, Fields), terms: Terms, now: i64) -> Self {
        let (status, mut headers) = head;
        let vary = varying(&headers)
            .map(|name| {
                let value = joined(asking.headers, &name);
                (name, value)
            })
            .collect();
        // Both are told anew with each answer.
        headers.remove("age");
        headers.remove("content-length");
        // What is kept is what was read, and that is decoded.
        headers.remove("content-encoding");
        Self {
            status,
            headers,
            body: Rc::from([]),
            terms,
            vary,
            came_at: now,
            asked_until: 0,
            used: 0,
        }
    }

    /// Does the answer hold for this request as for the one that led to it?
    pub(crate) fn selects(&self, asking: &Asking<'_>) -> bool {
        self.vary
            .iter()
            .all(|(name, value)| joined(asking.headers, name) == *value)
    }

    /// Two answers that the same requests select.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        self.vary == other.vary
    }

    /// Seconds since the upstream, or whoever stands before it, made it.
    pub(crate) fn age(&self, now: i64) -> i64 {
        self.terms.initial_age + (now - self.came_at).max(0)
    }

    /// Seconds for which it is still fresh; negative for how long it is stale.
    pub(crate) fn left(&self, now: i64) -> i64 {
        self.terms.lifetime - self.age(now)
    }

    /// What it is good for now, for a request that says this.
    pub(crate) fn fitness(&self, request: &Directives, now: i64) -> Fitness {
        let left = self.left(now);
        if request.no_cache || request.max_age.is_some_and(|most| self.age(now) > most) {
            return Fitness::Unwanted;
        }
        if request.min_fresh.is_some_and(|least| left < least) {
            return Fitness::Unwanted;
        }
        if left > 0 && !self.terms.is_always_asked {
            return Fitness::Good;
        }
        let late = -left;
        if self.terms.is_strict {
            return Fitness::Stale;
        }
        if request.max_stale.is_some_and(|most| late <= most) {
            return Fitness::Good;
        }
        if late <= self.terms.stale_while_revalidate && now < self.asked_until {
            return Fitness::GoodMeanwhile;
        }
        Fitness::Stale
    }

    /// May it answer because the upstream cannot?
    pub(crate) fn mends(&self, request: &Directives, now: i64) -> bool {
        let allowed = self
            .terms
            .stale_if_error
            .max(request.stale_if_error.unwrap_or(0));
        !self.terms.is_strict && !request.no_cache && -self.left(now) <= allowed
    }

    /// Bytes that it takes, more or less.
    pub(crate) fn weight(&self) -> usize {
        let headers: usize = self
            .headers
            .iter()
            .map(|(name, value)| name.len() + value.len() + PER_FIELD)
            .sum();
        self.body.len() + headers + PER_ENTRY
    }
}

/// Names of headers that an answer differs by. Credentials are no reason: their owner has a place of their own.
fn varying(headers: &Fields) -> impl Iterator<Item = String> {
    headers
        .all("vary")
        .flat_map(|field| field.split(','))
        .map(|name| name.trim().to_ascii_lowercase())
        .filter(|name| !name.is_empty())
}

fn joined(headers: &Fields, name: &str) -> Option<String> {
    let values: Vec<&str> = headers.all(name).map(str::trim).collect();
    (!values.is_empty()).then(|| values.join(","))
}

/// Two texts and their place.
const PER_FIELD: usize = 64;
const PER_ENTRY: usize = 512;
