//! Parts of an answer, as a store gives them: sums by cell, which add up over stores and spans of time.
//!
//! A part travels as a line: fields with a control letter between them that no value has, so that SQL can write it and
//! nothing in between has to read it.

use std::collections::BTreeMap;

use model::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Counts, ErrorType, Level, Names, Query, Rows, Series, Sketch, Step};

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
        parts.add_lines(lines, query)?;
        Ok(parts)
    }

    /// Adds up lines that are about the same cells, so that there is one for each.
    ///
    /// # Errors
    /// [`UnreadablePart`] for what no store writes.
    pub fn merge_lines(text: &str, query: &Query) -> Result<String, UnreadablePart> {
        let mut parts = Self::default();
        parts.add_lines(text.split('\n'), query)?;
        let mut merged = String::new();
        for (cell, mut sums) in parts.cells {
            write_line(&mut merged, &cell, &mut sums);
        }
        Ok(merged)
    }

    fn add_lines<'a>(
        &mut self,
        lines: impl Iterator<Item = &'a str>,
        query: &Query,
    ) -> Result<(), UnreadablePart> {
        for line in lines.filter(|line| !line.is_empty()) {
            let (cell, sums) = read_line(line, query.group_by.len())?;
            self.cells.entry(cell).or_default().merge(&sums);
        }
        Ok(())
    }

    /// The parts of rows in memory: what every store is measured by.
    #[must_use]
    pub fn of_rows(rows: &Rows, query: &Query) -> Self {
        let spans = query.spans().unwrap_or_default();
        let mut parts = Self::default();
        for ((_, series), times) in rows
            .iter()
            .filter(|((level, series), _)| *level == Level::Full && query.filter.passes(series))
        {
            let values = |at: Option<Timestamp>| Cell {
                at,
                values: query.group_by.iter().map(|it| series.value(*it)).collect(),
            };
            for ((step, start), sums) in times {
                if spans.iter().any(|span| span.holds(*step, *start)) {
                    let cell = values(query.granularity.start_of(*start));
                    parts.cells.entry(cell).or_default().merge(sums);
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
    /// Tells by what its series is how the calls ended that were counted.
    pub(crate) fn tell(&mut self, series: &Series) {
        let requests = self.counts.requests;
        if series.status < 400 {
            self.successes = requests;
        }
        if series.error != 0 {
            let failures = match ErrorType::of(series.error) {
                ErrorType::Auth => &mut self.auth_failures,
                ErrorType::Throttled => &mut self.throttled,
                ErrorType::TargetConnectivity => &mut self.upstream_failures,
                ErrorType::GuardrailFault | ErrorType::Other => &mut self.other_failures,
            };
            *failures = requests;
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
    for number in NUMBERS {
        *(number.place)(&mut sums) = next()?.parse().map_err(|_| UnreadablePart)?;
    }
    sums.counts.total = Sketch::decode_all(next()?).map_err(|_| UnreadablePart)?;
    sums.counts.upstream = Sketch::decode_all(next()?).map_err(|_| UnreadablePart)?;
    Ok((Cell { at, values }, sums))
}

/// What [`read_line`] reads.
fn write_line(text: &mut String, cell: &Cell, sums: &mut Sums) {
    if let Some(at) = cell.at {
        text.push_str(&at.0.to_string());
    }
    for value in &cell.values {
        text.push(SEPARATOR);
        text.push_str(value);
    }
    for number in NUMBERS {
        text.push(SEPARATOR);
        text.push_str(&(number.place)(sums).to_string());
    }
    for sketch in [&sums.counts.total, &sums.counts.upstream] {
        text.push(SEPARATOR);
        if sketch.count() > 0 {
            text.push_str(&sketch.encode());
        }
    }
    text.push('\n');
}

/// A number that is added up.
pub(crate) struct Number {
    /// Column of a row of a full series.
    pub(crate) column: &'static str,
    /// Of which full series `s` only; empty for all.
    pub(crate) only: &'static str,
    /// Column of a row of a coarser series.
    pub(crate) coarse: &'static str,
    /// Where it goes.
    pub(crate) place: fn(&mut Sums) -> &mut u64,
}

/// What is added up, in the order of a line.
pub(crate) const NUMBERS: [Number; 15] = [
    Number::all("requests", |it| &mut it.counts.requests),
    Number::of("successes", "s.status < 400", |it| &mut it.successes),
    Number::of("auth_failures", "s.kind = 'AUTH'", |it| {
        &mut it.auth_failures
    }),
    Number::of("throttled", "s.kind = 'THROTTLED'", |it| &mut it.throttled),
    Number::of(
        "upstream_failures",
        "s.kind = 'TARGET_CONNECTIVITY'",
        |it| &mut it.upstream_failures,
    ),
    Number::of(
        "other_failures",
        "s.kind IN ('OTHER', 'GUARDRAIL_FAULT')",
        |it| &mut it.other_failures,
    ),
    Number::all("request_bytes", |it| &mut it.counts.request_bytes),
    Number::all("response_bytes", |it| &mut it.counts.response_bytes),
    Number::all("counter_calls", |it| &mut it.counts.counter_calls),
    Number::all("retries", |it| &mut it.counts.retries),
    Number::all("wait_ms", |it| &mut it.counts.wait_ms),
    Number::all("cache_hits", |it| &mut it.counts.cache_hits),
    Number::all("cache_misses", |it| &mut it.counts.cache_misses),
    Number::all("total_ms", |it| &mut it.counts.total_ms),
    Number::all("upstream_ms", |it| &mut it.counts.upstream_ms),
];

impl Number {
    const fn all(column: &'static str, place: fn(&mut Sums) -> &mut u64) -> Self {
        Self {
            column,
            only: "",
            coarse: column,
            place,
        }
    }

    const fn of(
        coarse: &'static str,
        only: &'static str,
        place: fn(&mut Sums) -> &mut u64,
    ) -> Self {
        Self {
            column: "requests",
            only,
            coarse,
            place,
        }
    }
}

/// Unit separator.
pub(crate) const SEPARATOR: char = '\u{1f}';

impl crate::Span {
    /// Is a row of this length and start meant?
    #[must_use]
    pub fn holds(self, step: Step, start: Timestamp) -> bool {
        self.step == step && self.from <= start && start < self.to
    }
}
