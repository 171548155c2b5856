//! Counting periods: fixed, aligned to the epoch as WSO2's are, days and months by the calendar of the limit's zone.

use chrono::{DateTime, Datelike, NaiveDate};
use model::{Algorithm, Limit, Measure, TimeUnit, Timestamp};

use crate::calendar;

/// A counting period: from `start` (inclusive) to `end` (exclusive).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Window {
    /// First millisecond of the period.
    pub start: Timestamp,
    /// First millisecond after it.
    pub end: Timestamp,
}

impl Window {
    /// The window of `limit` that `now` falls into, as its owner counts. A `unit_time` of 0 counts as 1.
    ///
    /// For owners: whatever calls this links the tables of the world's time zones. A holder of blocks is told when they
    /// end and needs no calendar ([`Self::about`]).
    #[must_use]
    pub fn at(limit: &Limit, now: Timestamp) -> Self {
        calendar::window(limit, now).unwrap_or_else(|| Self::about(limit, now))
    }

    /// The window of `limit` that `now` falls into, if its zone were UTC: as near as one comes without a calendar.
    #[must_use]
    pub fn about(limit: &Limit, now: Timestamp) -> Self {
        let units = i64::from(limit.unit_time.max(1));
        match limit.time_unit {
            TimeUnit::Sec => Self::aligned(units.saturating_mul(SECOND_MS), now),
            TimeUnit::Min => Self::aligned(units.saturating_mul(60 * SECOND_MS), now),
            TimeUnit::Hour => Self::aligned(units.saturating_mul(3_600 * SECOND_MS), now),
            TimeUnit::Day => Self::aligned(units.saturating_mul(DAY_MS), now),
            TimeUnit::Month => Self::months(units, now),
        }
    }

    /// Whether `moment` falls into this window.
    #[must_use]
    pub fn contains(&self, moment: Timestamp) -> bool {
        self.start <= moment && moment < self.end
    }

    /// Length in milliseconds.
    #[must_use]
    pub const fn length_ms(&self) -> i64 {
        self.end.ms_since(self.start)
    }

    /// Milliseconds of a window of `limit` that has no calendar: a day has 24 hours, a month 30 days.
    #[must_use]
    pub fn nominal_ms(limit: &Limit) -> i64 {
        let unit = match limit.time_unit {
            TimeUnit::Sec => SECOND_MS,
            TimeUnit::Min => 60 * SECOND_MS,
            TimeUnit::Hour => 3_600 * SECOND_MS,
            TimeUnit::Day => DAY_MS,
            TimeUnit::Month => 30 * DAY_MS,
        };
        i64::from(limit.unit_time.max(1)).saturating_mul(unit)
    }

    fn aligned(length_ms: i64, now: Timestamp) -> Self {
        let start = Timestamp(now.0.saturating_sub(now.0.rem_euclid(length_ms)));
        Self {
            start,
            end: start.plus_ms(length_ms),
        }
    }

    /// `units` calendar months, aligned to January 1970: a quarter (3) starts in January, April, July, October.
    fn months(units: i64, now: Timestamp) -> Self {
        let this = month_number(now);
        let first = this.saturating_sub(this.rem_euclid(units));
        match (month_start(first), month_start(first.saturating_add(units))) {
            (Some(start), Some(end)) => Self { start, end },
            // Beyond the calendar's range (some 262,000 years): any fixed length will do.
            _ => Self::aligned(units.saturating_mul(31 * DAY_MS), now),
        }
    }
}

/// How much of its measure a window of `limit` admits.
#[must_use]
pub const fn amount(limit: &Limit) -> u64 {
    match limit.measure {
        Measure::Requests(amount) | Measure::Bytes(amount) | Measure::Events(amount) => amount,
    }
}

/// Names a limit by its content (32-bit FNV-1a): blocks and denials given under another limit are not used under this one.
#[must_use]
pub fn policy_version(limit: &Limit) -> u32 {
    let measure = match limit.measure {
        Measure::Requests(_) => 0_u8,
        Measure::Bytes(_) => 1,
        Measure::Events(_) => 2,
    };
    let unit = match limit.time_unit {
        TimeUnit::Sec => 0_u8,
        TimeUnit::Min => 1,
        TimeUnit::Hour => 2,
        TimeUnit::Day => 3,
        TimeUnit::Month => 4,
    };
    let (algorithm, burst) = match limit.algorithm {
        Algorithm::Fixed => (0_u8, 0),
        Algorithm::Sliding => (1, 0),
        Algorithm::Gcra { burst } => (2, burst),
    };
    let zone = (!limit.zone.is_utc()).then(|| limit.zone.as_str().as_bytes());
    let bytes = [measure, unit].into_iter();
    bytes
        .chain(amount(limit).to_le_bytes())
        .chain(limit.unit_time.to_le_bytes())
        .chain((!limit.algorithm.is_default()).then_some(algorithm))
        .chain(
            (burst > 0)
                .then(|| burst.to_le_bytes())
                .into_iter()
                .flatten(),
        )
        .chain(zone.unwrap_or_default().iter().copied())
        .fold(0x811c_9dc5_u32, |hash, byte| {
            (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
        })
}

/// Months since January 1970.
fn month_number(now: Timestamp) -> i64 {
    DateTime::from_timestamp_millis(now.0).map_or(0, |date| {
        (i64::from(date.year()) - 1970) * 12 + i64::from(date.month0())
    })
}

fn month_start(number: i64) -> Option<Timestamp> {
    let year = i32::try_from(number.div_euclid(12).checked_add(1970)?).ok()?;
    let month = u32::try_from(number.rem_euclid(12)).ok()?;
    let first = NaiveDate::from_ymd_opt(year, month + 1, 1)?.and_hms_opt(0, 0, 0)?;
    Some(Timestamp(first.and_utc().timestamp_millis()))
}

const SECOND_MS: i64 = 1_000;
const DAY_MS: i64 = 86_400 * SECOND_MS;

#[cfg(test)]
mod tests {
    use super::*;

    fn limit(unit_time: u32, time_unit: TimeUnit) -> Limit {
        Limit::new(Measure::Requests(10), unit_time, time_unit)
    }

    fn at(text: &str) -> Timestamp {
        Timestamp(
            DateTime::parse_from_rfc3339(text)
                .unwrap()
                .timestamp_millis(),
        )
    }

    #[test]
    fn windows_are_aligned_to_the_epoch() {
        let cases = [
            (
                1,
                TimeUnit::Sec,
                "2026-11-24T02:07:08Z",
                "2026-11-24T02:07:09Z",
            ),
            (
                1,
                TimeUnit::Min,
                "2026-11-24T02:07:00Z",
                "2026-11-24T02:08:00Z",
            ),
            (
                1,
                TimeUnit::Hour,
                "2026-11-24T02:00:00Z",
                "2026-11-24T03:00:00Z",
            ),
            (
                1,
                TimeUnit::Day,
                "2026-11-24T00:00:00Z",
                "2026-11-25T00:00:00Z",
            ),
            (
                1,
                TimeUnit::Month,
                "2026-11-01T00:00:00Z",
                "2026-12-01T00:00:00Z",
            ),
            (
                3,
                TimeUnit::Month,
                "2026-10-01T00:00:00Z",
                "2027-01-01T00:00:00Z",
            ),
            (
                0,
                TimeUnit::Min,
                "2026-11-24T02:07:00Z",
                "2026-11-24T02:08:00Z",
            ),
        ];
        for (units, unit, start, end) in cases {
            let window = Window::at(&limit(units, unit), at("2026-11-24T02:07:08.123Z"));
            assert_eq!(
                window,
                Window {
                    start: at(start),
                    end: at(end)
                },
                "{units} {unit:?}"
            );
        }
    }

    #[test]
    fn leap_february_ends_on_the_29th() {
        let window = Window::at(&limit(1, TimeUnit::Month), at("2028-02-29T23:59:59.999Z"));
        assert_eq!(window.end, at("2028-03-01T00:00:00Z"));
        assert!(
            !window.contains(window.end),
            "the next window begins where this one ends"
        );
    }

    #[test]
    fn every_part_of_a_limit_makes_its_version() {
        let base = limit(1, TimeUnit::Min);
        let zone = |name: &str| base.in_zone(name.parse().unwrap());
        let others = [
            base.counted(Algorithm::Sliding),
            base.counted(Algorithm::Gcra { burst: 1 }),
            base.counted(Algorithm::Gcra { burst: 2 }),
            zone("Europe/Berlin"),
            zone("Europe/Paris"),
            limit(2, TimeUnit::Min),
            limit(1, TimeUnit::Hour),
            Limit {
                measure: Measure::Requests(11),
                ..base
            },
            Limit {
                measure: Measure::Bytes(10),
                ..base
            },
        ];
        let versions: std::collections::BTreeSet<u32> = others.iter().map(policy_version).collect();
        assert_eq!(versions.len(), others.len());
        assert!(!versions.contains(&policy_version(&base)));
    }
}
