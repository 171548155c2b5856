//! Who would have been throttled?

use std::collections::BTreeMap;
use std::fmt;

use model::{Limit, Timestamp};
use serde::{Deserialize, Serialize};
use throttle::{Ask, CounterKey, Holder, LeaseRequest, LimitShardState};

use crate::Mix;

/// Limits that each key of a mix has to itself: a plan and its burst limit, for example.
pub type Limits = Vec<Limit>;

/// What limits would have made of a mix.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Judgement {
    /// Calls of the mix.
    pub calls: u64,
    /// How many of them would have been refused.
    pub refused: u64,
    /// Callers of the mix.
    pub keys: u64,
    /// How many of them would have been refused at least once.
    pub keys_refused: u64,
    /// How often each limit would have refused, in the order of the limits. A call is refused by the first that cannot
    /// give what it needs.
    pub refused_by: Vec<u64>,
    /// Those who would have been refused most, at most [`Judgement::KEYS_NAMED`].
    pub most_refused: Vec<KeyJudgement>,
}

/// What limits would have made of one caller.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KeyJudgement {
    /// The caller.
    pub key: String,
    /// Its calls.
    pub calls: u64,
    /// How many of them would have been refused.
    pub refused: u64,
    /// When the first would have been.
    pub first_refused_at: Option<Timestamp>,
    /// When the last would have been.
    pub last_refused_at: Option<Timestamp>,
}

/// Why a mix is not judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TooMuch {
    /// More than [`Mix::CALLS_AT_MOST`], or no number.
    Calls,
    /// None, or more than [`Mix::KEYS_AT_MOST`].
    Keys,
    /// None, or more than [`Judgement::LIMITS_AT_MOST`].
    Limits,
}

impl fmt::Display for TooMuch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Calls => write!(f, "a mix has at most {} calls", Mix::CALLS_AT_MOST),
            Self::Keys => write!(f, "a mix has 1 to {} keys", Mix::KEYS_AT_MOST),
            Self::Limits => write!(f, "there are 1 to {} limits", Judgement::LIMITS_AT_MOST),
        }
    }
}

impl std::error::Error for TooMuch {}

impl Judgement {
    /// Callers that are named.
    pub const KEYS_NAMED: usize = 100;
    /// A call has no more limits than this.
    pub const LIMITS_AT_MOST: usize = 8;
}

/// Says which calls of `mix` would have been refused, had each key had `limits` to itself.
///
/// The calls are judged one by one in the order of their time by the state machine that owners of counters run
/// ([`LimitShardState`]), asked for just what each call needs: leases lose nothing here, so that a platform under load
/// may refuse a few calls more, and never fewer. All limits are charged or none. Work and memory are bounded: some
/// microseconds for each call and limit.
///
/// # Errors
/// [`TooMuch`] beyond the bounds; nothing is judged then.
pub fn judge(limits: &[Limit], mix: &Mix) -> Result<Judgement, TooMuch> {
    if limits.is_empty() || limits.len() > Judgement::LIMITS_AT_MOST {
        return Err(TooMuch::Limits);
    }
    let calls = mix.calls()?;
    let mut owner = LimitShardState::default();
    let mut by_key: BTreeMap<&str, KeyJudgement> = BTreeMap::new();
    let mut judgement = Judgement {
        refused_by: vec![0; limits.len()],
        ..Judgement::default()
    };
    for (call, number) in calls.iter().zip(1..) {
        if !by_key.contains_key(call.key.as_str()) && by_key.len() >= Mix::KEYS_AT_MOST as usize {
            return Err(TooMuch::Keys);
        }
        let standing = by_key.entry(&call.key).or_insert_with(|| KeyJudgement {
            key: call.key.clone(),
            calls: 0,
            refused: 0,
            first_refused_at: None,
            last_refused_at: None,
        });
        standing.calls += 1;
        judgement.calls += 1;
        let Some(refuser) = refuser(&mut owner, limits, call, number) else {
            continue;
        };
        standing.refused += 1;
        standing.first_refused_at.get_or_insert(call.at);
        standing.last_refused_at = Some(call.at);
        judgement.refused += 1;
        if let Some(count) = judgement.refused_by.get_mut(refuser) {
            *count += 1;
        }
    }
    let keys: Vec<KeyJudgement> = by_key.into_values().collect();
    Ok(judgement.with(keys))
}

impl Judgement {
    fn with(mut self, mut keys: Vec<KeyJudgement>) -> Self {
        self.keys = keys.len() as u64;
        keys.retain(|key| key.refused > 0);
        self.keys_refused = keys.len() as u64;
        keys.sort_by(|a, b| b.refused.cmp(&a.refused).then_with(|| a.key.cmp(&b.key)));
        keys.truncate(Self::KEYS_NAMED);
        self.most_refused = keys;
        self
    }
}

/// The place of the limit that refuses a call, if one does.
fn refuser(
    owner: &mut LimitShardState,
    limits: &[Limit],
    call: &crate::Call,
    number: u64,
) -> Option<usize> {
    let cost = call.cost.max(1);
    let asks = limits.iter().zip(0..).map(|(limit, place)| Ask {
        key: counter(place, &call.key),
        limit: *limit,
        cost,
        want: cost,
        owed: 0,
    });
    let request = LeaseRequest {
        holder: Holder::from_random(0),
        number,
        asks: asks.collect(),
        returns: Vec::new(),
        holders: 0,
    };
    let granting = owner.grant(&request, call.at);
    granting
        .reply
        .outcomes
        .iter()
        .position(|outcome| outcome.denied && outcome.units == 0)
}

fn counter(place: usize, key: &str) -> CounterKey {
    CounterKey::from(format!("{place}:{key}"))
}

#[cfg(test)]
mod tests {
    use model::{Algorithm, Measure, TimeUnit};

    use super::*;
    use crate::{Call, Synthetic};

    const MINUTE: Limit = Limit::new(Measure::Requests(10), 1, TimeUnit::Min);

    fn every_second(key: &str, count: i64) -> Vec<Call> {
        let call = |second| Call {
            at: Timestamp(1_763_949_960_000 + second * 1_000),
            key: key.to_owned(),
            cost: 1,
        };
        (0..count).map(call).collect()
    }

    #[test]
    fn the_eleventh_call_of_a_minute_is_the_first_refused() {
        let mix = Mix::Recorded(every_second("ann", 120));
        let judgement = judge(&[MINUTE], &mix).unwrap();
        assert_eq!((judgement.calls, judgement.refused), (120, 100));
        let ann = &judgement.most_refused[0];
        assert_eq!(ann.first_refused_at, Some(Timestamp(1_763_949_970_000)));
    }

    #[test]
    fn each_key_has_its_limits_to_itself() {
        let mut calls = every_second("ann", 10);
        calls.extend(every_second("bob", 12));
        let judgement = judge(&[MINUTE], &Mix::Recorded(calls)).unwrap();
        assert_eq!((judgement.keys, judgement.keys_refused), (2, 1));
        assert_eq!(judgement.most_refused[0].key, "bob");
    }

    #[test]
    fn every_way_of_counting_is_judged_as_it_counts() {
        let mix = Mix::Recorded(every_second("ann", 600));
        let refused = |algorithm| judge(&[MINUTE.counted(algorithm)], &mix).unwrap().refused;
        assert_eq!(refused(Algorithm::Fixed), 500);
        assert!((500..=520).contains(&refused(Algorithm::Sliding)));
        // A burst of five, less what a life costs, and then ten a minute.
        assert!((495..=505).contains(&refused(Algorithm::Gcra { burst: 5 })));
    }

    #[test]
    fn the_first_limit_that_cannot_give_is_named() {
        let burst = Limit::new(Measure::Requests(1), 1, TimeUnit::Sec);
        let mut calls = every_second("ann", 12);
        calls.extend(every_second("ann", 2));
        let judgement = judge(&[MINUTE, burst], &Mix::Recorded(calls)).unwrap();
        assert_eq!(judgement.refused_by, [2, 2]);
    }

    #[test]
    fn work_is_bounded() {
        let rule = |keys, calls_per_second| {
            Mix::Synthetic(Synthetic {
                keys,
                calls_per_second,
                seconds: 60,
                skew: 1.1,
                from: Timestamp(0),
                seed: 1,
            })
        };
        assert_eq!(judge(&[], &rule(1, 1.0)), Err(TooMuch::Limits));
        assert_eq!(judge(&[MINUTE; 9], &rule(1, 1.0)), Err(TooMuch::Limits));
        assert_eq!(judge(&[MINUTE], &rule(0, 1.0)), Err(TooMuch::Keys));
        assert_eq!(judge(&[MINUTE], &rule(1, 1e9)), Err(TooMuch::Calls));
        assert_eq!(judge(&[MINUTE], &rule(1, f64::NAN)), Err(TooMuch::Calls));
        let judgement = judge(&[MINUTE], &rule(100, 100.0)).unwrap();
        assert!(judgement.calls > 5_000 && judgement.refused > 2_000);
        assert_eq!(judgement, judge(&[MINUTE], &rule(100, 100.0)).unwrap());
    }
}
