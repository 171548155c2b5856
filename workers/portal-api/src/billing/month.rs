//! The month that is billed.

use chrono::{DateTime, NaiveDate};
use model::Timestamp;
use runtime::Outcome;

use crate::{call::Call, refusal};

/// A calendar month in UTC.
pub(super) struct Month {
    /// `2026-11`
    pub(super) name: String,
    pub(super) from: Timestamp,
    pub(super) to: Timestamp,
}

impl Month {
    /// The one that the call names.
    pub(super) fn of(call: &Call) -> Outcome<Self> {
        Self::named(call.required("month")?)
    }

    /// The one that the call names, or the running one.
    pub(super) fn of_or_running(call: &Call) -> Outcome<Self> {
        match call.query("month") {
            Some(name) => Self::named(name),
            None => {
                let now = DateTime::from_timestamp_millis(call.now.0).unwrap_or_default();
                Self::named(&now.format("%Y-%m").to_string())
            }
        }
    }

    fn named(name: &str) -> Outcome<Self> {
        let first = NaiveDate::parse_from_str(&format!("{name}-01"), "%Y-%m-%d").ok();
        let start = |date: NaiveDate| {
            let midnight = date.and_hms_opt(0, 0, 0);
            midnight.map(|it| Timestamp(it.and_utc().timestamp_millis()))
        };
        let next = first.and_then(|date| date.checked_add_months(chrono::Months::new(1)));
        match (name.len(), first.and_then(start), next.and_then(start)) {
            (7, Some(from), Some(to)) => Ok(Self {
                name: name.to_owned(),
                from,
                to,
            }),
            _ => Err(refusal::one(
                "900703",
                "month",
                "is no month, as in `2026-11`",
            )),
        }
    }
}
