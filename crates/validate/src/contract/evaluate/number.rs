//! What schemas say of numbers.

use serde_json::{Number, Value};

use super::{Evaluation, Spot};

impl<'a> Evaluation<'a> {
    pub(super) fn number(
        &mut self,
        keyword: &str,
        said: &Value,
        number: &Number,
        spot: Spot<'a, '_>,
    ) {
        let value = number.as_f64().unwrap_or(f64::NAN);
        if keyword == "format" {
            let fits = match said.as_str() {
                Some("int32") => number.as_i64().is_some_and(|it| i32::try_from(it).is_ok()),
                Some("int64") => {
                    number.as_i64().is_some() || value.abs() < INT64 && value.fract() == 0.0
                }
                _ => true,
            };
            if !fits {
                let name = said.as_str().unwrap_or_default();
                self.report(spot.place, format!("is not an `{name}`"));
            }
            return;
        }
        let Some(bound) = said.as_f64() else { return };
        let fault = match keyword {
            "minimum" if value < bound => "must be at least",
            "maximum" if value > bound => "must be at most",
            "exclusiveMinimum" if value <= bound => "must be more than",
            "exclusiveMaximum" if value >= bound => "must be less than",
            "multipleOf" if !is_multiple(value, bound) => "must be a multiple of",
            _ => return,
        };
        self.report(spot.place, format!("{fault} {said}"));
    }
}

/// `1.0` is a whole number, as JSON Schema has it.
pub(super) fn is_whole(instance: &Value) -> bool {
    instance.is_i64() || instance.is_u64() || instance.as_f64().is_some_and(|it| it.fract() == 0.0)
}

/// Within the precision of the quotient: `0.3` is a multiple of `0.1`.
fn is_multiple(value: f64, of: f64) -> bool {
    if of <= 0.0 {
        return true;
    }
    let quotient = value / of;
    (quotient - quotient.round()).abs() <= 1e-9 * quotient.abs().max(1.0)
}

/// 2 to the power of 63.
const INT64: f64 = 9_223_372_036_854_775_808.0;
