//! Never over: what was admitted, held against what each limit promises, by the owner's clock.

use std::collections::{BTreeMap, VecDeque};

use model::{Algorithm, Limit, Timestamp};
use throttle::{Charge, CounterKey, ObjectName, Window, amount, policy_version};

/// Every unit that was admitted, by counter, until no promise is about it any more.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    counters: BTreeMap<(ObjectName, CounterKey), Counted>,
}

#[derive(Clone, Debug, Default)]
struct Counted {
    fixed: BTreeMap<Window, Fixed>,
    sliding: BTreeMap<u32, VecDeque<(Timestamp, u64)>>,
    /// Debt in parts of a unit, and when it was that.
    flowing: BTreeMap<u32, (u128, Timestamp)>,
}

/// A fixed window's calls.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Fixed {
    pub(crate) offered: u64,
    pub(crate) admitted: u64,
    /// The most that any limit in force allowed.
    pub(crate) allowed: u64,
}

impl Ledger {
    /// Counts units that were asked for.
    pub(crate) fn offer(&mut self, charge: &Charge, at: Timestamp) {
        if charge.limit.algorithm == Algorithm::Fixed {
            let counted = self.counted(charge);
            let window = Window::at(&charge.limit, at);
            counted.fixed.entry(window).or_default().offered += charge.cost;
        }
    }

    /// Counts units that were admitted at `at` by the owner's clock.
    ///
    /// # Errors
    /// Says which promise is broken.
    pub(crate) fn admit(&mut self, charge: &Charge, at: Timestamp) -> Result<(), String> {
        let Charge { limit, cost, .. } = charge;
        let counted = self.counted(charge);
        let (admitted, allowed) = match limit.algorithm {
            Algorithm::Fixed => counted.in_window(limit, *cost, at),
            Algorithm::Sliding => counted.in_any_period(limit, *cost, at),
            Algorithm::Gcra { burst } => counted.at_rate(limit, burst, *cost, at),
        };
        if admitted <= allowed {
            return Ok(());
        }
        let key = &charge.key;
        Err(format!(
            "`{key}` admitted {admitted} of {allowed} under {limit:?}"
        ))
    }

    /// The limit of a counter counts anew: its window may admit its amount once more.
    pub(crate) fn reset(
        &mut self,
        object: &ObjectName,
        key: &CounterKey,
        limit: &Limit,
        at: Timestamp,
    ) {
        let place = (object.clone(), key.clone());
        let counted = self.counters.entry(place).or_default();
        let fixed = counted.fixed.entry(Window::at(limit, at)).or_default();
        fixed.allowed = fixed
            .allowed
            .max(fixed.admitted)
            .saturating_add(amount(limit));
    }

    /// All fixed windows that were seen.
    pub(crate) fn windows(&self) -> impl Iterator<Item = &Fixed> {
        self.counters
            .values()
            .flat_map(|counted| counted.fixed.values())
    }

    fn counted(&mut self, charge: &Charge) -> &mut Counted {
        let place = (charge.object.clone(), charge.key.clone());
        self.counters.entry(place).or_default()
    }
}

impl Counted {
    fn in_window(&mut self, limit: &Limit, cost: u64, at: Timestamp) -> (u128, u128) {
        let fixed = self.fixed.entry(Window::at(limit, at)).or_default();
        fixed.allowed = fixed.allowed.max(amount(limit));
        fixed.admitted += cost;
        (fixed.admitted.into(), fixed.allowed.into())
    }

    /// Every period that ends now; those that end between two calls hold no more.
    fn in_any_period(&mut self, limit: &Limit, cost: u64, at: Timestamp) -> (u128, u128) {
        let calls = self.sliding.entry(policy_version(limit)).or_default();
        let begin = at.plus_ms(-Window::nominal_ms(limit));
        while calls.front().is_some_and(|(then, _)| *then <= begin) {
            calls.pop_front();
        }
        calls.push_back((at, cost));
        let sum: u64 = calls.iter().map(|(_, units)| units).sum();
        (sum.into(), amount(limit).into())
    }

    /// Every interval at once: a debt that drains at the rate never passes the burst. A burst of less than one unit and
    /// what comes in within a quarter of a second counts as that much.
    fn at_rate(&mut self, limit: &Limit, burst: u64, cost: u64, at: Timestamp) -> (u128, u128) {
        let unit = u128::from(Window::nominal_ms(limit).unsigned_abs());
        let rate = u128::from(amount(limit));
        let (debt, then) = self.flowing.entry(policy_version(limit)).or_insert((0, at));
        let elapsed = u128::from(at.ms_since(*then).max(0).unsigned_abs());
        *debt = debt.saturating_sub(elapsed * rate) + u128::from(cost) * unit;
        *then = at;
        (*debt, (u128::from(burst) * unit).max(unit + rate * 250))
    }
}

#[cfg(test)]
mod tests {
    use model::{Measure, TimeUnit};

    use super::*;
    use crate::charge;

    const MINUTE: Limit = Limit::new(Measure::Requests(2), 1, TimeUnit::Min);

    fn times(limit: Limit, at: &[i64]) -> Vec<bool> {
        let object = ObjectName::of_application(&"acme".into(), &"app".into());
        let charge = charge(&object, "s", limit);
        let mut ledger = Ledger::default();
        at.iter()
            .map(|at| ledger.admit(&charge, Timestamp(*at)).is_ok())
            .collect()
    }

    #[test]
    fn each_way_of_counting_has_its_own_promise() {
        let times_of = [0, 59_999, 60_000, 60_001];
        assert_eq!(times(MINUTE, &times_of), [true, true, true, true]);
        let sliding = MINUTE.counted(Algorithm::Sliding);
        assert_eq!(times(sliding, &times_of), [true, true, true, false]);
        let gcra = MINUTE.counted(Algorithm::Gcra { burst: 1 });
        assert_eq!(times(gcra, &[0, 29_000, 60_000]), [true, false, true]);
    }
}
