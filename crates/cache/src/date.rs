//! `Sun, 06 Nov 1994 08:49:37 GMT`, the one form that senders may write (RFC 9110 section 5.6.7).

/// Seconds since the epoch; `None` for anything else, which counts as a time long ago.
pub(crate) fn parse(text: &str) -> Option<i64> {
    let (weekday, rest) = text.trim().split_once(", ")?;
    let mut parts = rest.split(' ');
    let day: i64 = digits(parts.next()?, 2)?;
    let month = parts.next()?;
    let month = MONTHS.iter().position(|it| *it == month)?;
    let year: i64 = digits(parts.next()?, 4)?;
    let mut clock = parts.next()?.split(':');
    let hour: i64 = digits(clock.next()?, 2)?;
    let minute: i64 = digits(clock.next()?, 2)?;
    let second: i64 = digits(clock.next()?, 2)?;
    let is_whole = parts.next() == Some("GMT") && parts.next().is_none() && clock.next().is_none();
    let is_time = (1..=31).contains(&day) && hour < 24 && minute < 60 && second < 61;
    (weekday.len() == 3 && is_whole && is_time)
        .then(|| days(year, month as i64 + 1, day) * 86_400 + hour * 3_600 + minute * 60 + second)
}

fn digits(text: &str, length: usize) -> Option<i64> {
    let plain = text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

/// Days since the epoch of a date of the Gregorian calendar; years are counted from March, so that leap days come last.
const fn days(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let leap_days = year / 4 - year / 100 + year / 400;
    year * 365 + leap_days + (month * 153 + 2) / 5 + day - 1 - EPOCH
}

/// Days from 1 March of the year 0 to 1 January 1970.
const EPOCH: i64 = 719_468;
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_form_that_is_written_today() {
        for (text, seconds) in [
            ("Thu, 01 Jan 1970 00:00:00 GMT", Some(0)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(784_111_777)),
            ("Thu, 29 Feb 2024 23:59:59 GMT", Some(1_709_251_199)),
            ("Fri, 01 Mar 2024 00:00:00 GMT", Some(1_709_251_200)),
            ("Sunday, 06-Nov-94 08:49:37 GMT", None),
            ("Sun Nov  6 08:49:37 1994", None),
            ("Sun, 06 Nov 1994 08:49:37", None),
            ("Sun, 06 Nov 1994 08:49:37 CET", None),
            ("Sun, 6 Nov 1994 08:49:37 GMT", None),
            ("0", None),
            ("", None),
        ] {
            assert_eq!(parse(text), seconds, "{text}");
        }
    }
}
