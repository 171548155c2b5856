//! The `RateLimit` and `RateLimit-Policy` fields (draft-ietf-httpapi-ratelimit-headers-10): lists of structured-field
//! strings (RFC 9651) with parameters.

use model::{Measure, Timestamp};

use crate::{Standing, Window};

/// Value of `RateLimit-Policy`: each limit's quota (`q`), unit (`qu`, unless requests) and window in seconds (`w`).
#[must_use]
pub fn rate_limit_policy(standings: &[Standing], now: Timestamp) -> String {
    list(standings, |text, standing| {
        let quota = crate::amount(&standing.limit).min(INTEGER_MAX);
        let window = Window::about(&standing.limit, now).length_ms() / 1000;
        let unit = match standing.limit.measure {
            Measure::Requests(_) => "",
            Measure::Bytes(_) => ";qu=\"content-bytes\"",
            Measure::Events(_) => ";qu=\"events\"",
        };
        push_number(text, ";q=", quota);
        text.push_str(unit);
        push_number(text, ";w=", window.unsigned_abs());
    })
}

/// Value of `RateLimit`: what is left (`r`) and in how many seconds the window ends (`t`, rounded up).
#[must_use]
pub fn rate_limit(standings: &[Standing], now: Timestamp) -> String {
    list(standings, |text, standing| {
        let left = standing.remaining.min(INTEGER_MAX);
        let seconds = standing.resets_at.ms_since(now).max(0).saturating_add(999) / 1000;
        push_number(text, ";r=", left);
        push_number(text, ";t=", seconds.unsigned_abs());
    })
}

fn list(standings: &[Standing], parameters: impl Fn(&mut String, &Standing)) -> String {
    let mut text = String::with_capacity(standings.len() * 32);
    for standing in standings {
        if !text.is_empty() {
            text.push_str(", ");
        }
        push_string(&mut text, &standing.policy);
        parameters(&mut text, standing);
    }
    text
}

fn push_number(text: &mut String, name: &str, number: u64) {
    text.push_str(name);
    text.push_str(itoa::Buffer::new().format(number));
}

/// A structured-field string: printable ASCII, with `"` and `\` escaped; anything else becomes `?`.
fn push_string(text: &mut String, name: &str) {
    text.push('"');
    let is_plain = |byte: u8| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\');
    if name.bytes().all(is_plain) {
        text.push_str(name);
        text.push('"');
        return;
    }
    for letter in name.chars() {
        match letter {
            '"' | '\\' => text.extend(['\\', letter]),
            ' '..='~' => text.push(letter),
            _ => text.push('?'),
        }
    }
    text.push('"');
}

/// The greatest structured-field integer (RFC 9651 section 3.3.1).
const INTEGER_MAX: u64 = 999_999_999_999_999;

#[cfg(test)]
mod tests {
    use model::{Limit, TimeUnit};

    use super::*;
    use crate::Stage;

    fn standing(policy: &str, measure: Measure, remaining: u64) -> Standing {
        let limit = Limit::new(measure, 1, TimeUnit::Min);
        let resets_at = Timestamp(60_000);
        Standing {
            stage: Stage::Subscription,
            policy: policy.into(),
            limit,
            remaining,
            resets_at,
        }
    }

    #[test]
    fn fields_are_structured_lists() {
        let standings = [
            standing("Gold", Measure::Requests(5000), 4999),
            standing("a \"b\" \\ ü", Measure::Bytes(u64::MAX), u64::MAX),
        ];
        let now = Timestamp(28_001);
        assert_eq!(
            rate_limit_policy(&standings, now),
            r#""Gold";q=5000;w=60, "a \"b\" \\ ?";q=999999999999999;qu="content-bytes";w=60"#
        );
        assert_eq!(
            rate_limit(&standings, now),
            r#""Gold";r=4999;t=32, "a \"b\" \\ ?";r=999999999999999;t=32"#
        );
    }

    #[test]
    fn a_reset_in_the_past_is_now() {
        assert_eq!(
            rate_limit(
                &[standing("Gold", Measure::Requests(1), 0)],
                Timestamp(99_000)
            ),
            r#""Gold";r=0;t=0"#
        );
    }
}
