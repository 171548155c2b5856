//! Questions about what happened.

use model::{ApiId, ApplicationId, OrganizationId, Timestamp};
use serde::{Deserialize, Serialize};

/// A question: body of `POST /internal/query`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
}

/// Which calls to count.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    /// Only these APIs; `None` counts all, an empty list none.
    #[serde(default)]
    pub apis: Option<Vec<ApiId>>,
    /// Only these applications; `None` counts all, an empty list none.
    #[serde(default)]
    pub applications: Option<Vec<ApplicationId>>,
}

/// What rows can be told apart by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Dimension {
    /// The API.
    Api,
    /// The application.
    Application,
    /// Method and template.
    Operation,
    /// The status that clients got.
    Status,
    /// The fault code.
    Error,
}

/// Length of a row's time, UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Granularity {
    /// A minute.
    Minute,
    /// An hour.
    Hour,
    /// A day.
    Day,
    /// The whole range.
    #[default]
    Total,
}

/// Length of a stored row's time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Step {
    /// 60 s.
    Minute,
    /// 3,600 s.
    Hour,
}

/// Stored rows to read: those of `step` that start from `from` (inclusive) to `to` (exclusive).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Which rows.
    pub step: Step,
    /// First start.
    pub from: Timestamp,
    /// First start that is not meant.
    pub to: Timestamp,
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
        }
    }
}

impl std::error::Error for InvalidQuery {}

impl Query {
    /// Longest range, in days.
    pub const MAX_DAYS: i64 = 400;
    /// Most points in time of an answer: a month of minutes fits.
    pub const MAX_POINTS: i64 = 45_000;

    /// Which stored rows answer this: hours where the range has whole ones and no finer rows are wanted, minutes else.
    ///
    /// # Errors
    /// [`InvalidQuery`] for a range that has no sensible answer.
    pub fn spans(&self) -> Result<Vec<Span>, InvalidQuery> {
        let (from, to) = self.range();
        let length_ms = to.ms_since(from);
        if self.to_ms < self.from_ms {
            return Err(InvalidQuery::Backwards);
        }
        if length_ms > Self::MAX_DAYS * DAY_MS {
            return Err(InvalidQuery::TooLong);
        }
        if length_ms / self.granularity.length_ms().unwrap_or(length_ms.max(1)) > Self::MAX_POINTS {
            return Err(InvalidQuery::TooFine);
        }
        let first_hour = Step::Hour.start_of(from.plus_ms(HOUR_MS - 1));
        let last_hour = Step::Hour.start_of(to);
        if self.granularity == Granularity::Minute || first_hour >= last_hour {
            return Ok(vec![Span {
                step: Step::Minute,
                from,
                to,
            }]);
        }
        let spans = [
            Span {
                step: Step::Minute,
                from,
                to: first_hour,
            },
            Span {
                step: Step::Hour,
                from: first_hour,
                to: last_hour,
            },
            Span {
                step: Step::Minute,
                from: last_hour,
                to,
            },
        ];
        Ok(spans
            .into_iter()
            .filter(|span| span.from < span.to)
            .collect())
    }

    /// The range in whole minutes: what is really counted.
    #[must_use]
    pub fn range(&self) -> (Timestamp, Timestamp) {
        let end = Step::Minute.start_of(self.to_ms.plus_ms(MINUTE_MS - 1));
        (Step::Minute.start_of(self.from_ms), end)
    }
}

impl Granularity {
    /// Start of the time that `moment` falls into; `None` for the whole range.
    #[must_use]
    pub fn start_of(self, moment: Timestamp) -> Option<Timestamp> {
        self.length_ms().map(|length_ms| aligned(moment, length_ms))
    }

    const fn length_ms(self) -> Option<i64> {
        match self {
            Self::Minute => Some(MINUTE_MS),
            Self::Hour => Some(HOUR_MS),
            Self::Day => Some(DAY_MS),
            Self::Total => None,
        }
    }
}

impl Step {
    /// Start of the minute or hour that `moment` falls into.
    #[must_use]
    pub const fn start_of(self, moment: Timestamp) -> Timestamp {
        match self {
            Self::Minute => aligned(moment, MINUTE_MS),
            Self::Hour => aligned(moment, HOUR_MS),
        }
    }

    /// As stored: 0 for a minute, 1 for an hour.
    #[must_use]
    pub const fn number(self) -> i64 {
        match self {
            Self::Minute => 0,
            Self::Hour => 1,
        }
    }
}

const fn aligned(moment: Timestamp, length_ms: i64) -> Timestamp {
    Timestamp(moment.0.saturating_sub(moment.0.rem_euclid(length_ms)))
}

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;
