//! Answers: stored rows, added up by what the question tells apart. Field names are those of `api/analytics.yaml`.

use std::collections::BTreeMap;

use chrono::{DateTime, SecondsFormat};
use model::{ApiId, ApplicationId, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{Counts, Dimension, ErrorType, Granularity, Query, RowKey, Sketch};

/// A row as the store has it.
pub type StoredRow = (RowKey, Counts);

/// What the question asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    /// ISO 8601: the first moment counted.
    pub from: String,
    /// ISO 8601: the first moment not counted.
    pub to: String,
    /// Length of a row's time.
    pub granularity: Granularity,
    /// What rows are told apart by.
    pub group_by: Vec<Dimension>,
    /// Number of rows.
    pub count: usize,
    /// Rows, the oldest first, and within a time those with the most requests first.
    pub list: Vec<Row>,
}

/// One cell: a time and what it is grouped by. Fields of dimensions that were not asked for are absent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Row {
    /// ISO 8601: start of the time; absent for the whole range.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// The API; empty for calls that met none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api_id: Option<String>,
    /// Its name, if known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api_name: Option<String>,
    /// Its version, if known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api_version: Option<String>,
    /// The application; empty for calls without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub application_id: Option<String>,
    /// Its name, if known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub application_name: Option<String>,
    /// Upper-case method.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// Path template; absent for calls that met no operation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
    /// The status that clients got.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Fault code; absent when the upstream answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_code: Option<u32>,
    /// Its kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_type: Option<ErrorType>,
    /// Calls, whatever their outcome.
    pub requests: u64,
    /// Calls answered below 400.
    pub successes: u64,
    /// Calls answered with 400 and above.
    pub errors: u64,
    /// Faults of the caller's credential, subscription or scope.
    pub auth_failures: u64,
    /// Calls beyond a limit, or blocked.
    pub throttled: u64,
    /// The upstream could not be reached, or broke off.
    pub upstream_failures: u64,
    /// Other faults of the gateway.
    pub other_failures: u64,
    /// Milliseconds from arrival to the head of the answer.
    pub latency: Latency,
    /// The upstream's part of it, over the calls that reached it.
    pub upstream_latency: Latency,
    /// Bytes in, as far as known.
    pub request_bytes: u64,
    /// Bytes out, as far as known.
    pub response_bytes: u64,
    /// Calls to counters' owners that the requests made.
    pub counter_calls: u64,
}

/// Milliseconds; absent when nothing was measured. Percentiles are within 2 %, the mean is exact.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Latency {
    /// Half are faster.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p50: Option<f64>,
    /// 95 of 100 are faster.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p95: Option<f64>,
    /// 99 of 100 are faster.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p99: Option<f64>,
    /// Sum over count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mean: Option<f64>,
}

/// Names of what ids stand for, as the last event about them said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// Name and version by id.
    pub apis: BTreeMap<ApiId, (String, String)>,
    /// Name by id.
    pub applications: BTreeMap<ApplicationId, String>,
}

/// Adds stored rows up into the answer. The rows are those of [`Query::spans`] that pass the filter.
#[must_use]
pub fn summarize(
    query: &Query,
    rows: impl IntoIterator<Item = StoredRow>,
    names: &Names,
) -> Answer {
    let mut cells: BTreeMap<Cell, Sums> = BTreeMap::new();
    for (key, counts) in rows {
        cells
            .entry(Cell::of(query, &key))
            .or_default()
            .add(&key, &counts);
    }
    let mut found: Vec<(Cell, Sums)> = cells.into_iter().collect();
    found.sort_by(|(left, a), (right, b)| {
        left.at
            .cmp(&right.at)
            .then(b.counts.requests.cmp(&a.counts.requests))
    });
    let list: Vec<Row> = found
        .into_iter()
        .map(|(cell, sums)| sums.row(cell, names))
        .collect();
    let (from, to) = query.range();
    Answer {
        from: iso(from),
        to: iso(to),
        granularity: query.granularity,
        group_by: query.group_by.clone(),
        count: list.len(),
        list,
    }
}

/// What a row of the answer stands for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Cell {
    at: Option<Timestamp>,
    api: Option<ApiId>,
    application: Option<ApplicationId>,
    operation: Option<String>,
    status: Option<u16>,
    error: Option<u32>,
}

impl Cell {
    fn of(query: &Query, key: &RowKey) -> Self {
        let by = |dimension: Dimension| query.group_by.contains(&dimension);
        Self {
            at: query.granularity.start_of(key.start),
            api: by(Dimension::Api).then(|| key.api.clone()),
            application: by(Dimension::Application).then(|| key.application.clone()),
            operation: by(Dimension::Operation).then(|| key.operation.clone()),
            status: by(Dimension::Status).then_some(key.status),
            error: by(Dimension::Error).then_some(key.error),
        }
    }
}

#[derive(Clone, Debug, Default)]
struct Sums {
    counts: Counts,
    successes: u64,
    faults: BTreeMap<ErrorType, u64>,
}

impl Sums {
    fn add(&mut self, key: &RowKey, counts: &Counts) {
        self.counts.merge(counts);
        if key.status < 400 {
            self.successes = self.successes.saturating_add(counts.requests);
        }
        if key.error != 0 {
            let sum = self.faults.entry(ErrorType::of(key.error)).or_default();
            *sum = sum.saturating_add(counts.requests);
        }
    }

    fn row(self, cell: Cell, names: &Names) -> Row {
        let faults = |kind: ErrorType| self.faults.get(&kind).copied().unwrap_or_default();
        let counts = &self.counts;
        let mut row = Row {
            at: cell.at.map(iso),
            status: cell.status,
            error_code: cell.error.filter(|code| *code != 0),
            error_type: cell.error.filter(|code| *code != 0).map(ErrorType::of),
            requests: counts.requests,
            successes: self.successes,
            errors: counts.requests.saturating_sub(self.successes),
            auth_failures: faults(ErrorType::Auth),
            throttled: faults(ErrorType::Throttled),
            upstream_failures: faults(ErrorType::TargetConnectivity),
            other_failures: faults(ErrorType::Other) + faults(ErrorType::GuardrailFault),
            latency: Latency::of(&counts.total, counts.total_ms),
            upstream_latency: Latency::of(&counts.upstream, counts.upstream_ms),
            request_bytes: counts.request_bytes,
            response_bytes: counts.response_bytes,
            counter_calls: counts.counter_calls,
            ..Row::default()
        };
        row.name(cell, names);
        row
    }
}

impl Row {
    fn name(&mut self, cell: Cell, names: &Names) {
        if let Some(api) = cell.api {
            let known = names.apis.get(&api);
            self.api_name = known.map(|(name, _)| name.clone());
            self.api_version = known.map(|(_, version)| version.clone());
            self.api_id = Some(api.0);
        }
        if let Some(application) = cell.application {
            self.application_name = names.applications.get(&application).cloned();
            self.application_id = Some(application.0);
        }
        if let Some(operation) = cell.operation {
            match operation.split_once(' ') {
                Some((method, template)) => {
                    self.method = Some(method.to_owned());
                    self.template = Some(template.to_owned());
                }
                None => self.method = Some(operation),
            }
        }
    }
}

impl Latency {
    fn of(sketch: &Sketch, sum_ms: u64) -> Self {
        let quantile = |fraction| sketch.quantile(fraction).map(two_places);
        let count = sketch.count();
        Self {
            p50: quantile(0.5),
            p95: quantile(0.95),
            p99: quantile(0.99),
            mean: (count > 0).then(|| two_places(sum_ms as f64 / count as f64)),
        }
    }
}

fn two_places(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

fn iso(moment: Timestamp) -> String {
    DateTime::from_timestamp_millis(moment.0).map_or_else(String::new, |date| {
        date.to_rfc3339_opts(SecondsFormat::Millis, true)
    })
}
