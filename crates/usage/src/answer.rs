//! Answers: parts, ranked and named. Field names are those of `api/analytics.yaml`.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, SecondsFormat};
use model::{ApiId, ApplicationId, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{Cell, Dimension, Figures, Granularity, Parts, Query, Rank, Row, Sums};

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
    /// How fresh and how exact it is.
    pub quality: Quality,
    /// Number of rows.
    pub count: usize,
    /// Groups that did not rank among the first.
    pub omitted: usize,
    /// All rows together, with those omitted.
    pub total: Figures,
    /// The same of the range before, when it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous_total: Option<Figures>,
    /// Rows, the oldest first, and within a time in the order of their rank.
    pub list: Vec<Row>,
}

/// How fresh and how exact an answer is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Quality {
    /// `embedded` or `analyticsEngine`.
    pub source: String,
    /// ISO 8601: when the newest event came that is counted; absent when there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub newest_event_at: Option<String>,
    /// Calls that one stored event stands for, on average: 1 is exact.
    pub sample_interval: f64,
    /// Relative error of percentiles, at most.
    pub percentile_error: f64,
}

/// Names of what ids stand for, as the last event about them said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Names {
    /// Name and version by id.
    pub apis: BTreeMap<ApiId, (String, String)>,
    /// Name by id.
    pub applications: BTreeMap<ApplicationId, String>,
}

/// Makes the answer of parts; `before` are those of [`Query::before`].
#[must_use]
pub fn answer(query: &Query, parts: &Parts, before: Option<&Parts>, quality: Quality) -> Answer {
    let (from, to) = query.range();
    let groups = groups(query, parts);
    let kept = first(query, &groups);
    let shift_ms = to.ms_since(from);
    let previous = |cell: &Cell| {
        let earlier = Cell {
            at: cell.at.map(|at| at.plus_ms(-shift_ms)),
            values: cell.values.clone(),
        };
        before.map(|parts| {
            let sums = parts.cells.get(&earlier).cloned().unwrap_or_default();
            Figures::of(&sums, &query.percentiles)
        })
    };
    let mut cells: Vec<(&Cell, &Sums)> = parts
        .cells
        .iter()
        .filter(|(cell, _)| kept.as_ref().is_none_or(|kept| kept.contains(&cell.values)))
        .collect();
    cells.sort_by(|(left, a), (right, b)| {
        let by_rank = || score(query.order_by, b).total_cmp(&score(query.order_by, a));
        left.at.cmp(&right.at).then_with(by_rank)
    });
    let list: Vec<Row> = cells
        .into_iter()
        .map(|(cell, sums)| Row {
            figures: Figures::of(sums, &query.percentiles),
            previous: previous(cell),
            ..Row::named(query, cell, &parts.names)
        })
        .collect();
    let total = |parts: &Parts| Figures::of(&sum(parts), &query.percentiles);
    Answer {
        from: iso(from),
        to: iso(to),
        granularity: query.granularity,
        group_by: query.group_by.clone(),
        quality,
        count: list.len(),
        omitted: groups.len() - kept.map_or(groups.len(), |kept| kept.len()),
        total: total(parts),
        previous_total: before.map(total),
        list,
    }
}

impl Quality {
    /// Of what was read.
    #[must_use]
    pub fn of(source: &str, newest: Option<Timestamp>, sample_interval: f64) -> Self {
        Self {
            source: source.to_owned(),
            newest_event_at: newest.map(iso),
            sample_interval,
            percentile_error: 0.02,
        }
    }
}

/// Sums by group over the whole range, where groups are to be ranked.
fn groups<'a>(query: &Query, parts: &'a Parts) -> BTreeMap<&'a Vec<String>, Sums> {
    let mut groups: BTreeMap<&Vec<String>, Sums> = BTreeMap::new();
    if query.top.is_some() {
        for (cell, sums) in &parts.cells {
            groups.entry(&cell.values).or_default().merge(sums);
        }
    }
    groups
}

/// The groups that rank first; `None` when all are wanted.
fn first(query: &Query, groups: &BTreeMap<&Vec<String>, Sums>) -> Option<BTreeSet<Vec<String>>> {
    let top = query.top?;
    let mut ranked: Vec<(&&Vec<String>, f64)> = groups
        .iter()
        .map(|(values, sums)| (values, score(query.order_by, sums)))
        .collect();
    ranked.sort_by(|(left, a), (right, b)| b.total_cmp(a).then_with(|| left.cmp(right)));
    let kept = ranked.into_iter().take(top);
    Some(kept.map(|(values, _)| (*values).clone()).collect())
}

fn score(rank: Rank, sums: &Sums) -> f64 {
    match rank {
        Rank::Requests => sums.counts.requests as f64,
        Rank::Errors => sums.counts.requests.saturating_sub(sums.successes) as f64,
        Rank::Throttled => sums.throttled as f64,
        Rank::UpstreamFailures => sums.upstream_failures as f64,
        Rank::Latency => sums.counts.total.quantile(0.95).unwrap_or_default(),
        Rank::ResponseBytes => sums.counts.response_bytes as f64,
    }
}

fn sum(parts: &Parts) -> Sums {
    let mut all = Sums::default();
    for sums in parts.cells.values() {
        all.merge(sums);
    }
    all
}

/// ISO 8601 in UTC, with milliseconds.
pub(crate) fn iso(moment: Timestamp) -> String {
    DateTime::from_timestamp_millis(moment.0).map_or_else(String::new, |date| {
        date.to_rfc3339_opts(SecondsFormat::Millis, true)
    })
}
