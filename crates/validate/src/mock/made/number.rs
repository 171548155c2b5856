//! Numbers: the least that is allowed, or else zero.

use serde_json::{Value, json};

pub(super) fn made(schema: &Value, is_whole: bool) -> Value {
    let bound = |key: &str| schema.get(key).and_then(Value::as_f64);
    // Before 3.1 `exclusiveMinimum` is a flag beside `minimum`.
    let flag = |key: &str| schema.get(key) == Some(&Value::Bool(true));
    let step = bound("multipleOf").filter(|it| *it > 0.0);
    let above =
        bound("exclusiveMinimum").or_else(|| bound("minimum").filter(|_| flag("exclusiveMinimum")));
    let below =
        bound("exclusiveMaximum").or_else(|| bound("maximum").filter(|_| flag("exclusiveMaximum")));
    let gap = step.unwrap_or(match (is_whole, above, below) {
        (false, Some(above), Some(below)) => (below - above) / 2.0,
        _ => 1.0,
    });
    let least = above.map(|it| it + gap).or_else(|| bound("minimum"));
    let most = below.map(|it| it - gap).or_else(|| bound("maximum"));
    let wanted = match (least, most) {
        (Some(least), _) => least,
        (None, Some(most)) if most < 0.0 => most,
        (None, _) => 0.0,
    };
    let wanted = step.map_or(wanted, |step| match least {
        Some(_) => (wanted / step).ceil() * step,
        None => (wanted / step).floor() * step,
    });
    let wanted = match (is_whole, least) {
        (true, Some(_)) => wanted.ceil(),
        (true, None) => wanted.floor(),
        (false, _) => wanted,
    };
    written(wanted)
}

/// A whole number without a point.
fn written(number: f64) -> Value {
    #[allow(
        clippy::cast_possible_truncation,
        reason = "within what a double holds exactly, as the guard says"
    )]
    match number.fract() == 0.0 && number.abs() < MOST_EXACT {
        true => json!(number as i64),
        false => json!(number),
    }
}

/// 2^53.
const MOST_EXACT: f64 = 9_007_199_254_740_992.0;
