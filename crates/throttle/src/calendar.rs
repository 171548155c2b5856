//! Windows of calendar days and months in a time zone, with its changes of clocks.
//!
//! Periods are numbered: days and months since January 1970 of the zone's own calendar, in groups of `unit_time`. A period
//! begins at its first midnight and ends where the next one begins, so that periods leave no gap and never overlap:
//! a day of 23 or 25 hours is one window, a day that a zone skipped (Samoa, 30 December 2011) is none.

use std::str::FromStr;

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, Offset, TimeDelta, TimeZone};
use chrono_tz::Tz;
use model::{Algorithm, Limit, TimeUnit, Timestamp, Zone};

use crate::Window;

/// Whether the tables know `zone`: what a policy's zone has to be, where policies are made.
#[must_use]
pub fn is_known_zone(zone: &Zone) -> bool {
    Tz::from_str(zone.as_str()).is_ok()
}

/// The calendar window of `limit` at `now`; `None` where no calendar is needed, or the zone or the time is out of range.
pub(crate) fn window(limit: &Limit, now: Timestamp) -> Option<Window> {
    let is_calendar = matches!(limit.time_unit, TimeUnit::Day | TimeUnit::Month)
        && limit.algorithm == Algorithm::Fixed
        && !limit.zone.is_utc();
    if !is_calendar {
        return None;
    }
    let calendar = Calendar {
        zone: Tz::from_str(limit.zone.as_str()).ok()?,
        by_month: limit.time_unit == TimeUnit::Month,
        units: i64::from(limit.unit_time.max(1)),
    };
    calendar.window(now)
}

struct Calendar {
    zone: Tz,
    by_month: bool,
    /// Days or months that make a window.
    units: i64,
}

impl Calendar {
    fn window(&self, now: Timestamp) -> Option<Window> {
        let utc = DateTime::from_timestamp_millis(now.0)?;
        let number = self.number_of(utc.with_timezone(&self.zone).date_naive());
        let first = number - number.rem_euclid(self.units);
        // Clocks that go back over midnight bring a date twice: the neighbours settle which period holds the moment.
        [0, -1, 1].into_iter().find_map(|step| {
            let first = first.checked_add(self.units.checked_mul(step)?)?;
            let window = Window {
                start: self.start_of(first)?,
                end: self.start_of(first.checked_add(self.units)?)?,
            };
            window.contains(now).then_some(window)
        })
    }

    fn number_of(&self, date: NaiveDate) -> i64 {
        if self.by_month {
            (i64::from(date.year()) - 1970) * 12 + i64::from(date.month0())
        } else {
            date.signed_duration_since(NaiveDate::default()).num_days()
        }
    }

    fn start_of(&self, number: i64) -> Option<Timestamp> {
        let date = if self.by_month {
            let year = i32::try_from(number.div_euclid(12).checked_add(1970)?).ok()?;
            let month = u32::try_from(number.rem_euclid(12)).ok()?;
            NaiveDate::from_ymd_opt(year, month + 1, 1)?
        } else {
            let days = Days::new(number.unsigned_abs());
            let epoch = NaiveDate::default();
            if number < 0 {
                epoch.checked_sub_days(days)?
            } else {
                epoch.checked_add_days(days)?
            }
        };
        self.first_moment(date.and_hms_opt(0, 0, 0)?)
    }

    /// The first moment at which the zone's clocks show `midnight`, or where they would have, had they not jumped over it.
    fn first_moment(&self, midnight: NaiveDateTime) -> Option<Timestamp> {
        let shown = self.zone.from_local_datetime(&midnight).earliest();
        let moment = shown.map(|moment| moment.naive_utc()).or_else(|| {
            let before = midnight.checked_sub_signed(BEFORE_A_JUMP)?;
            let offset = self.zone.offset_from_local_datetime(&before).latest()?;
            let seconds = i64::from(offset.fix().local_minus_utc());
            midnight.checked_sub_signed(TimeDelta::seconds(seconds))
        });
        moment.map(|utc| Timestamp(utc.and_utc().timestamp_millis()))
    }
}

/// No zone's clocks jump twice within this.
const BEFORE_A_JUMP: TimeDelta = TimeDelta::hours(3);

#[cfg(test)]
mod tests {
    use model::Measure;

    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp(
            DateTime::parse_from_rfc3339(text)
                .unwrap()
                .timestamp_millis(),
        )
    }

    fn limit(unit_time: u32, unit: TimeUnit, zone: &str) -> Limit {
        Limit::new(Measure::Requests(1), unit_time, unit).in_zone(zone.parse().unwrap())
    }

    #[test]
    fn days_and_months_are_the_zones_own() {
        let cases = [
            // The clocks go forward on 29 March 2026: 23 hours.
            (
                1,
                TimeUnit::Day,
                "Europe/Berlin",
                "2026-03-29T10:00:00Z",
                "2026-03-28T23:00:00Z",
                "2026-03-29T22:00:00Z",
            ),
            // And back on 25 October: 25 hours.
            (
                1,
                TimeUnit::Day,
                "Europe/Berlin",
                "2026-10-25T01:30:00Z",
                "2026-10-24T22:00:00Z",
                "2026-10-25T23:00:00Z",
            ),
            (
                1,
                TimeUnit::Month,
                "America/New_York",
                "2026-11-01T03:59:59Z",
                "2026-10-01T04:00:00Z",
                "2026-11-01T04:00:00Z",
            ),
            (
                3,
                TimeUnit::Month,
                "Asia/Kolkata",
                "2026-11-24T00:00:00Z",
                "2026-09-30T18:30:00Z",
                "2026-12-31T18:30:00Z",
            ),
            // Midnight did not exist on 4 November 2018: the day began at one.
            (
                1,
                TimeUnit::Day,
                "America/Sao_Paulo",
                "2018-11-04T12:00:00Z",
                "2018-11-04T03:00:00Z",
                "2018-11-05T02:00:00Z",
            ),
        ];
        assert_windows(&cases);
    }

    #[test]
    fn strange_days_are_one_window() {
        assert_windows(&[
            // 30 December 2011 did not exist at all.
            (
                1,
                TimeUnit::Day,
                "Pacific/Apia",
                "2011-12-30T12:00:00Z",
                "2011-12-30T10:00:00Z",
                "2011-12-31T10:00:00Z",
            ),
            // The clocks went back from one minute past midnight to one past 23: the second 23:30 is still the 6th.
            (
                1,
                TimeUnit::Day,
                "America/St_Johns",
                "2010-11-07T03:00:00Z",
                "2010-11-07T02:30:00Z",
                "2010-11-08T03:30:00Z",
            ),
        ]);
    }

    type Case<'a> = (u32, TimeUnit, &'a str, &'a str, &'a str, &'a str);

    fn assert_windows(cases: &[Case<'_>]) {
        for &(units, unit, zone, now, start, end) in cases {
            let window = Window::at(&limit(units, unit, zone), at(now));
            let expected = Window {
                start: at(start),
                end: at(end),
            };
            assert_eq!(window, expected, "{units} {unit:?} in {zone} at {now}");
        }
    }

    #[test]
    fn shorter_units_have_no_zone() {
        let hour = limit(1, TimeUnit::Hour, "Asia/Kolkata");
        assert_eq!(
            Window::at(&hour, at("2026-11-24T02:07:08Z")).start,
            at("2026-11-24T02:00:00Z")
        );
    }

    #[test]
    fn names_without_a_zone_are_found_out() {
        assert!(is_known_zone(&Zone::UTC) && is_known_zone(&"Europe/Berlin".parse().unwrap()));
        assert!(!is_known_zone(&"Europe/Atlantis".parse().unwrap()));
        let nowhere = limit(1, TimeUnit::Day, "Europe/Atlantis");
        assert_eq!(
            Window::at(&nowhere, at("2026-11-24T02:07:08Z")).start,
            at("2026-11-24T00:00:00Z")
        );
    }
}
