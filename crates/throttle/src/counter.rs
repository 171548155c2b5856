//! One limit's count, as its owner keeps it.

use std::collections::VecDeque;

use model::{Limit, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{Ask, GiveBack, Holder, LeaseRequest, Window, amount, policy_version};

/// The use of one counter in the windows that still run, and the last blocks granted from them.
///
/// Normally one window runs; after a change of the window's length the old one runs on beside the new until it ends, and
/// every grant is debited to both, so that changing back and forth refills nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counter {
    #[serde(rename = "w")]
    counts: Vec<Count>,
    #[serde(rename = "b")]
    blocks: VecDeque<Block>,
}

/// Units debited to one window. Stored as a list without names: there is a row to write for every grant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "CountRow", into = "CountRow")]
struct Count {
    start: Timestamp,
    end: Timestamp,
    used: u64,
    /// When counting began; earlier use was carried over from another window.
    since: Timestamp,
}

/// A block granted: what makes a repeated request and a give-back count once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "BlockRow", into = "BlockRow")]
struct Block {
    holder: Holder,
    number: u64,
    version: u32,
    units: u64,
    granted_at: Timestamp,
    ends_at: Timestamp,
}

type CountRow = (Timestamp, Timestamp, u64, Timestamp);
type BlockRow = (Holder, u64, u32, u64, Timestamp, Timestamp);

impl From<Count> for CountRow {
    fn from(count: Count) -> Self {
        (count.start, count.end, count.used, count.since)
    }
}

impl From<CountRow> for Count {
    fn from((start, end, used, since): CountRow) -> Self {
        Self {
            start,
            end,
            used,
            since,
        }
    }
}

impl From<Block> for BlockRow {
    fn from(block: Block) -> Self {
        let Block {
            holder,
            number,
            version,
            units,
            granted_at,
            ends_at,
        } = block;
        (holder, number, version, units, granted_at, ends_at)
    }
}

impl From<BlockRow> for Block {
    fn from((holder, number, version, units, granted_at, ends_at): BlockRow) -> Self {
        Self {
            holder,
            number,
            version,
            units,
            granted_at,
            ends_at,
        }
    }
}

impl Counter {
    /// Forgets windows and blocks that have ended.
    pub(crate) fn settle(&mut self, now: Timestamp) {
        self.counts.retain(|count| count.end > now);
        self.blocks.retain(|block| block.ends_at > now);
    }

    /// Whether nothing is left to remember.
    pub(crate) fn is_settled(&self, now: Timestamp) -> bool {
        self.counts.iter().all(|count| count.end <= now)
    }

    /// The latest moment that this counter has seen, for a clock that never goes back over it.
    pub(crate) fn last_seen(&self) -> Timestamp {
        let counted = self.counts.iter().map(|count| count.since);
        let granted = self.blocks.iter().map(|block| block.granted_at);
        counted.chain(granted).max().unwrap_or_default()
    }

    /// Units that the window of `limit` at `now` has left.
    pub(crate) fn remaining(&self, limit: &Limit, now: Timestamp) -> u64 {
        let window = Window::at(limit, now);
        let used = self
            .count_of(window)
            .map_or_else(|| self.carried(now), |count| count.used);
        amount(limit).saturating_sub(used)
    }

    /// The units of the block that this very request got before, if it still can be spent.
    pub(crate) fn granted_before(
        &self,
        request: &LeaseRequest,
        limit: &Limit,
        now: Timestamp,
    ) -> Option<u64> {
        let version = policy_version(limit);
        let same = |block: &&Block| {
            block.number == request.number
                && block.version == version
                && block.ends_at > now
                && block.holder == request.holder
        };
        self.blocks.iter().find(same).map(|block| block.units)
    }

    /// Debits `units` to every window that runs, and remembers whose they are.
    pub(crate) fn grant(
        &mut self,
        request: &LeaseRequest,
        limit: &Limit,
        units: u64,
        now: Timestamp,
    ) {
        let window = Window::at(limit, now);
        self.open(window, now);
        for count in self.counts.iter_mut().filter(|count| count.end > now) {
            count.used = count.used.saturating_add(units);
        }
        if self.blocks.len() >= BLOCKS_KEPT {
            self.blocks.pop_front();
        }
        self.blocks.push_back(Block {
            holder: request.holder.clone(),
            number: request.number,
            version: policy_version(limit),
            units,
            granted_at: now,
            ends_at: window.end,
        });
    }

    /// Credits unspent units of a remembered block, once, to the windows that were debited for it and still run.
    /// Returns whether anything changed; a block that has ended or is not remembered changes nothing.
    pub(crate) fn take_back(&mut self, holder: &Holder, given: &GiveBack, now: Timestamp) -> bool {
        let same = |block: &&mut Block| {
            block.number == given.number && block.ends_at > now && &block.holder == holder
        };
        let Some(block) = self.blocks.iter_mut().find(same) else {
            return false;
        };
        let units = given.units.min(block.units);
        // The block stays, empty: a late copy of the request that got it must not get another.
        block.units -= units;
        for count in &mut self.counts {
            // A window opened later carried an unknown part of this block; it keeps the debit.
            if count.end > now && count.since <= block.granted_at {
                count.used = count.used.saturating_sub(units);
            }
        }
        units > 0
    }

    fn count_of(&self, window: Window) -> Option<&Count> {
        self.counts
            .iter()
            .find(|count| count.start == window.start && count.end == window.end)
    }

    fn open(&mut self, window: Window, now: Timestamp) {
        if self.count_of(window).is_none() {
            let used = self.carried(now);
            self.counts.push(Count {
                start: window.start,
                end: window.end,
                used,
                since: now,
            });
        }
    }

    /// What a window that opens now starts with: the use counted by the windows that run already.
    fn carried(&self, now: Timestamp) -> u64 {
        let running = self.counts.iter().filter(|count| count.end > now);
        running.map(|count| count.used).max().unwrap_or_default()
    }
}

/// How many units to grant of `remaining`: what is wanted, but of small limits and near exhaustion only what the waiting
/// call needs, and never so much that a holder that goes quiet could starve the others.
pub(crate) fn block_units(ask: &Ask, remaining: u64) -> u64 {
    let whole = amount(&ask.limit);
    let needed = ask.cost.max(1);
    let units = if whole <= EXACT_UP_TO {
        needed
    } else {
        ask.want
            .min(remaining / SHARES)
            .min(whole / BLOCKS_AT_LEAST)
            .max(needed)
    };
    units.min(remaining)
}

/// Limits of up to this many units per window are granted one call at a time.
pub(crate) const EXACT_UP_TO: u64 = 100;
/// A block is at most this part of what remains: blocks shrink to one unit before the window is used up.
const SHARES: u64 = 8;
/// A block is at most this part of the limit: 2.5 %.
const BLOCKS_AT_LEAST: u64 = 40;
/// Blocks remembered for repeated requests and give-backs. One that is forgotten stays debited.
const BLOCKS_KEPT: usize = 16;

#[cfg(test)]
mod tests;
