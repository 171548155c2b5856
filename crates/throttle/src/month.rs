//! Sums by month, for bills.

use std::fmt;

use chrono::{DateTime, Datelike};
use model::Timestamp;
use serde::{Deserialize, Serialize};

/// A calendar month in UTC; `2026-11` when written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Month(u32);

impl Month {
    /// The month that `at` is in; the first of all for a time that no calendar has.
    #[must_use]
    pub fn of(at: Timestamp) -> Self {
        let at = DateTime::from_timestamp_millis(at.0).unwrap_or_default();
        Self(at.year().unsigned_abs() * 100 + at.month())
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.0 / 100, self.0 % 100)
    }
}

/// What one counter was debited in one month, less what came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Debited(pub Month, pub i64);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_written_as_bills_name_it() {
        let last = Timestamp(1_764_547_199_999);
        assert_eq!(Month::of(last).to_string(), "2025-11");
        assert_eq!(Month::of(last.plus_ms(1)).to_string(), "2025-12");
    }
}
