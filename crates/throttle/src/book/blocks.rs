//! Units granted and not yet spent, by the request that got them.

use std::collections::VecDeque;

use model::Timestamp;

use crate::{CounterKey, GiveBack};

/// Units granted by one request and not yet spent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Block {
    /// Of the request.
    pub(super) number: u64,
    pub(super) units: u64,
    pub(super) ends_at: Timestamp,
}

/// Blocks of one counter, oldest first.
#[derive(Clone, Debug, Default)]
pub(super) struct Blocks(VecDeque<Block>);

impl Blocks {
    pub(super) fn push(&mut self, block: Block) {
        self.0.push_back(block);
    }

    /// Units of all blocks.
    pub(super) fn held(&self) -> u64 {
        self.0
            .iter()
            .fold(0, |sum: u64, block| sum.saturating_add(block.units))
    }

    /// Forgets blocks that have lapsed.
    pub(super) fn settle(&mut self, now: Timestamp) {
        self.0.retain(|block| block.ends_at > now);
    }

    /// Takes units out of the blocks, the oldest first.
    pub(super) fn take(&mut self, units: u64) {
        let mut owed = units;
        while owed > 0 {
            let Some(block) = self.0.front_mut() else {
                break;
            };
            let units = owed.min(block.units);
            block.units -= units;
            owed -= units;
            if block.units == 0 {
                self.0.pop_front();
            }
        }
    }

    /// Cuts up to `wanted` units off the oldest block. When that has not the `needed` ones, they come from several, named by
    /// none of them (number 0: they cannot be returned), and are good for as long as all of these are.
    pub(super) fn cut(&mut self, wanted: u64, needed: u64) -> Option<(u64, Block)> {
        let oldest = self.0.front().copied()?;
        if oldest.units >= needed {
            let units = wanted.min(oldest.units);
            self.take(units);
            return Some((units, Block { units, ..oldest }));
        }
        if self.held() < needed {
            return None;
        }
        let ends_at = self.0.iter().map(|block| block.ends_at).min()?;
        self.take(needed);
        let mixed = Block {
            number: 0,
            units: needed,
            ends_at,
        };
        Some((needed, mixed))
    }

    /// When the last of them lapses.
    pub(super) fn last_until(&self) -> Option<Timestamp> {
        self.0.back().map(|block| block.ends_at)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Gives up every unit that can still be returned.
    pub(super) fn surrender(&mut self, key: &CounterKey) -> Vec<GiveBack> {
        self.0.drain(..).map(|block| block.given(key)).collect()
    }

    /// What has lapsed and not been forgotten yet.
    pub(super) fn lapsed(&self, key: &CounterKey, now: Timestamp) -> Vec<GiveBack> {
        let lapsed = self.0.iter().filter(|block| block.ends_at <= now);
        lapsed.map(|block| block.given(key)).collect()
    }
}

impl Block {
    /// As what its holder gives back.
    pub(super) fn given(self, key: &CounterKey) -> GiveBack {
        GiveBack {
            key: key.clone(),
            number: self.number,
            units: self.units,
        }
    }
}
