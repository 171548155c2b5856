//! Passive health: an address that failed is left out for a while, and each time in a row for longer.
//!
//! Only failures are noted, so that an upstream without any costs nothing. When a suspension is over, one call tries the
//! address; the others pass it by until that call has come back, or had time to.

use std::hash::{Hash, Hasher};

use model::{Care, Suspension, Timestamp};
use rustc_hash::{FxHashMap, FxHasher};

/// What an isolate knows about addresses: bounded, and nothing of those that work.
#[derive(Debug, Default)]
pub struct Health {
    troubles: FxHashMap<u64, Trouble>,
    /// How many calls have taken their turn in each pool.
    pub(crate) turns: FxHashMap<u64, u32>,
}

/// An address that failed lately.
#[derive(Clone, Copy, Debug, Default)]
struct Trouble {
    /// Failures in a row since it was suspended last.
    failures: u32,
    /// How long it was suspended last; 0 if never.
    last_ms: u32,
    until: Timestamp,
    /// A call is trying it.
    is_tried: bool,
    /// When it failed last.
    at: Timestamp,
}

impl Health {
    /// Is nothing known to be amiss? Then successes need not be told.
    #[must_use]
    pub fn is_calm(&self) -> bool {
        self.troubles.is_empty()
    }

    /// Is the address suspended?
    #[must_use]
    pub fn is_suspended(&self, address: u64, now: Timestamp) -> bool {
        !self.troubles.is_empty() && self.troubles.get(&address).is_some_and(|it| now < it.until)
    }

    pub(crate) fn suspended_until(&self, address: u64) -> Option<Timestamp> {
        self.troubles.get(&address).map(|it| it.until)
    }

    /// The address was chosen: after a suspension, this call tries it alone.
    pub(crate) fn chosen(&mut self, address: u64, now: Timestamp) {
        if let Some(trouble) = self.troubles.get_mut(&address)
            && trouble.last_ms > 0
        {
            trouble.until = now.plus_ms(TRIAL_MS);
            trouble.is_tried = true;
        }
    }

    /// It gave a reply that is no failure.
    pub fn succeeded(&mut self, address: u64) {
        self.troubles.remove(&address);
    }

    /// It failed with this code: WSO2's, or an HTTP status that [`counts`].
    pub fn failed(&mut self, address: u64, code: u32, care: &Care, now: Timestamp) {
        let Some(suspension) = &care.suspension else {
            return;
        };
        self.make_room(now);
        let trouble = self.troubles.entry(address).or_default();
        if now < trouble.until && !trouble.is_tried {
            return; // a call that was under way when it was suspended
        }
        if now.ms_since(trouble.at) > FORGET_MS.max(2 * i64::from(trouble.last_ms)) {
            *trouble = Trouble::default();
        }
        trouble.at = now;
        trouble.failures += 1;
        let retry = care.retry.as_ref();
        let borne = retry
            .filter(|it| is_among(&it.codes, code))
            .map_or(0, |it| it.times);
        if trouble.is_tried || trouble.failures > borne {
            trouble.suspend(suspension, now);
        }
    }

    fn make_room(&mut self, now: Timestamp) {
        if self.troubles.len() < MOST_TROUBLES {
            return;
        }
        self.troubles.retain(|_, trouble| now < trouble.until);
        if self.troubles.len() >= MOST_TROUBLES {
            self.troubles.clear();
        }
    }
}

impl Trouble {
    fn suspend(&mut self, suspension: &Suspension, now: Timestamp) {
        let grown = u64::from(self.last_ms) * u64::from(suspension.factor_percent) / 100;
        let ms = if self.last_ms == 0 {
            suspension.first_ms
        } else {
            u32::try_from(grown).unwrap_or(u32::MAX)
        };
        *self = Self {
            failures: 0,
            last_ms: ms.min(suspension.longest_ms).max(1),
            until: Timestamp::default(),
            is_tried: false,
            at: now,
        };
        self.until = now.plus_ms(i64::from(self.last_ms));
    }
}

/// The name of an address of an API: what one API does to an address says nothing about another API's calls to it.
#[must_use]
pub fn place(api: &str, url: &str) -> u64 {
    let mut hasher = FxHasher::default();
    api.hash(&mut hasher);
    url.hash(&mut hasher);
    mixed(hasher.finish())
}

/// Every bit of the result hangs on every bit of `value`.
pub(crate) const fn mixed(value: u64) -> u64 {
    let value = (value ^ (value >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    let value = (value ^ (value >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    value ^ (value >> 33)
}

/// Is it a failure for an address with this care? An HTTP status is one only where it is named.
#[must_use]
pub fn counts(care: &Care, code: u32) -> bool {
    let suspends = care
        .suspension
        .as_ref()
        .is_some_and(|it| is_among(&it.codes, code));
    suspends
        || care
            .retry
            .as_ref()
            .is_some_and(|it| is_among(&it.codes, code))
}

/// Is the code among those? WSO2 tells apart more failures than the platform does: any of a family stands for all of it.
#[must_use]
pub(crate) fn is_among(codes: &[u32], code: u32) -> bool {
    if codes.is_empty() {
        return code >= 101_000;
    }
    let family = FAMILIES.iter().find(|family| family.contains(&code));
    codes
        .iter()
        .any(|it| *it == code || family.is_some_and(|family| family.contains(it)))
}

/// No connection, no reply in time, and a connection that ended too early or a reply that is none.
const FAMILIES: [&[u32]; 3] = [
    &[101_503, 101_000, 101_500, 101_507],
    &[101_504, 101_508],
    &[101_505, 101_001, 101_501, 101_506, 101_509, 101_510],
];
/// Long enough for most replies; a slower one lets others try as well.
const TRIAL_MS: i64 = 2_000;
/// After so long without a failure the next one counts as the first.
const FORGET_MS: i64 = 60_000;
/// Some 64 KiB.
const MOST_TROUBLES: usize = 1_000;

#[cfg(test)]
mod tests {
    use model::Retry;

    use super::*;

    fn care(times: u32) -> Care {
        Care {
            suspension: Some(Suspension {
                codes: Vec::new(),
                first_ms: 1_000,
                factor_percent: 200,
                longest_ms: 3_000,
            }),
            retry: (times > 0).then(|| Retry {
                codes: Vec::new(),
                times,
                delay_ms: 0,
            }),
        }
    }

    #[test]
    fn suspensions_grow_to_their_longest_and_end_by_success() {
        let (mut health, care) = (Health::default(), care(0));
        let mut now = Timestamp(0);
        for expected in [1_000, 2_000, 3_000, 3_000] {
            health.failed(7, 101_503, &care, now);
            assert!(
                health.is_suspended(7, now.plus_ms(expected - 1)),
                "{expected}"
            );
            now = now.plus_ms(expected);
            assert!(!health.is_suspended(7, now), "{expected}");
        }
        health.chosen(7, now);
        health.succeeded(7);
        assert!(health.is_calm());
        health.failed(7, 101_503, &care, now);
        assert!(!health.is_suspended(7, now.plus_ms(1_000)), "begins anew");
    }

    #[test]
    fn after_a_suspension_one_call_tries_alone() {
        let (mut health, care) = (Health::default(), care(0));
        health.failed(7, 101_504, &care, Timestamp(0));
        health.failed(7, 101_504, &care, Timestamp(10));
        let over = Timestamp(1_000);
        assert!(
            !health.is_suspended(7, over),
            "calls under way do not lengthen it"
        );
        health.chosen(7, over);
        assert!(health.is_suspended(7, over), "for everybody else");
        health.failed(7, 101_504, &care, over.plus_ms(5));
        assert!(
            health.is_suspended(7, over.plus_ms(2_004)),
            "longer than before"
        );
    }

    #[test]
    fn retries_come_before_the_suspension() {
        let (mut health, care) = (Health::default(), care(2));
        for _ in 0..2 {
            health.failed(7, 101_503, &care, Timestamp(0));
            assert!(!health.is_suspended(7, Timestamp(0)));
        }
        health.failed(7, 101_503, &care, Timestamp(0));
        assert!(health.is_suspended(7, Timestamp(0)));
    }

    #[test]
    fn codes_of_a_family_stand_for_each_other() {
        for (codes, code, expected) in [
            (&[][..], 101_503, true),
            (&[], 503, false),
            (&[101_500], 101_503, true),
            (&[101_508], 101_504, true),
            (&[101_508], 101_503, false),
            (&[503], 503, true),
            (&[503], 502, false),
        ] {
            assert_eq!(is_among(codes, code), expected, "{codes:?} {code}");
        }
    }

    #[test]
    fn what_is_held_is_bounded() {
        let (mut health, care) = (Health::default(), care(0));
        for address in 0..10_000 {
            health.failed(address, 101_503, &care, Timestamp(0));
        }
        assert!(health.troubles.len() <= MOST_TROUBLES);
    }
}
