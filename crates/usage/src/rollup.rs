//! Events added up: rows of a minute, an hour and a day, in each series.

use std::collections::BTreeMap;

use model::Timestamp;

use crate::{Event, Level, Series, Sketch, Step, Sums};

/// Rows by series of each level, length and start.
pub type Rows = BTreeMap<(Level, Series), BTreeMap<(Step, Timestamp), Sums>>;

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
    /// Further attempts to reach an upstream.
    pub retries: u64,
    /// Sum of what decisions waited for leases and configuration, in milliseconds.
    pub wait_ms: u64,
    /// Calls that the cache answered.
    pub cache_hits: u64,
    /// Calls that it could not answer.
    pub cache_misses: u64,
    /// Sum of the latencies, in milliseconds.
    pub total_ms: u64,
    /// Sum of the upstream's part, in milliseconds.
    pub upstream_ms: u64,
    /// Latencies.
    pub total: Sketch,
    /// The upstream's part.
    pub upstream: Sketch,
}

impl Counts {
    /// Counts one event.
    pub fn add(&mut self, event: &Event) {
        let add = |sum: &mut u64, more: u64| *sum = sum.saturating_add(more);
        let is_hit = event.details.cache.map(crate::CacheState::is_hit);
        add(&mut self.requests, 1);
        add(
            &mut self.request_bytes,
            event.request_bytes.unwrap_or_default(),
        );
        add(
            &mut self.response_bytes,
            event.response_bytes.unwrap_or_default(),
        );
        add(&mut self.counter_calls, u64::from(event.counter_calls));
        add(&mut self.retries, u64::from(event.details.retries));
        add(&mut self.wait_ms, u64::from(event.details.wait_ms));
        add(&mut self.cache_hits, u64::from(is_hit == Some(true)));
        add(&mut self.cache_misses, u64::from(is_hit == Some(false)));
        add(&mut self.total_ms, u64::from(event.total_ms));
        self.total.add(event.total_ms);
        if let Some(upstream_ms) = event.upstream_ms {
            add(&mut self.upstream_ms, u64::from(upstream_ms));
            self.upstream.add(upstream_ms);
        }
    }

    /// Counts everything that `other` counted.
    pub fn merge(&mut self, other: &Self) {
        for (sum, more) in [
            (&mut self.requests, other.requests),
            (&mut self.request_bytes, other.request_bytes),
            (&mut self.response_bytes, other.response_bytes),
            (&mut self.counter_calls, other.counter_calls),
            (&mut self.retries, other.retries),
            (&mut self.wait_ms, other.wait_ms),
            (&mut self.cache_hits, other.cache_hits),
            (&mut self.cache_misses, other.cache_misses),
            (&mut self.total_ms, other.total_ms),
            (&mut self.upstream_ms, other.upstream_ms),
        ] {
            *sum = sum.saturating_add(more);
        }
        self.total.merge(&other.total);
        self.upstream.merge(&other.upstream);
    }
}

/// Adds events up into rows of all lengths, in the full series and in the coarser ones.
#[must_use]
pub fn roll_up(events: &[Event]) -> Rows {
    let mut full = Rows::new();
    for event in events {
        let series = full.entry((Level::Full, Series::of(event))).or_default();
        for step in Step::ALL {
            let start = step.start_of(event.at);
            series.entry((step, start)).or_default().counts.add(event);
        }
    }
    let mut rows = Rows::new();
    for ((_, series), times) in &mut full {
        times.values_mut().for_each(|sums| sums.tell(series));
        for level in Level::COARSE {
            let coarse = rows.entry((level, level.series(series))).or_default();
            for (time, sums) in times.iter() {
                coarse.entry(*time).or_default().merge(sums);
            }
        }
    }
    rows.append(&mut full);
    rows
}
