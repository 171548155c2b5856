//! The formats that are held to. Any other is a remark.

/// Is a text of that format? `true` for one that nobody knows.
pub(super) fn holds(format: &str, text: &str) -> bool {
    match format {
        "date" => is_date(text),
        "date-time" => text
            .split_once(['T', 't', ' '])
            .is_some_and(|(date, time)| is_date(date) && is_time(time)),
        "time" => is_time(text),
        "email" => is_email(text),
        "uuid" => is_uuid(text),
        "ipv4" => text.parse::<std::net::Ipv4Addr>().is_ok(),
        "ipv6" => text.parse::<std::net::Ipv6Addr>().is_ok(),
        "hostname" => is_hostname(text),
        "uri" => text
            .split_once(':')
            .is_some_and(|(scheme, rest)| is_scheme(scheme) && is_uri(rest)),
        "uri-reference" => is_uri(text),
        "byte" => is_base64(text),
        _ => true,
    }
}

fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else {
        return false;
    };
    let (Some(year), Some(month), Some(day)) = (digits(year, 4), digits(month, 2), digits(day, 2))
    else {
        return false;
    };
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let last = match month {
        4 | 6 | 9 | 11 => 30,
        2 if is_leap => 29,
        2 => 28,
        1..=12 => 31,
        _ => 0,
    };
    (1..=last).contains(&day)
}

/// With an offset from UTC, as RFC 3339 has it.
fn is_time(text: &str) -> bool {
    let Some(at) = text.find(['Z', 'z', '+', '-']) else {
        return false;
    };
    let (clock, offset) = text.split_at(at);
    let has_offset = matches!(offset, "Z" | "z")
        || offset
            .get(1..)
            .and_then(|it| it.split_once(':'))
            .is_some_and(|(hours, minutes)| {
                digits(hours, 2).is_some_and(|it| it < 24)
                    && digits(minutes, 2).is_some_and(|it| it < 60)
            });
    let (whole, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let parts: Vec<&str> = whole.split(':').collect();
    let [hours, minutes, seconds] = parts.as_slice() else {
        return false;
    };
    has_offset
        && !fraction.is_empty()
        && fraction.bytes().all(|byte| byte.is_ascii_digit())
        && digits(hours, 2).is_some_and(|it| it < 24)
        && digits(minutes, 2).is_some_and(|it| it < 60)
        && digits(seconds, 2).is_some_and(|it| it <= 60)
}

fn digits(text: &str, length: usize) -> Option<u32> {
    let is_number = text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
}

fn is_email(text: &str) -> bool {
    text.rsplit_once('@').is_some_and(|(local, domain)| {
        !local.is_empty()
            && local.len() <= 64
            && !local.contains(|it: char| it.is_whitespace() || it.is_control() || it == '@')
            && is_hostname(domain)
    })
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

fn is_hostname(text: &str) -> bool {
    text.len() <= 253
        && text.split('.').all(|label| {
            !label.is_empty()
                && label.len() <= 63
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        })
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
}

fn is_uri(text: &str) -> bool {
    text.bytes()
        .all(|byte| byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte))
}

fn is_base64(text: &str) -> bool {
    let filled = text.trim_end_matches('=');
    text.len().is_multiple_of(4)
        && text.len() - filled.len() <= 2
        && filled
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'))
}

#[cfg(test)]
mod tests {
    use super::holds;

    #[test]
    fn formats_accept_their_own_only() {
        for (format, good, bad) in [
            ("date", "2024-02-29", "2023-02-29"),
            (
                "date-time",
                "2026-11-26T20:15:00.5+01:00",
                "2026-11-26 20:15",
            ),
            ("time", "23:59:60Z", "24:00:00Z"),
            ("email", "ann@example.com", "ann@@example..com"),
            (
                "uuid",
                "0f8fad5b-d9cb-469f-a165-70867728950e",
                "0f8fad5bd9cb469fa16570867728950e0000",
            ),
            ("ipv4", "192.0.2.1", "192.0.2.256"),
            ("ipv6", "2001:db8::1", "2001:db8"),
            ("hostname", "api.example.com", "-api.example.com"),
            ("uri", "https://example.com/a?b", "no scheme"),
            ("uri-reference", "/a/b", "a b"),
            ("byte", "aGk=", "aGk"),
        ] {
            assert!(holds(format, good), "{format} {good}");
            assert!(!holds(format, bad), "{format} {bad}");
        }
        assert!(holds("color", "anything"));
    }
}
