//! Lengths of time, all of them in UTC, and how a range is made of the fewest rows.

use chrono::{DateTime, Datelike};
use model::Timestamp;
use serde::{Deserialize, Serialize};

/// Length of a row's time in an answer.
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
    /// 86,400 s.
    Day,
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

impl Granularity {
    /// Start of the time that `moment` falls into; `None` for the whole range.
    #[must_use]
    pub fn start_of(self, moment: Timestamp) -> Option<Timestamp> {
        self.length_ms().map(|length_ms| aligned(moment, length_ms))
    }

    /// Milliseconds; `None` for the whole range.
    #[must_use]
    pub const fn length_ms(self) -> Option<i64> {
        match self {
            Self::Minute => Some(Step::Minute.length_ms()),
            Self::Hour => Some(Step::Hour.length_ms()),
            Self::Day => Some(Step::Day.length_ms()),
            Self::Total => None,
        }
    }

    /// The longest rows that an answer can be made of.
    pub(crate) const fn coarsest_step(self) -> Step {
        match self {
            Self::Minute => Step::Minute,
            Self::Hour => Step::Hour,
            Self::Day | Self::Total => Step::Day,
        }
    }
}

impl Step {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Minute, Self::Hour, Self::Day];

    /// Start of the time that `moment` falls into.
    #[must_use]
    pub const fn start_of(self, moment: Timestamp) -> Timestamp {
        aligned(moment, self.length_ms())
    }

    /// Milliseconds.
    #[must_use]
    pub const fn length_ms(self) -> i64 {
        match self {
            Self::Minute => 60_000,
            Self::Hour => 3_600_000,
            Self::Day => 86_400_000,
        }
    }

    /// As stored: 0 for a minute, 1 for an hour, 2 for a day.
    #[must_use]
    pub const fn number(self) -> i64 {
        match self {
            Self::Minute => 0,
            Self::Hour => 1,
            Self::Day => 2,
        }
    }

    const fn finer(self) -> Option<Self> {
        match self {
            Self::Minute => None,
            Self::Hour => Some(Self::Minute),
            Self::Day => Some(Self::Hour),
        }
    }
}

/// The range in rows of `coarsest` where whole ones fit, and finer ones at both ends.
pub(crate) fn spans(from: Timestamp, to: Timestamp, coarsest: Step) -> Vec<Span> {
    if from >= to {
        return Vec::new();
    }
    let Some(finer) = coarsest.finer() else {
        return vec![Span {
            step: coarsest,
            from,
            to,
        }];
    };
    let first = coarsest.start_of(from.plus_ms(coarsest.length_ms() - 1));
    let last = coarsest.start_of(to);
    if first >= last {
        return spans(from, to, finer);
    }
    let mut all = spans(from, first, finer);
    all.push(Span {
        step: coarsest,
        from: first,
        to: last,
    });
    all.extend(spans(last, to, finer));
    all
}

/// The month of a moment, which names the store that keeps it: `2026-11`.
#[must_use]
pub fn month(moment: Timestamp) -> String {
    DateTime::from_timestamp_millis(moment.0)
        .map(|date| date.format("%Y-%m").to_string())
        .unwrap_or_default()
}

/// The first moment of a moment's month.
#[must_use]
pub fn month_start(moment: Timestamp) -> Timestamp {
    let date = DateTime::from_timestamp_millis(moment.0);
    let first = date
        .and_then(|date| date.with_day(1))
        .map(|date| Timestamp(date.timestamp_millis()));
    Step::Day.start_of(first.unwrap_or(moment))
}

/// The months that a range touches, the oldest first; `to` is not a part of it.
#[must_use]
pub fn months(from: Timestamp, to: Timestamp) -> Vec<String> {
    let mut found = Vec::new();
    let mut at = from;
    while at < to {
        let name = month(at);
        if found.last() != Some(&name) {
            found.push(name);
        }
        at = at.plus_ms(Step::Day.length_ms());
    }
    let last = month(to.plus_ms(-1));
    if from < to && found.last() != Some(&last) {
        found.push(last);
    }
    found
}

const fn aligned(moment: Timestamp, length_ms: i64) -> Timestamp {
    Timestamp(moment.0.saturating_sub(moment.0.rem_euclid(length_ms)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_names_every_month_it_touches() {
        let day = Step::Day.length_ms();
        let at = |text: &str| {
            Timestamp(
                text.parse::<DateTime<chrono::Utc>>()
                    .unwrap()
                    .timestamp_millis(),
            )
        };
        let november = at("2026-11-30T23:59:00Z");
        assert_eq!(months(november, november.plus_ms(60_000)), ["2026-11"]);
        assert_eq!(
            months(november, november.plus_ms(60_001)),
            ["2026-11", "2026-12"]
        );
        assert_eq!(
            months(november, november.plus_ms(40 * day)),
            ["2026-11", "2026-12", "2027-01"]
        );
        assert_eq!(month_start(november), at("2026-11-01T00:00:00Z"));
        assert_eq!(months(november, november), Vec::<String>::new());
    }

    #[test]
    fn a_range_is_made_of_the_longest_rows() {
        let (minute, hour, day) = (60_000, 3_600_000, 86_400_000);
        let found = spans(
            Timestamp(day - hour - minute),
            Timestamp(2 * day + minute),
            Step::Day,
        );
        let lengths: Vec<(Step, i64)> = found
            .iter()
            .map(|span| {
                (
                    span.step,
                    span.to.ms_since(span.from) / span.step.length_ms(),
                )
            })
            .collect();
        assert_eq!(
            lengths,
            [
                (Step::Minute, 1),
                (Step::Hour, 1),
                (Step::Day, 1),
                (Step::Minute, 1)
            ]
        );
    }
}
