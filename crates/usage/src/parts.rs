//! Parts of an answer, as a store gives them: sums by cell, which add up over stores and spans of time.
//!
//! A part travels as a line: fields with a control letter between them that no value has, so that SQL can write it and
//! nothing in between has to read it.

use std::collections::BTreeMap;

use model::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Counts, ErrorType, Names, Query, Rows, Series, Sketch, Step};

/// What a row of the answer stands for.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cell {
    /// Start of its time; `None` for the whole range.
    pub at: Option<Timestamp>,
    /// What it is in the dimensions of the question, in their order.
    pub values: Vec<String>,
}

/// Sums of a cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// What rows count.
    pub counts: Counts,
    /// Calls answered below 400.
    pub successes: u64,
    /// Faults of the caller's credential, subscription or scope.
    pub auth_failures: u64,
    /// Calls beyond a limit, or blocked.
    pub throttled: u64,
    /// The upstream could not be reached, or broke off.
    pub upstream_failures: u64,
    /// Other faults of the gateway.
    pub other_failures: u64,
}

/// What a store says besides its lines.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Preface {
    /// Names of what its cells may be about.
    pub names: Names,
    /// When the newest event in it came.
    pub newest: Option<Timestamp>,
}

/// Sums by cell.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parts {
    /// By cell.
    pub cells: BTreeMap<Cell, Sums>,
    /// Names of what they are about.
    pub names: Names,
    /// When the newest event came, that the store has.
    pub newest: Option<Timestamp>,
}

/// Text that is no part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnreadablePart;

impl std::fmt::Display for UnreadablePart {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a part of the answer cannot be read")
    }
}

impl std::error::Error for UnreadablePart {}

impl Parts {
    /// Reads what a store says: its preface, and then a line for each part.
    ///
    /// # Errors
    /// [`UnreadablePart`] for what no store writes.
    pub fn read(text: &str, query: &Query) -> Result<Self, UnreadablePart> {
        let mut lines = text.split('\n');
        let preface = lines.next().unwrap_or_default();
        let preface: Preface = serde_json::from_str(preface).map_err(|_| UnreadablePart)?;
        let mut parts = Self {
            names: preface.names,
            newest: preface.newest,
            ..Self::default()
        };
        for line in lines.filter(|line| !line.is_empty()) {
            let (cell, sums) = read_line(line, query.group_by.len())?;
            parts.cells.entry(cell).or_default().merge(&sums);
        }
        Ok(parts)
    }

    /// The parts of rows in memory: what every store is measured by.
    #[must_use]
    pub fn of_rows(rows: &Rows, query: &Query) -> Self {
        let spans = query.spans().unwrap_or_default();
        let mut parts = Self::default();
        for (series, times) in rows
            .iter()
            .filter(|(series, _)| query.filter.passes(series))
        {
            let values = |at: Option<Timestamp>| Cell {
                at,
                values: query.group_by.iter().map(|it| series.value(*it)).collect(),
            };
            for ((step, start), counts) in times {
                if spans.iter().any(|span| span.holds(*step, *start)) {
                    let cell = values(query.granularity.start_of(*start));
                    parts.cells.entry(cell).or_default().add(series, counts);
                }
            }
        }
        parts
    }

    /// Adds the parts of another store, or of another time.
    pub fn merge(&mut self, other: Self) {
        for (cell, sums) in other.cells {
            self.cells.entry(cell).or_default().merge(&sums);
        }
        self.names.apis.extend(other.names.apis);
        self.names.applications.extend(other.names.applications);
        self.newest = self.newest.max(other.newest);
    }
}

impl Sums {
    /// Adds a row.
    pub fn add(&mut self, series: &Series, counts: &Counts) {
        self.counts.merge(counts);
        let add = |sum: &mut u64| *sum = sum.saturating_add(counts.requests);
        if series.status < 400 {
            add(&mut self.successes);
        }
        if series.error != 0 {
            add(match ErrorType::of(series.error) {
                ErrorType::Auth => &mut self.auth_failures,
                ErrorType::Throttled => &mut self.throttled,
                ErrorType::TargetConnectivity => &mut self.upstream_failures,
                ErrorType::GuardrailFault | ErrorType::Other => &mut self.other_failures,
            });
        }
    }

    /// Adds other sums.
    pub fn merge(&mut self, other: &Self) {
        self.counts.merge(&other.counts);
        for (sum, more) in [
            (&mut self.successes, other.successes),
            (&mut self.auth_failures, other.auth_failures),
            (&mut self.throttled, other.throttled),
            (&mut self.upstream_failures, other.upstream_failures),
            (&mut self.other_failures, other.other_failures),
        ] {
            *sum = sum.saturating_add(more);
        }
    }
}

/// The line's fields: start, a value for each dimension, the [`NUMBERS`], and the two sketches.
fn read_line(line: &str, dimensions: usize) -> Result<(Cell, Sums), UnreadablePart> {
    let mut fields = line.split(SEPARATOR);
    let mut next = || fields.next().ok_or(UnreadablePart);
    let at = match next()? {
        "" => None,
        text => Some(Timestamp(text.parse().map_err(|_| UnreadablePart)?)),
    };
    let mut values = Vec::with_capacity(dimensions);
    for _ in 0..dimensions {
        values.push(next()?.to_owned());
    }
    let mut sums = Sums::default();
    for (_, place) in NUMBERS {
        *place(&mut sums) = next()?.parse().map_err(|_| UnreadablePart)?;
    }
    sums.counts.total = Sketch::decode_all(next()?).map_err(|_| UnreadablePart)?;
    sums.counts.upstream = Sketch::decode_all(next()?).map_err(|_| UnreadablePart)?;
    Ok((Cell { at, values }, sums))
}

/// Where a number goes.
type Place = fn(&mut Sums) -> &mut u64;

/// What is added up, in the order of a line: how SQL writes it over `s` (a series) and `r` (a row), and where it goes.
pub(crate) const NUMBERS: [(&str, Place); 15] = [
    ("r.requests", |it| &mut it.counts.requests),
    ("iif(s.status < 400, r.requests, 0)", |it| &mut it.successes),
    ("iif(s.kind = 'AUTH', r.requests, 0)", |it| {
        &mut it.auth_failures
    }),
    ("iif(s.kind = 'THROTTLED', r.requests, 0)", |it| {
        &mut it.throttled
    }),
    ("iif(s.kind = 'TARGET_CONNECTIVITY', r.requests, 0)", |it| {
        &mut it.upstream_failures
    }),
    (
        "iif(s.kind IN ('OTHER', 'GUARDRAIL_FAULT'), r.requests, 0)",
        |it| &mut it.other_failures,
    ),
    ("r.request_bytes", |it| &mut it.counts.request_bytes),
    ("r.response_bytes", |it| &mut it.counts.response_bytes),
    ("r.counter_calls", |it| &mut it.counts.counter_calls),
    ("r.retries", |it| &mut it.counts.retries),
    ("r.wait_ms", |it| &mut it.counts.wait_ms),
    ("r.cache_hits", |it| &mut it.counts.cache_hits),
    ("r.cache_misses", |it| &mut it.counts.cache_misses),
    ("r.total_ms", |it| &mut it.counts.total_ms),
    ("r.upstream_ms", |it| &mut it.counts.upstream_ms),
];

/// Unit separator.
pub(crate) const SEPARATOR: char = '\u{1f}';

impl crate::Span {
    /// Is a row of this length and start meant?
    #[must_use]
    pub fn holds(self, step: Step, start: Timestamp) -> bool {
        self.step == step && self.from <= start && start < self.to
    }
}
