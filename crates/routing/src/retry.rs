//! What may be sent again, and when.

use model::Retry;

use crate::health::is_among;

/// May a request be sent again that may already have been received? Only if its method means the same twice (RFC 9110
/// section 9.2.2) and its body is still there. That nothing was sent at all cannot be relied on: the platform tells a
/// refused connection no differently than one that broke after the request.
#[must_use]
pub fn is_repeatable(method: &str, has_body_gone: bool) -> bool {
    !has_body_gone
        && matches!(
            method,
            "GET" | "HEAD" | "OPTIONS" | "PUT" | "DELETE" | "TRACE"
        )
}

/// How long to wait before the address is asked again after this failure; `None` when it is not. `repeats`: how often it
/// was.
#[must_use]
pub fn pause_ms(retry: Option<&Retry>, code: u32, repeats: u32) -> Option<u32> {
    let retry = retry?;
    if repeats >= retry.times || !is_among(&retry.codes, code) {
        return None;
    }
    let grown = retry.delay_ms.saturating_mul(1 << repeats.min(16));
    Some(grown.min(LONGEST_PAUSE_MS))
}

const LONGEST_PAUSE_MS: u32 = 10_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_and_end() {
        let retry = Retry {
            codes: vec![101_503, 503],
            times: 3,
            delay_ms: 4_000,
        };
        let pauses = [0, 1, 2, 3].map(|repeats| pause_ms(Some(&retry), 101_503, repeats));
        assert_eq!(pauses, [Some(4_000), Some(8_000), Some(10_000), None]);
        assert_eq!(pause_ms(Some(&retry), 101_504, 0), None);
        assert_eq!(pause_ms(None, 101_503, 0), None);
    }

    #[test]
    fn only_what_means_the_same_twice_is_repeated() {
        for (method, gone, expected) in [
            ("GET", false, true),
            ("PUT", false, true),
            ("PUT", true, false),
            ("POST", false, false),
            ("PATCH", false, false),
        ] {
            assert_eq!(is_repeatable(method, gone), expected, "{method}");
        }
    }
}
