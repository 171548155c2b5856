//! WSO2's `maxTps`: what an upstream can take from all callers together.

use model::{Limit, Measure, TimeUnit};
use serde_json::Value;

use crate::{
    Fault,
    draft::{Object, fault},
};

/// A cap for each kind of key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Caps {
    /// Of the production endpoint.
    pub production: Option<Limit>,
    /// Of the sandbox endpoint.
    pub sandbox: Option<Limit>,
}

/// Reads `maxTps`. No number, 0 and -1 are no cap.
///
/// # Errors
/// The first fault.
pub fn read(max_tps: Option<&Object>) -> Result<Caps, Fault> {
    let Some(given) = max_tps else {
        return Ok(Caps::default());
    };
    // Caps of tokens are kept for AI gateways.
    if let Some(other) = given.keys().find(|key| !KNOWN.contains(&key.as_str())) {
        return Err(fault(
            &format!("maxTps.{other}"),
            format!("unknown property `{other}`"),
        ));
    }
    Ok(Caps {
        production: cap(given, "production", "productionTimeUnit")?,
        sandbox: cap(given, "sandbox", "sandboxTimeUnit")?,
    })
}

fn cap(given: &Object, count: &str, unit: &str) -> Result<Option<Limit>, Fault> {
    let time_unit = match given.get(unit) {
        None | Some(Value::Null) => TimeUnit::Sec,
        Some(Value::String(word)) if word == "SECOND" => TimeUnit::Sec,
        Some(Value::String(word)) if word == "MINUTE" => TimeUnit::Min,
        Some(Value::String(word)) if word == "HOUR" => TimeUnit::Hour,
        Some(_) => {
            return Err(fault(
                &format!("maxTps.{unit}"),
                "is none of `SECOND`, `MINUTE`, `HOUR`",
            ));
        }
    };
    match given.get(count) {
        None | Some(Value::Null) => Ok(None),
        Some(number) => match number.as_i64() {
            Some(0 | -1) => Ok(None),
            Some(number @ 1..=COUNT_LIMIT) => {
                let requests = Measure::Requests(number.unsigned_abs());
                Ok(Some(Limit::new(requests, 1, time_unit)))
            }
            _ => Err(fault(
                &format!("maxTps.{count}"),
                format!("is not a whole number from 1 to {COUNT_LIMIT}"),
            )),
        },
    }
}

const KNOWN: &[&str] = &[
    "production",
    "productionTimeUnit",
    "sandbox",
    "sandboxTimeUnit",
    "tokenBasedThrottlingConfiguration",
];

/// A thousand million calls, of an hour at the most.
const COUNT_LIMIT: i64 = 1_000_000_000;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn caps(given: &Value) -> Result<Caps, Fault> {
        read(given.as_object())
    }

    #[test]
    fn caps_become_limits_of_their_endpoint() {
        let of = |count, unit| Some(Limit::new(Measure::Requests(count), 1, unit));
        let found = caps(&json!({"production": 10, "sandbox": 5, "sandboxTimeUnit": "MINUTE"}));
        let expected = Caps {
            production: of(10, TimeUnit::Sec),
            sandbox: of(5, TimeUnit::Min),
        };
        assert_eq!(found, Ok(expected));
        for none in [json!({}), json!({"production": null, "sandbox": -1})] {
            assert_eq!(caps(&none), Ok(Caps::default()));
        }
    }

    #[test]
    fn each_bad_cap_names_its_field() {
        for (given, place) in [
            (json!({"production": -2}), "maxTps.production"),
            (json!({"sandbox": "5"}), "maxTps.sandbox"),
            (json!({"sandboxTimeUnit": "DAY"}), "maxTps.sandboxTimeUnit"),
            (json!({"staging": 5}), "maxTps.staging"),
        ] {
            assert_eq!(caps(&given).unwrap_err().place, place);
        }
    }
}
