//! When something is sent by the clock.

use chrono::{DateTime, Utc};
use croner::{
    Cron,
    parser::{CronParser, Seconds, Year},
};

/// Moments by the five fields of cron, in UTC: minute, hour, day of the month, month, day of the week.
#[derive(Clone, Debug)]
pub struct Schedule(Cron);

impl Schedule {
    /// Reads the five fields.
    ///
    /// # Errors
    /// Why it is none, for who has written it.
    pub fn read(text: &str) -> Result<Self, String> {
        let parser = CronParser::builder()
            .seconds(Seconds::Disallowed)
            .year(Year::Disallowed)
            .build();
        let cron = parser.parse(text).map_err(|fault| {
            format!("is no cron expression of five fields, as in `0 6 * * 1`: {fault}")
        })?;
        Ok(Self(cron))
    }

    /// The first moment after this one, in milliseconds since the epoch; none if it never comes.
    #[must_use]
    pub fn next_ms(&self, after_ms: i64) -> Option<i64> {
        let after = DateTime::<Utc>::from_timestamp_millis(after_ms)?;
        let next = self.0.find_next_occurrence(&after, false).ok()?;
        Some(next.timestamp_millis())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(text: &str, after: &str) -> Option<String> {
        let after: DateTime<Utc> = after.parse().unwrap();
        let next_ms = Schedule::read(text)
            .unwrap()
            .next_ms(after.timestamp_millis())?;
        DateTime::<Utc>::from_timestamp_millis(next_ms).map(|it| it.to_rfc3339())
    }

    #[test]
    fn the_next_moment_is_after_this_one() {
        for (text, after, expected) in [
            (
                "0 6 * * 1",
                "2026-11-27T15:00:00Z",
                "2026-11-30T06:00:00+00:00",
            ),
            (
                "0 6 * * 1",
                "2026-11-30T06:00:00Z",
                "2026-12-07T06:00:00+00:00",
            ),
            (
                "*/15 * * * *",
                "2026-11-27T15:01:10Z",
                "2026-11-27T15:15:00+00:00",
            ),
            (
                "0 0 1 * *",
                "2026-12-31T23:59:59Z",
                "2027-01-01T00:00:00+00:00",
            ),
        ] {
            assert_eq!(next(text, after).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_schedule_is_named() {
        for text in ["", "daily at six", "0 6 * *", "0 0 6 * * 1", "61 * * * *"] {
            let fault = Schedule::read(text).err();
            assert!(
                fault.is_some_and(|it| it.contains("five fields")),
                "`{text}`"
            );
        }
    }

    #[test]
    fn a_day_that_never_comes_is_none() {
        let schedule = Schedule::read("0 0 31 2 *");
        assert_eq!(schedule.ok().and_then(|it| it.next_ms(0)), None);
    }
}
