//! How large a block is.

use model::Algorithm;

use super::flow::{Rate, life_ms};
use crate::{Ask, Window, amount};

/// Whose block it is: of how many holders, and for how many of them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part {
    /// Holders for whom it is asked.
    pub(crate) holders: u32,
    /// All who ask.
    pub(crate) of: u32,
}

impl Part {
    /// Of what all share in equal parts, the part of whoever asks, or a few units; at most one part in `least`.
    fn take(self, units: u64, least: u64) -> u64 {
        let (holders, of) = (u64::from(self.holders.max(1)), u64::from(self.of.max(1)));
        let part = units.saturating_mul(holders) / of;
        (units / least).min(part.max(FEW))
    }
}

/// How many units to grant of `remaining`: what is wanted, but of small limits and near exhaustion only what the waiting
/// call needs, and never so much that a holder that goes quiet could starve the others, or many that have only begun.
pub(crate) fn block_units(ask: &Ask, remaining: u64, part: Part) -> u64 {
    let needed = ask.cost.max(1);
    if let Algorithm::Gcra { burst } = ask.limit.algorithm {
        return rate_units(ask, burst, remaining, part);
    }
    let whole = amount(&ask.limit);
    let units = if whole <= EXACT_UP_TO {
        needed
    } else {
        ask.want
            .min(part.take(remaining, SHARES))
            .min(whole / BLOCKS_AT_LEAST)
            .max(needed)
    };
    units.min(remaining)
}

/// As [`block_units`], of a rate: what is not spent of a burst comes in again, so there is no end of a window to be exact
/// for. Of a burst that is spent, what has come in goes out as it is; but no holder of many gets more than twice his part
/// of what comes in while a block lives, because what he does not spend lapses.
fn rate_units(ask: &Ask, burst: u64, remaining: u64, part: Part) -> u64 {
    let rate = Rate::of(&ask.limit, burst);
    let share = remaining.min(rate.capacity()) / BURST_SHARES;
    let most = share.max(rate.portion(&ask.limit, burst));
    let comes_in = u128::from(amount(&ask.limit))
        * u128::from(life_ms(&ask.limit, burst).unsigned_abs())
        / u128::from(Window::nominal_ms(&ask.limit).unsigned_abs().max(1));
    let comes_in = u64::try_from(comes_in).unwrap_or(u64::MAX);
    let fair = if u64::from(part.of) <= BURST_SHARES {
        most
    } else {
        comes_in
            .saturating_mul(2)
            .saturating_mul(u64::from(part.holders.max(1)))
            / u64::from(part.of)
    };
    ask.want
        .min(most)
        .min(fair)
        .max(ask.cost.max(1))
        .min(remaining)
}

/// How many units a relay lends of those that it holds for so many holders: what is wanted, and so little that all of them
/// get some.
pub(crate) fn loan_units(ask: &Ask, held: u64, part: Part) -> u64 {
    let needed = ask.cost.max(1);
    if amount(&ask.limit) <= EXACT_UP_TO {
        return needed.min(held);
    }
    let least = match ask.limit.algorithm {
        Algorithm::Fixed | Algorithm::Sliding => SHARES,
        Algorithm::Gcra { .. } => BURST_SHARES,
    };
    ask.want.min(part.take(held, least)).max(needed).min(held)
}

/// However many holders there are, so many units are worth a message: who has none of the last ones hears of a denial.
const FEW: u64 = 8;
/// Limits of up to this many units per window are granted one call at a time.
pub(crate) const EXACT_UP_TO: u64 = 100;
/// A block is at most this part of what remains: blocks shrink to one unit before the window is used up.
const SHARES: u64 = 8;
/// A block is at most this part of the limit: 5 %.
const BLOCKS_AT_LEAST: u64 = 20;
/// A block is at most this part of a burst.
const BURST_SHARES: u64 = 4;
