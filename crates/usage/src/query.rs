//! Questions about what happened.

use std::collections::BTreeMap;

use model::{OrganizationId, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{Dimension, Granularity, Series, Span, Step, period};

/// A question: body of `POST /internal/query`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Query {
    /// Whose statistics.
    pub organization: OrganizationId,
    /// From this moment (rounded down to its minute).
    pub from_ms: Timestamp,
    /// To this moment (rounded up to the end of its minute), at most [`Query::MAX_DAYS`] later.
    pub to_ms: Timestamp,
    /// Length of a row's time.
    #[serde(default)]
    pub granularity: Granularity,
    /// Which calls.
    #[serde(default)]
    pub filter: Filter,
    /// What makes rows of their own; empty makes one row (for each time).
    #[serde(default)]
    pub group_by: Vec<Dimension>,
    /// Only so many groups, those that rank first over the whole range.
    #[serde(default)]
    pub top: Option<usize>,
    /// By what they rank.
    #[serde(default)]
    pub order_by: Rank,
    /// Percentiles besides 50, 95 and 99, over 0 and below 100.
    #[serde(default)]
    pub percentiles: Vec<f64>,
    /// With the same figures of the range of the same length before.
    #[serde(default)]
    pub compare: bool,
    /// Without percentiles, which are most of the work.
    #[serde(default)]
    pub only_counts: bool,
}

/// Which calls to count: in each dimension that is named only these values; an empty list counts none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Filter {
    /// By dimension.
    pub only: BTreeMap<Dimension, Vec<String>>,
}

/// What makes a group come first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Rank {
    /// The most calls.
    #[default]
    Requests,
    /// The most answers of 400 and above.
    Errors,
    /// The most calls beyond a limit.
    Throttled,
    /// The most upstreams out of reach.
    UpstreamFailures,
    /// The highest 95th percentile.
    Latency,
    /// The most bytes out.
    ResponseBytes,
}

/// Why a question has no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvalidQuery {
    /// The range ends before it begins.
    Backwards,
    /// The range is longer than [`Query::MAX_DAYS`].
    TooLong,
    /// The range has more than [`Query::MAX_POINTS`] times.
    TooFine,
    /// A percentile that is none.
    Percentile,
}

impl std::fmt::Display for InvalidQuery {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Backwards => f.write_str("`to` is before `from`"),
            Self::TooLong => {
                write!(f, "the range is longer than {} days", Query::MAX_DAYS)
            }
            Self::TooFine => write!(
                f,
                "the range has more than {} points; choose a coarser `granularity`",
                Query::MAX_POINTS
            ),
            Self::Percentile => f.write_str("a percentile is a number over 0 and below 100"),
        }
    }
}

impl std::error::Error for InvalidQuery {}

impl Query {
    /// Longest range, in days.
    pub const MAX_DAYS: i64 = 400;
    /// Most points in time of an answer: a month of minutes fits.
    pub const MAX_POINTS: i64 = 45_000;

    /// All calls of an organization from one moment to another, in one row.
    #[must_use]
    pub fn of(organization: OrganizationId, from_ms: Timestamp, to_ms: Timestamp) -> Self {
        Self {
            organization,
            from_ms,
            to_ms,
            granularity: Granularity::Total,
            filter: Filter::default(),
            group_by: Vec::new(),
            top: None,
            order_by: Rank::default(),
            percentiles: Vec::new(),
            compare: false,
            only_counts: false,
        }
    }

    /// Which stored rows answer this: the coarsest that fit, since they are the fewest.
    ///
    /// # Errors
    /// [`InvalidQuery`] for a range that has no sensible answer.
    pub fn spans(&self) -> Result<Vec<Span>, InvalidQuery> {
        let (from, to) = self.range();
        let length_ms = to.ms_since(from);
        if self.to_ms < self.from_ms {
            return Err(InvalidQuery::Backwards);
        }
        if length_ms > Self::MAX_DAYS * Step::Day.length_ms() {
            return Err(InvalidQuery::TooLong);
        }
        if length_ms / self.granularity.length_ms().unwrap_or(length_ms.max(1)) > Self::MAX_POINTS {
            return Err(InvalidQuery::TooFine);
        }
        if !self.percentiles.iter().all(|it| *it > 0.0 && *it < 100.0) {
            return Err(InvalidQuery::Percentile);
        }
        Ok(period::spans(from, to, self.granularity.coarsest_step()))
    }

    /// The range in whole minutes: what is really counted.
    #[must_use]
    pub fn range(&self) -> (Timestamp, Timestamp) {
        let end = Step::Minute.start_of(self.to_ms.plus_ms(Step::Minute.length_ms() - 1));
        (Step::Minute.start_of(self.from_ms), end)
    }

    /// The same question about the range of the same length before.
    #[must_use]
    pub fn before(&self) -> Self {
        let (from, to) = self.range();
        Self {
            from_ms: from.plus_ms(-to.ms_since(from)),
            to_ms: from,
            compare: false,
            ..self.clone()
        }
    }
}

impl Filter {
    /// Only these values of a dimension; where it is narrowed already, only those that are in both.
    #[must_use]
    pub fn with(mut self, dimension: Dimension, values: Vec<String>) -> Self {
        match self.only.get_mut(&dimension) {
            Some(held) => held.retain(|value| values.contains(value)),
            None => drop(self.only.insert(dimension, values)),
        }
        self
    }

    /// Does a series count?
    #[must_use]
    pub fn passes(&self, series: &Series) -> bool {
        self.only
            .iter()
            .all(|(dimension, values)| values.contains(&series.value(*dimension)))
    }
}
