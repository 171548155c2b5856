//! A steady rate with bursts: the generic cell rate algorithm, kept as a debt that drains.
//!
//! # Why never over, and what a block's life costs
//! Units are debited when they are granted and drain at the rate r (the amount per window). As no grant takes the debt
//! above a ceiling c, at most c + r * t units are granted in any period of length t. A block lives for L, so what is
//! spent in [a, b] was granted in [a - L, b]: at most c + r * (b - a + L) = (c + r * L) + r * (b - a). With the ceiling
//! c = burst - r * L that is burst + r * t. What a life costs, r * L, is therefore taken off the burst; it is a quarter of
//! the burst, and never more than what comes in within ten seconds. A burst that is smaller than one unit and what comes
//! in within a quarter of a second, the shortest life that survives the way to the gateway, counts as that much.
//!
//! Units that come back change nothing: they may have drained already, and a second credit would be a refill.

use model::{Limit, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{Window, amount};

/// The debt of one counter under a rate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Flow {
    #[serde(rename = "p")]
    pub(super) period_ms: i64,
    /// Units that drain in a period.
    #[serde(rename = "a")]
    amount: u64,
    /// Whole units of debt, and what is above them in parts of `period_ms`.
    #[serde(rename = "d")]
    debt: (u64, u64),
    /// When the debt was this.
    #[serde(rename = "t")]
    pub(super) at: Timestamp,
    #[serde(rename = "o")]
    pub(super) own_at: Timestamp,
}

/// A rate and its bursts, in parts: a unit has as many parts as its period has milliseconds, so that `amount` parts drain
/// in one millisecond and nothing is ever rounded.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rate {
    pub(super) period_ms: i64,
    amount: u64,
    ceiling: u128,
}

impl Rate {
    pub(super) fn of(limit: &Limit, burst: u64) -> Self {
        let (period_ms, amount) = (Window::nominal_ms(limit), amount(limit));
        let unit = u128::from(period_ms.unsigned_abs());
        let life_cost = u128::from(amount) * u128::from(life_ms(limit, burst).unsigned_abs());
        let ceiling = (u128::from(burst) * unit)
            .saturating_sub(life_cost)
            .max(unit);
        Self {
            period_ms,
            amount,
            ceiling: if amount == 0 { 0 } else { ceiling },
        }
    }

    /// The most that is granted at once.
    pub(super) fn capacity(&self) -> u64 {
        self.units(self.ceiling)
    }

    /// What is worth coming back for after a refusal: what comes in within half of a block's life, and no more than half of
    /// what is granted at once, so that nothing is lost meanwhile.
    pub(super) fn portion(&self, limit: &Limit, burst: u64) -> u64 {
        let half_life = u128::from(life_ms(limit, burst).unsigned_abs() / 2);
        self.units((u128::from(self.amount) * half_life).min(self.ceiling / 2))
    }

    pub(super) fn remaining(&self, debt: u128) -> u64 {
        self.units(self.ceiling.saturating_sub(debt))
    }

    /// When `cost` units can be granted, if nobody uses any until then.
    pub(super) fn free_at(&self, debt: u128, cost: u64, now: Timestamp) -> Timestamp {
        let parts = u128::from(cost) * u128::from(self.period_ms.unsigned_abs());
        if parts > self.ceiling || self.amount == 0 {
            return now.plus_ms(self.period_ms);
        }
        let excess = debt.saturating_sub(self.ceiling - parts);
        let wait = excess.div_ceil(u128::from(self.amount));
        now.plus_ms(i64::try_from(wait).unwrap_or(self.period_ms))
    }

    fn units(&self, parts: u128) -> u64 {
        let units = parts / u128::from(self.period_ms.unsigned_abs().max(1));
        u64::try_from(units).unwrap_or(u64::MAX)
    }
}

/// How long a block of a rate lives: a quarter of the time in which the burst comes in again, within bounds.
pub(crate) fn life_ms(limit: &Limit, burst: u64) -> i64 {
    let comes_in = |units: u64| {
        u128::from(units) * u128::from(Window::nominal_ms(limit).unsigned_abs())
            / u128::from(amount(limit).max(1))
    };
    // A unit has to be left of the burst.
    let life = (comes_in(burst) / 4).min(comes_in(burst.saturating_sub(1)));
    i64::try_from(life)
        .unwrap_or(LONGEST_LIFE_MS)
        .clamp(SHORTEST_LIFE_MS, LONGEST_LIFE_MS)
}

impl Flow {
    pub(super) fn opened(rate: Rate, carried: u64, now: Timestamp) -> Self {
        Self {
            period_ms: rate.period_ms,
            amount: rate.amount,
            debt: (carried, 0),
            at: now,
            own_at: now,
        }
    }

    pub(super) fn is_running(&self, now: Timestamp) -> bool {
        self.parts(now) > 0
    }

    /// The debt at `now`, in parts.
    pub(super) fn parts(&self, now: Timestamp) -> u128 {
        let (whole, part) = self.debt;
        let debt = u128::from(whole) * self.unit() + u128::from(part);
        let elapsed = u128::try_from(now.ms_since(self.at)).unwrap_or_default();
        debt.saturating_sub(elapsed * u128::from(self.amount))
    }

    /// The debt at `now`, in units begun.
    pub(super) fn used(&self, now: Timestamp) -> u64 {
        u64::try_from(self.parts(now).div_ceil(self.unit())).unwrap_or(u64::MAX)
    }

    /// The rate may be another from now on; what was used so far drained at the old one.
    pub(super) fn turn_to(&mut self, rate: Rate, now: Timestamp) {
        self.debit(0, now);
        self.amount = rate.amount;
        self.own_at = now;
    }

    pub(super) fn debit(&mut self, units: u64, now: Timestamp) {
        let parts = self.parts(now);
        let whole = u64::try_from(parts / self.unit()).unwrap_or(u64::MAX);
        let part = u64::try_from(parts % self.unit()).unwrap_or_default();
        self.debt = (whole.saturating_add(units), part);
        self.at = self.at.max(now);
    }

    fn unit(&self) -> u128 {
        u128::from(self.period_ms.unsigned_abs().max(1))
    }
}

/// A reply takes this long at worst: a shorter life would be over on arrival.
const SHORTEST_LIFE_MS: i64 = 250;
/// What lies unused in an isolate is lost when it lapses.
const LONGEST_LIFE_MS: i64 = 10_000;

#[cfg(test)]
mod tests {
    use model::{Measure, TimeUnit};

    use super::*;

    const NOW: Timestamp = Timestamp(1_763_949_990_000);

    fn rate(amount: u64, burst: u64) -> Rate {
        let limit = Limit::new(Measure::Requests(amount), 1, TimeUnit::Min);
        Rate::of(&limit, burst)
    }

    #[test]
    fn a_life_costs_a_quarter_of_the_burst() {
        assert_eq!(rate(6_000, 400).capacity(), 300, "1 s of 100 a second");
        assert_eq!(rate(60, 400).capacity(), 390, "ten seconds of one a second");
        assert_eq!(
            rate(6_000, 1).capacity(),
            1,
            "a quarter of a second is 25, but one has to pass"
        );
        assert_eq!(
            life_ms(&Limit::new(Measure::Requests(6), 1, TimeUnit::Min), 1),
            250
        );
        assert_eq!(rate(0, 10).capacity(), 0);
    }

    #[test]
    fn debts_drain_to_the_millisecond() {
        let rate = rate(60, 1);
        let mut flow = Flow::opened(rate, 0, NOW);
        flow.debit(1, NOW);
        let free = rate.free_at(flow.parts(NOW), 1, NOW);
        assert_eq!(free, NOW.plus_ms(1_000));
        assert_eq!(rate.remaining(flow.parts(NOW.plus_ms(999))), 0);
        assert_eq!(rate.remaining(flow.parts(free)), 1);
        assert!(!flow.is_running(free));
    }

    #[test]
    fn another_rate_drains_from_now_on() {
        let mut flow = Flow::opened(rate(60, 100), 0, NOW);
        flow.debit(100, NOW);
        let later = NOW.plus_ms(10_000);
        flow.turn_to(rate(600, 100), later);
        assert_eq!(flow.used(later), 90);
        assert_eq!(flow.used(later.plus_ms(1_000)), 80);
    }
}
