//! When administrators want a new key, and of which kind.

use problem::Problem;
use serde::{Deserialize, Serialize};

use super::SigningAlgorithm;

/// The choices; every one has a default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct KeySchedule {
    /// What the next key signs by; ES256 unless chosen.
    pub algorithm: SigningAlgorithm,
    /// For how many days a key signs, 90 unless chosen; `None`: until somebody asks for another.
    pub period_days: Option<u32>,
}

impl Default for KeySchedule {
    fn default() -> Self {
        Self {
            algorithm: SigningAlgorithm::default(),
            period_days: Some(PERIOD_DAYS),
        }
    }
}

impl KeySchedule {
    /// Reads what was stored: the defaults where nothing was.
    #[must_use]
    pub fn stored(text: Option<&str>) -> Self {
        text.and_then(|text| serde_json::from_str(text).ok())
            .unwrap_or_default()
    }

    /// Is everything in order?
    ///
    /// # Errors
    /// 400.
    pub fn check(&self) -> Result<(), Problem> {
        match self.period_days {
            Some(days) if !(2..=MAX_PERIOD_DAYS).contains(&days) => Err(Problem::new("400")
                .fault("periodDays", "give 2 to 3650 days, or `null` for no period")),
            _ => Ok(()),
        }
    }

    /// For how long a key signs.
    pub(super) fn period_ms(&self) -> Option<i64> {
        self.period_days.map(|days| i64::from(days) * DAY_MS)
    }
}

/// A quarter: seldom enough to trouble nobody, often enough that it is known to work.
const PERIOD_DAYS: u32 = 90;
const MAX_PERIOD_DAYS: u32 = 3650;
const DAY_MS: i64 = 24 * 3600 * 1000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_are_read_with_their_defaults() {
        let read = |text: &str| KeySchedule::stored(Some(text));
        assert_eq!(KeySchedule::stored(None).period_days, Some(90));
        assert_eq!(read("{").algorithm, SigningAlgorithm::Es256);
        let chosen = read(r#"{"algorithm":"EdDSA","periodDays":null}"#);
        assert_eq!(chosen.algorithm, SigningAlgorithm::EdDsa);
        assert_eq!(chosen.period_ms(), None);
        let unknown = serde_json::from_str::<KeySchedule>(r#"{"algorithm":"HS256"}"#);
        assert!(unknown.is_err());
    }

    #[test]
    fn periods_have_bounds() {
        let check = |days: Option<u32>, expected: bool| {
            let schedule = KeySchedule {
                period_days: days,
                ..KeySchedule::default()
            };
            assert_eq!(schedule.check().is_ok(), expected, "{days:?}");
        };
        check(None, true);
        check(Some(0), false);
        check(Some(1), false);
        check(Some(2), true);
        check(Some(3650), true);
        check(Some(3651), false);
    }
}
