//! A row of an answer: what it stands for, and its figures.

use std::collections::BTreeMap;

use model::{ApiId, ApplicationId};
use serde::{Deserialize, Serialize};

use crate::{Cell, Dimension, ErrorType, Names, Query, Sketch, Sums, answer::iso};

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
    /// Its class: `2xx`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_class: Option<String>,
    /// Fault code; absent when the upstream answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_code: Option<u32>,
    /// Its kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_type: Option<String>,
    /// Name of the plan; empty for calls without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan: Option<String>,
    /// `PRODUCTION` or `SANDBOX`; empty for calls without a key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_type: Option<String>,
    /// The gateway's environment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub environment: Option<String>,
    /// ISO 3166 code; empty when unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// Family of the program that called; empty when it said nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent: Option<String>,
    /// Name of the limit that refused; empty for calls that none refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<String>,
    /// What was counted.
    #[serde(flatten)]
    pub figures: Figures,
    /// The same of the range before, when it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous: Option<Figures>,
}

/// What was counted.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Figures {
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
    /// Further attempts to reach an upstream.
    pub retries: u64,
    /// Sum of what decisions waited for leases and configuration, in milliseconds.
    pub wait_ms: u64,
    /// Calls that the cache answered.
    pub cache_hits: u64,
    /// Calls that it could not answer.
    pub cache_misses: u64,
}

/// Milliseconds; absent when nothing was measured. Percentiles are within 2 %, the mean is exact.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
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
    /// Further percentiles that were asked for, by their number.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub percentiles: BTreeMap<String, f64>,
}

impl Row {
    /// A row with what it stands for, without figures.
    pub(crate) fn named(query: &Query, cell: &Cell, names: &Names) -> Self {
        let mut row = Self {
            at: cell.at.map(iso),
            ..Self::default()
        };
        for (dimension, value) in query.group_by.iter().zip(&cell.values) {
            row.tell(*dimension, value, names);
        }
        row
    }

    fn tell(&mut self, dimension: Dimension, value: &str, names: &Names) {
        let own = || Some(value.to_owned());
        match dimension {
            Dimension::Api => {
                let known = names.apis.get(&ApiId(value.to_owned()));
                self.api_name = known.map(|(name, _)| name.clone());
                self.api_version = known.map(|(_, version)| version.clone());
                self.api_id = own();
            }
            Dimension::Application => {
                let known = names.applications.get(&ApplicationId(value.to_owned()));
                self.application_name = known.cloned();
                self.application_id = own();
            }
            Dimension::Operation => {
                let (method, template) = match value.split_once(' ') {
                    Some((method, template)) => (method, Some(template.to_owned())),
                    None => (value, None),
                };
                self.method = Some(method.to_owned());
                self.template = template;
            }
            Dimension::Status => self.status = value.parse().ok(),
            Dimension::StatusClass => self.status_class = own(),
            Dimension::Error => {
                self.error_code = value.parse().ok().filter(|code| *code != 0);
                let kind = self.error_code.map(ErrorType::of);
                self.error_type = kind.map(|kind| kind.as_str().to_owned());
            }
            Dimension::ErrorType => self.error_type = own().filter(|kind| !kind.is_empty()),
            Dimension::Plan => self.plan = own(),
            Dimension::KeyType => self.key_type = own(),
            Dimension::Environment => self.environment = own(),
            Dimension::Country => self.country = own(),
            Dimension::Agent => self.agent = own(),
            Dimension::Limit => self.limit = own(),
        }
    }
}

impl Figures {
    /// The figures of sums.
    #[must_use]
    pub fn of(sums: &Sums, percentiles: &[f64]) -> Self {
        let counts = &sums.counts;
        Self {
            requests: counts.requests,
            successes: sums.successes,
            errors: counts.requests.saturating_sub(sums.successes),
            auth_failures: sums.auth_failures,
            throttled: sums.throttled,
            upstream_failures: sums.upstream_failures,
            other_failures: sums.other_failures,
            latency: Latency::of(&counts.total, counts.total_ms, percentiles),
            upstream_latency: Latency::of(&counts.upstream, counts.upstream_ms, percentiles),
            request_bytes: counts.request_bytes,
            response_bytes: counts.response_bytes,
            counter_calls: counts.counter_calls,
            retries: counts.retries,
            wait_ms: counts.wait_ms,
            cache_hits: counts.cache_hits,
            cache_misses: counts.cache_misses,
        }
    }
}

impl Latency {
    fn of(sketch: &Sketch, sum_ms: u64, percentiles: &[f64]) -> Self {
        let quantile = |fraction| sketch.quantile(fraction).map(two_places);
        let count = sketch.count();
        let more = percentiles
            .iter()
            .filter_map(|it| Some((it.to_string(), quantile(it / 100.0)?)));
        Self {
            p50: quantile(0.5),
            p95: quantile(0.95),
            p99: quantile(0.99),
            mean: (count > 0).then(|| two_places(sum_ms as f64 / count as f64)),
            percentiles: more.collect(),
        }
    }
}

fn two_places(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}
