//! Moments as WSO2's objects write them.

use chrono::{DateTime, SecondsFormat};
use model::Timestamp;

/// ISO 8601 in UTC with milliseconds: `2026-11-24T02:00:00.000Z`.
pub(crate) fn iso(milliseconds: i64) -> String {
    DateTime::from_timestamp_millis(milliseconds)
        .map(|moment| moment.to_rfc3339_opts(SecondsFormat::Millis, true))
        .unwrap_or_default()
}

/// ISO 8601, or milliseconds since the epoch.
pub(crate) fn parse(text: &str) -> Option<Timestamp> {
    if let Ok(milliseconds) = text.parse() {
        return Some(Timestamp(milliseconds));
    }
    DateTime::parse_from_rfc3339(text)
        .ok()
        .map(|moment| Timestamp(moment.timestamp_millis()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_back() {
        assert_eq!(iso(1_700_000_000_123), "2023-11-14T22:13:20.123Z");
        assert_eq!(
            parse("2023-11-14T22:13:20.123Z"),
            Some(Timestamp(1_700_000_000_123))
        );
        assert_eq!(parse("1700000000123"), Some(Timestamp(1_700_000_000_123)));
        assert_eq!(parse("yesterday"), None);
    }
}
