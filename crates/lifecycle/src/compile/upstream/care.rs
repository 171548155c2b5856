//! The `config` of one address: its deadline, its weight, and what is done when it fails.

use std::ops::RangeInclusive;

use model::{Care, Retry, Suspension};
use serde_json::Value;

use crate::{
    Fault,
    draft::{Address, Object, fault},
};

/// The settings of an address, read with their faults.
pub(super) struct Settings<'a> {
    config: Option<&'a Object>,
    address: &'a Address,
    place: String,
    faults: &'a mut Vec<Fault>,
}

/// What members of a pool get that say nothing: enough to pass by one that is down, and to notice soon that it is back.
pub(super) const fn of_pools() -> Suspension {
    Suspension {
        codes: Vec::new(),
        first_ms: 5_000,
        factor_percent: 200,
        longest_ms: 60_000,
    }
}

impl<'a> Settings<'a> {
    pub(super) fn new(address: &'a Address, place: &str, faults: &'a mut Vec<Fault>) -> Self {
        Self {
            config: address.config.as_ref().and_then(Value::as_object),
            address,
            place: format!("{place}.config"),
            faults,
        }
    }

    /// `actionDuration`.
    pub(super) fn timeout_ms(&mut self) -> u32 {
        let given = self.number("actionDuration", 1..=TIMEOUT_LIMIT_MS);
        let is_endless = self.get("actionSelect").and_then(Value::as_str) == Some("neverTimeout");
        given.unwrap_or(if is_endless {
            TIMEOUT_LIMIT_MS
        } else {
            TIMEOUT_MS
        })
    }

    /// `weight`, ours, of the address or in its `config`.
    pub(super) fn weight(&mut self) -> u32 {
        let given = self
            .get("weight")
            .or_else(|| self.address.rest.get("weight"));
        let place = format!("{}.weight", self.place);
        number(given, &place, 1..=100, self.faults).unwrap_or(1)
    }

    /// What is done when it fails; nothing that is not asked for.
    pub(super) fn care(&mut self) -> Care {
        let codes = self.codes("suspendErrorCode");
        let first = self.number("suspendDuration", 0..=SUSPENSION_LIMIT_MS);
        let longest = self.number("suspendMaxDuration", 1..=SUSPENSION_LIMIT_MS);
        let factor_percent = self.factor();
        let is_suspended = first.map_or(!codes.is_empty(), |ms| ms > 0);
        let defaults = of_pools();
        let first_ms = first.unwrap_or(defaults.first_ms).max(1);
        let suspension = is_suspended.then(|| Suspension {
            codes,
            first_ms,
            factor_percent: factor_percent.unwrap_or(100),
            longest_ms: longest.unwrap_or(SUSPENSION_LIMIT_MS).max(first_ms),
        });
        let codes = self.codes("retryErroCode");
        let times = self.number("retryTimeOut", 0..=RETRY_LIMIT);
        let delay_ms = self.number("retryDelay", 0..=DELAY_LIMIT_MS);
        let retry = times.filter(|times| *times > 0).map(|times| Retry {
            codes,
            times,
            delay_ms: delay_ms.unwrap_or(0),
        });
        Care { suspension, retry }
    }

    /// `factor`, 1 to 100, in percent.
    fn factor(&mut self) -> Option<u32> {
        let given = match self.get("factor")? {
            Value::String(text) if text.is_empty() => return None,
            Value::String(text) => text.parse::<f64>().ok(),
            Value::Null => return None,
            other @ (Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => {
                other.as_f64()
            }
        };
        let percent = given.filter(|factor| (1.0..=100.0).contains(factor));
        if percent.is_none() {
            self.fault("factor", "is not a number from 1 to 100");
        }
        percent.map(|factor| (factor * 100.0).round() as u32)
    }

    /// A list of WSO2's codes and HTTP statuses.
    fn codes(&mut self, name: &str) -> Vec<u32> {
        let given = match self.get(name) {
            None | Some(Value::Null) => return Vec::new(),
            Some(Value::Array(given)) => given.clone(),
            Some(_) => {
                self.fault(name, "is not an array of codes");
                return Vec::new();
            }
        };
        let mut codes = Vec::new();
        for code in &given {
            let text = code.as_str().and_then(|text| text.parse().ok());
            let number = text.or_else(|| u32::try_from(code.as_u64()?).ok());
            match number {
                Some(code @ (500..=599 | 100_000..=999_999)) => codes.push(code),
                _ => self.fault(
                    name,
                    "has what is neither a code like 101503 nor an HTTP status from 500 to 599",
                ),
            }
        }
        codes
    }

    fn number(&mut self, name: &str, range: RangeInclusive<u32>) -> Option<u32> {
        let place = format!("{}.{name}", self.place);
        number(self.get(name), &place, range, self.faults)
    }

    fn get(&self, name: &str) -> Option<&'a Value> {
        self.config.and_then(|config| config.get(name))
    }

    fn fault(&mut self, name: &str, message: &str) {
        self.faults
            .push(fault(&format!("{}.{name}", self.place), message));
    }
}

/// A number, also as a string of digits; an empty string is none.
pub(super) fn number(
    given: Option<&Value>,
    place: &str,
    range: RangeInclusive<u32>,
    faults: &mut Vec<Fault>,
) -> Option<u32> {
    let parsed = match given? {
        Value::Null => return None,
        Value::String(text) if text.is_empty() => return None,
        Value::String(text) => text.parse().ok(),
        other @ (Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => {
            other.as_u64()
        }
    };
    let number = parsed.and_then(|it| u32::try_from(it).ok());
    let number = number.filter(|it| range.contains(it));
    if number.is_none() {
        let (from, to) = range.into_inner();
        faults.push(fault(place, format!("is not a number from {from} to {to}")));
    }
    number
}

/// Long enough for a slow report, short enough that a dead upstream is noticed.
const TIMEOUT_MS: u32 = 30_000;
const TIMEOUT_LIMIT_MS: u32 = 300_000;
/// An hour: longer than that, somebody should look.
const SUSPENSION_LIMIT_MS: u32 = 3_600_000;
const RETRY_LIMIT: u32 = 10;
const DELAY_LIMIT_MS: u32 = 10_000;
