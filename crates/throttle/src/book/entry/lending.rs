//! What a relay does with its units beyond what a gateway does: it lends them.

use model::Timestamp;

use super::{Block, Entry};

impl Entry {
    /// Takes units out for a holder who is to spend them: up to `wanted`, of one block so that they can come back, unless no
    /// block has the `needed` ones. Says of which block, and until when they are good.
    pub(in crate::book) fn lend(
        &mut self,
        wanted: u64,
        needed: u64,
        now: Timestamp,
    ) -> Option<(u64, Block)> {
        let (units, block) = self.blocks.cut(wanted, needed)?;
        self.pace.spend(units);
        self.spent_at = now;
        Some((units, block))
    }

    /// Units that were lent are there again.
    pub(in crate::book) fn take_back(&mut self, block: Block) {
        self.blocks.push(block);
    }

    /// Until when the owner has nothing more.
    pub(in crate::book) fn denied_until(&self, now: Timestamp) -> Option<Timestamp> {
        self.denial
            .map(|denial| denial.until)
            .filter(|until| *until > now)
    }

    /// Whether the owner's denial is so old that it should be asked again. Said once: others are told the old word meanwhile.
    pub(in crate::book) fn doubts_after(&mut self, ms: i64, now: Timestamp) -> bool {
        let Some(denial) = self.denial.as_mut() else {
            return false;
        };
        let is_old = now.ms_since(denial.asked_at) >= ms;
        if is_old {
            denial.asked_at = now;
        }
        is_old
    }

    /// What the owner had left when it denied more.
    pub(in crate::book) fn denied_left(&self) -> u64 {
        self.denial.map_or(0, |denial| denial.left)
    }

    /// Whether nothing would be lost with it.
    pub(in crate::book) fn is_at_rest(&self, now: Timestamp) -> bool {
        self.owed == 0 && self.denied_until(now).is_none() && self.is_unused(now)
    }
}
