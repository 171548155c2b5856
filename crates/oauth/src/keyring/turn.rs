//! What is due, and what an administrator may ask for.

use model::Timestamp;
use problem::Problem;

use super::{KeySchedule, KeyState, RingKey, SigningAlgorithm};

/// How long a key is known before it signs and after.
#[derive(Clone, Copy, Debug)]
pub struct Timing {
    /// From its publication to its first signature: longer than any reader keeps an old copy of the keys.
    pub announcement_ms: i64,
    /// From its last signature to its retirement: longer than the longest life of a token.
    pub overlap_ms: i64,
}

/// One step of one key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Make a key and publish it.
    Announce(SigningAlgorithm),
    /// This key signs from now on, and the one that did so does no more.
    Promote(String),
    /// This key is no longer published.
    Retire(String),
}

/// What is due now. A step that was taken is not due again, so that asking twice does no harm.
#[must_use]
pub fn due_turns(
    keys: &[RingKey],
    schedule: &KeySchedule,
    timing: Timing,
    now: Timestamp,
) -> Vec<Turn> {
    let is_over =
        |since: Option<Timestamp>, ms: i64| since.is_some_and(|since| now.ms_since(since) >= ms);
    let mut turns: Vec<Turn> =
        keys.iter()
            .filter_map(|key| match key.state {
                KeyState::Announced => is_over(key.published_at, timing.announcement_ms)
                    .then(|| Turn::Promote(key.kid.clone())),
                KeyState::Retiring => is_over(key.replaced_at, timing.overlap_ms)
                    .then(|| Turn::Retire(key.kid.clone())),
                KeyState::Signing | KeyState::Retired | KeyState::Withdrawn => None,
            })
            .collect();
    if is_next_due(keys, schedule, timing, now) {
        turns.push(Turn::Announce(schedule.algorithm));
    }
    turns
}

/// The next key is announced so early that it can sign when the period is over.
fn is_next_due(keys: &[RingKey], schedule: &KeySchedule, timing: Timing, now: Timestamp) -> bool {
    let Some(period_ms) = schedule.period_ms() else {
        return false;
    };
    let signing = keys.iter().find(|key| key.state == KeyState::Signing);
    may_announce(keys).is_ok()
        && signing
            .is_some_and(|key| now.ms_since(key.signing_from) >= period_ms - timing.announcement_ms)
}

/// Another key may be announced when none waits for its turn.
///
/// # Errors
/// 409.
pub fn may_announce(keys: &[RingKey]) -> Result<(), Problem> {
    match keys.iter().find(|key| key.state == KeyState::Announced) {
        None => Ok(()),
        Some(key) => Err(Problem::new("409").detail(format!(
            "the key `{}` is announced and not yet in use; wait for its turn, or withdraw it first",
            key.kid
        ))),
    }
}

/// What taking a key back asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Withdrawal {
    /// It goes, and that is all.
    Alone,
    /// It was the one that signs: a new key has to sign at once.
    WithSuccessor,
}

/// May a key of this state be taken back, and what does it need?
///
/// # Errors
/// 409 for one that is no longer published.
pub fn judge_withdrawal(state: KeyState) -> Result<Withdrawal, Problem> {
    match state {
        KeyState::Signing => Ok(Withdrawal::WithSuccessor),
        KeyState::Announced | KeyState::Retiring => Ok(Withdrawal::Alone),
        KeyState::Retired | KeyState::Withdrawn => {
            Err(Problem::new("409").detail("nobody believes this key any more"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIMING: Timing = Timing {
        announcement_ms: 1_000,
        overlap_ms: 5_000,
    };
    const DAY_MS: i64 = 24 * 3600 * 1000;

    fn key(kid: &str, state: KeyState, at: i64) -> RingKey {
        RingKey {
            kid: kid.into(),
            algorithm: SigningAlgorithm::Es256,
            state,
            published_at: Some(Timestamp(at)),
            signing_from: Timestamp(at),
            replaced_at: (state == KeyState::Retiring).then_some(Timestamp(at)),
        }
    }

    fn check(keys: &[RingKey], now: i64, expected: &[Turn]) {
        let found = due_turns(keys, &KeySchedule::default(), TIMING, Timestamp(now));
        assert_eq!(found, expected, "{now}");
    }

    #[test]
    fn announced_keys_sign_when_they_are_known() {
        let keys = [
            key("a", KeyState::Signing, 0),
            key("b", KeyState::Announced, 500),
        ];
        check(&keys, 1_499, &[]);
        check(&keys, 1_500, &[Turn::Promote("b".into())]);
        let unpublished = RingKey {
            published_at: None,
            ..key("b", KeyState::Announced, 0)
        };
        check(&[key("a", KeyState::Signing, 0), unpublished], 90_000, &[]);
    }

    #[test]
    fn replaced_keys_go_when_their_last_token_has() {
        let keys = [
            key("a", KeyState::Retiring, 100),
            key("b", KeyState::Signing, 100),
        ];
        check(&keys, 5_099, &[]);
        check(&keys, 5_100, &[Turn::Retire("a".into())]);
    }

    #[test]
    fn next_key_is_announced_in_time() {
        let keys = [key("a", KeyState::Signing, 0)];
        let end = 90 * DAY_MS;
        check(&keys, end - 1_001, &[]);
        check(
            &keys,
            end - 1_000,
            &[Turn::Announce(SigningAlgorithm::Es256)],
        );
        let waiting = [keys[0].clone(), key("b", KeyState::Announced, end)];
        check(&waiting, end, &[]);
        let never = KeySchedule {
            period_days: None,
            ..KeySchedule::default()
        };
        assert!(due_turns(&keys, &never, TIMING, Timestamp(9 * end)).is_empty());
    }

    #[test]
    fn one_key_at_a_time_is_announced() {
        assert!(may_announce(&[key("a", KeyState::Signing, 0)]).is_ok());
        let refused = may_announce(&[key("b", KeyState::Announced, 0)]).unwrap_err();
        assert_eq!(refused.status(), 409);
    }

    #[test]
    fn only_the_signing_key_needs_a_successor() {
        let check = |state: KeyState, expected: Result<Withdrawal, u16>| {
            let found = judge_withdrawal(state).map_err(|problem| problem.status());
            assert_eq!(found, expected, "{state:?}");
        };
        check(KeyState::Announced, Ok(Withdrawal::Alone));
        check(KeyState::Signing, Ok(Withdrawal::WithSuccessor));
        check(KeyState::Retiring, Ok(Withdrawal::Alone));
        check(KeyState::Retired, Err(409));
        check(KeyState::Withdrawn, Err(409));
    }
}
