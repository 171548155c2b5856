//! Slowing down guesses without locking anyone out for good.
//!
//! Failures are counted per minute, by three subjects: an account from one address, the address, the account. Past a
//! subject's allowance every further attempt of that minute is refused unread, right or wrong, so that a guesser learns
//! nothing; the next minute starts anew. A person who mistypes waits a minute at the most; a guesser has 5 guesses a
//! minute from one address, and 100 with all addresses together.

use model::Timestamp;
use serde::Deserialize;

/// Failures of the current window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Attempts {
    /// Of this account from this address.
    pub pair: i64,
    /// From this address.
    pub address: i64,
    /// Of this account.
    pub account: i64,
}

/// May another password be tried? `Err` says after how many seconds it may.
///
/// # Errors
/// Whole seconds until the window ends, at least 1.
pub fn judge_attempts(attempts: Attempts, now: Timestamp) -> Result<(), u64> {
    let exhausted = attempts.pair >= PAIR_ALLOWANCE
        || attempts.address >= ADDRESS_ALLOWANCE
        || attempts.account >= ACCOUNT_ALLOWANCE;
    if !exhausted {
        return Ok(());
    }
    let left_ms = attempt_window(now).plus_ms(ATTEMPT_WINDOW_MS).ms_since(now);
    Err(left_ms.max(1).unsigned_abs().div_ceil(1000))
}

/// Start of the window in which `now` lies.
#[must_use]
pub const fn attempt_window(now: Timestamp) -> Timestamp {
    Timestamp(now.0 - now.0.rem_euclid(ATTEMPT_WINDOW_MS))
}

/// How often codes (of an app, or for recovery) were tried for one person, right or wrong, this attempt among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeAttempts {
    /// In this minute.
    pub minute: i64,
    /// In this hour.
    pub hour: i64,
}

/// May this code be looked at? Whoever gets here knows the password already, and six digits are few: 20 guesses an hour
/// find a code in a year with one chance in two.
///
/// # Errors
/// Whole seconds until the next attempt, at least 1.
pub fn judge_code_attempts(attempts: CodeAttempts, now: Timestamp) -> Result<(), u64> {
    let until = if attempts.hour > CODE_HOUR_ALLOWANCE {
        code_window(now).plus_ms(CODE_WINDOW_MS)
    } else if attempts.minute > CODE_MINUTE_ALLOWANCE {
        attempt_window(now).plus_ms(ATTEMPT_WINDOW_MS)
    } else {
        return Ok(());
    };
    Err(until.ms_since(now).max(1).unsigned_abs().div_ceil(1000))
}

/// Start of the hour in which `now` lies.
#[must_use]
pub const fn code_window(now: Timestamp) -> Timestamp {
    Timestamp(now.0 - now.0.rem_euclid(CODE_WINDOW_MS))
}

/// One hour.
pub const CODE_WINDOW_MS: i64 = 3_600_000;
const CODE_MINUTE_ALLOWANCE: i64 = 5;
const CODE_HOUR_ALLOWANCE: i64 = 20;
/// One minute.
pub const ATTEMPT_WINDOW_MS: i64 = 60_000;
const PAIR_ALLOWANCE: i64 = 5;
const ADDRESS_ALLOWANCE: i64 = 30;
const ACCOUNT_ALLOWANCE: i64 = 100;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_subject_has_its_own_allowance() {
        let check = |pair, address, account, expected| {
            let attempts = Attempts {
                pair,
                address,
                account,
            };
            assert_eq!(
                judge_attempts(attempts, Timestamp(120_000 + 59_001)),
                expected,
                "{attempts:?}"
            );
        };
        check(0, 0, 0, Ok(()));
        check(4, 29, 99, Ok(()));
        check(5, 5, 5, Err(1));
        check(0, 30, 0, Err(1));
        check(0, 0, 100, Err(1));
    }

    #[test]
    fn codes_are_guessed_five_times_a_minute() {
        let check = |minute, hour, expected| {
            let verdict = judge_code_attempts(CodeAttempts { minute, hour }, Timestamp(3_540_000));
            assert_eq!(verdict, expected, "{minute} {hour}");
        };
        check(1, 1, Ok(()));
        check(5, 20, Ok(()));
        check(6, 6, Err(60));
        check(1, 21, Err(60));
        let early = judge_code_attempts(
            CodeAttempts {
                minute: 1,
                hour: 21,
            },
            Timestamp(0),
        );
        assert_eq!(early, Err(3600));
    }

    #[test]
    fn next_window_starts_empty() {
        assert_eq!(attempt_window(Timestamp(119_999)), Timestamp(60_000));
        assert_eq!(attempt_window(Timestamp(120_000)), Timestamp(120_000));
        let full = Attempts {
            pair: 5,
            ..Attempts::default()
        };
        assert_eq!(judge_attempts(full, Timestamp(120_000)), Err(60));
    }
}
