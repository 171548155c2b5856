//! Events added up: rows of a minute and of an hour, each for one API, application, operation, status and fault code.

use std::collections::BTreeMap;

use model::{ApiId, ApplicationId, Timestamp};

use crate::{Event, Sketch, Step};

/// What a row counts. Absent ids are empty: a call that was refused before its API or application was known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowKey {
    /// Minute or hour.
    pub step: Step,
    /// First millisecond of it.
    pub start: Timestamp,
    /// The API.
    pub api: ApiId,
    /// The application.
    pub application: ApplicationId,
    /// Method and template, for example `GET /pet/{petId}`; only the method when no operation was matched.
    pub operation: String,
    /// Status that clients got.
    pub status: u16,
    /// Fault code; 0 when the upstream answered.
    pub error: u32,
}

/// Sums of a row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Calls.
    pub requests: u64,
    /// Bytes in, as far as known.
    pub request_bytes: u64,
    /// Bytes out, as far as known.
    pub response_bytes: u64,
    /// Calls to counters' owners.
    pub counter_calls: u64,
    /// Sum of the latencies, in milliseconds.
    pub total_ms: u64,
    /// Latencies.
    pub total: Sketch,
    /// Sum of the upstream's part, in milliseconds.
    pub upstream_ms: u64,
    /// The upstream's part.
    pub upstream: Sketch,
}

impl Counts {
    /// Counts one event.
    pub fn add(&mut self, event: &Event) {
        self.requests = self.requests.saturating_add(1);
        let bytes = |known: Option<u64>| known.unwrap_or_default();
        self.request_bytes = self
            .request_bytes
            .saturating_add(bytes(event.request_bytes));
        self.response_bytes = self
            .response_bytes
            .saturating_add(bytes(event.response_bytes));
        self.counter_calls = self
            .counter_calls
            .saturating_add(u64::from(event.counter_calls));
        self.total_ms = self.total_ms.saturating_add(u64::from(event.total_ms));
        self.total.add(event.total_ms);
        if let Some(upstream_ms) = event.upstream_ms {
            self.upstream_ms = self.upstream_ms.saturating_add(u64::from(upstream_ms));
            self.upstream.add(upstream_ms);
        }
    }

    /// Counts everything that `other` counted.
    pub fn merge(&mut self, other: &Self) {
        self.requests = self.requests.saturating_add(other.requests);
        self.request_bytes = self.request_bytes.saturating_add(other.request_bytes);
        self.response_bytes = self.response_bytes.saturating_add(other.response_bytes);
        self.counter_calls = self.counter_calls.saturating_add(other.counter_calls);
        self.total_ms = self.total_ms.saturating_add(other.total_ms);
        self.upstream_ms = self.upstream_ms.saturating_add(other.upstream_ms);
        self.total.merge(&other.total);
        self.upstream.merge(&other.upstream);
    }
}

/// Adds events up into rows of a minute and rows of an hour.
#[must_use]
pub fn roll_up(events: &[Event]) -> BTreeMap<RowKey, Counts> {
    let mut rows: BTreeMap<RowKey, Counts> = BTreeMap::new();
    for event in events {
        for step in [Step::Minute, Step::Hour] {
            rows.entry(key_of(event, step)).or_default().add(event);
        }
    }
    rows
}

fn key_of(event: &Event, step: Step) -> RowKey {
    let operation = match &event.template {
        Some(template) => format!("{} {template}", event.method),
        None => event.method.clone(),
    };
    RowKey {
        step,
        start: step.start_of(event.at),
        api: event
            .api
            .as_ref()
            .map(|api| api.id.clone())
            .unwrap_or_default(),
        application: event
            .application
            .as_ref()
            .map(|found| found.id.clone())
            .unwrap_or_default(),
        operation,
        status: event.status,
        error: event.fault.as_ref().map_or(0, |fault| fault.code),
    }
}
