//! Limits at the door: how much of what in how long, by which way of counting, on whose calendar.

use model::{Algorithm, Limit, Measure, TimeUnit, Zone};

use super::{Quantity, ThrottleLimit};
use crate::{
    Fault,
    draft::{fault, missing},
};

impl ThrottleLimit {
    /// What gateways count; `None` when the limit is the peer's "unlimited" (the largest 32-bit integer).
    ///
    /// # Errors
    /// The first fault, its place under `place`.
    pub(super) fn read(&self, place: &str) -> Result<Option<Limit>, Fault> {
        let (name, quantity) = match self.kind.as_str() {
            "REQUESTCOUNTLIMIT" => ("requestCount", &self.request_count),
            "BANDWIDTHLIMIT" => ("bandwidth", &self.bandwidth),
            "EVENTCOUNTLIMIT" => ("eventCount", &self.event_count),
            "AIAPIQUOTALIMIT" => ("aiApiQuota", &self.ai_api_quota),
            other => {
                return Err(fault(
                    &format!("{place}.type"),
                    format!("`{other}` is not a kind of limit"),
                ));
            }
        };
        let inside = format!("{place}.{name}");
        let quantity = quantity.as_ref().ok_or_else(|| missing(&inside))?;
        let (count, count_place, make): (_, _, fn(u64) -> Measure) = match name {
            "bandwidth" => (quantity.bytes(&inside)?, "dataAmount", Measure::Bytes),
            "eventCount" => (quantity.event_count, "eventCount", Measure::Events),
            // Tokens are counted by AI gateways; until there is one, the requests of the quota are what counts.
            _ => (quantity.request_count, "requestCount", Measure::Requests),
        };
        let count = positive(count, &format!("{inside}.{count_place}"))?;
        let limit = Limit {
            measure: make(count),
            ..quantity.window(&inside)?
        };
        let limit = limit.counted(self.counting(place)?);
        let limit = limit.in_zone(self.zone(&limit, place)?);
        Ok((count != UNLIMITED).then_some(limit))
    }

    fn counting(&self, place: &str) -> Result<Algorithm, Fault> {
        let burst = format!("{place}.burst");
        match (self.algorithm.as_deref(), self.burst) {
            (Some("gcra"), given) => Ok(Algorithm::Gcra {
                burst: positive(given, &burst)?,
            }),
            (None | Some("fixed" | "sliding"), Some(_)) => {
                Err(fault(&burst, "is for the algorithm `gcra` only"))
            }
            (None | Some("fixed"), None) => Ok(Algorithm::Fixed),
            (Some("sliding"), None) => Ok(Algorithm::Sliding),
            (Some(other), _) => Err(fault(
                &format!("{place}.algorithm"),
                format!("`{other}` is none of `fixed`, `sliding`, `gcra`"),
            )),
        }
    }

    /// The zone as a name; whether there is such a zone is for the tables of the Traffic Manager to say.
    fn zone(&self, limit: &Limit, place: &str) -> Result<Zone, Fault> {
        let place = format!("{place}.timeZone");
        let Some(name) = self.time_zone.as_deref() else {
            return Ok(Zone::UTC);
        };
        let zone: Zone = name
            .parse()
            .map_err(|bad: model::BadZone| fault(&place, format!("`{name}` is {bad}")))?;
        let has_calendar = matches!(limit.time_unit, TimeUnit::Day | TimeUnit::Month)
            && limit.algorithm == Algorithm::Fixed;
        if zone.is_utc() || has_calendar {
            Ok(zone)
        } else {
            Err(fault(
                &place,
                "means something for days and months in fixed windows only",
            ))
        }
    }
}

impl Quantity {
    /// The window, with nothing counted yet.
    fn window(&self, place: &str) -> Result<Limit, Fault> {
        let unit_time = positive(self.unit_time, &format!("{place}.unitTime"))?;
        let unit_time = u32::try_from(unit_time)
            .ok()
            .filter(|time| *time <= UNIT_TIME_LIMIT)
            .ok_or_else(|| {
                fault(
                    &format!("{place}.unitTime"),
                    format!("is more than {UNIT_TIME_LIMIT}"),
                )
            })?;
        let time_unit = match self
            .time_unit
            .as_deref()
            .map(str::to_ascii_lowercase)
            .as_deref()
        {
            Some("min" | "minute" | "minutes") => TimeUnit::Min,
            Some("hour" | "hours") => TimeUnit::Hour,
            Some("day" | "days") => TimeUnit::Day,
            Some("month" | "months") => TimeUnit::Month,
            _ => {
                return Err(fault(
                    &format!("{place}.timeUnit"),
                    "is none of `min`, `hour`, `day`, `month`",
                ));
            }
        };
        Ok(Limit::new(Measure::Requests(0), unit_time, time_unit))
    }

    fn bytes(&self, place: &str) -> Result<Option<i64>, Fault> {
        let factor = match self.data_unit.as_deref() {
            Some("KB") => 1 << 10,
            Some("MB") => 1 << 20,
            Some("GB") => 1 << 30,
            _ => {
                return Err(fault(
                    &format!("{place}.dataUnit"),
                    "is none of `KB`, `MB`, `GB`",
                ));
            }
        };
        Ok(self.data_amount.map(|amount| amount.saturating_mul(factor)))
    }
}

pub(super) fn positive(number: Option<i64>, place: &str) -> Result<u64, Fault> {
    let number = number.ok_or_else(|| missing(place))?;
    u64::try_from(number)
        .ok()
        .filter(|number| (1..=COUNT_LIMIT).contains(number))
        .ok_or_else(|| fault(place, "is not a whole number from 1 to 9007199254740991"))
}

/// The peer's largest count, which it means as "no limit".
const UNLIMITED: u64 = i32::MAX as u64;

/// Counts stay exact in JSON and in SQLite's bindings.
const COUNT_LIMIT: u64 = (1 << 53) - 1;

/// A window of this many units is a century of months; more is a slip of the hand.
const UNIT_TIME_LIMIT: u32 = 1_200;
