//! How many holders ask one object, and how many relays should stand before it.
//!
//! However large blocks are, every holder has to ask once when a window begins and to hear once that it is spent. So what
//! an object hears in its busiest second grows with the number of its holders, and nothing but fewer holders helps.

use std::collections::BTreeMap;

use model::Timestamp;

use crate::Holder;

/// Holders that asked within the last two minutes. Kept in memory only: an object that restarts learns of them anew.
#[derive(Clone, Debug)]
pub(crate) struct Crowd {
    /// Holders from which on relays are of use.
    from: u32,
    seen: BTreeMap<Holder, (u32, Timestamp)>,
    size: u32,
    relays: u32,
    swept_at: Timestamp,
}

impl Default for Crowd {
    fn default() -> Self {
        Self::from(CROWDED_FROM)
    }
}

impl Crowd {
    /// A crowd that needs relays from so many holders on.
    pub(crate) const fn from(holders: u32) -> Self {
        Self {
            from: holders,
            seen: BTreeMap::new(),
            size: 0,
            relays: 0,
            swept_at: Timestamp(i64::MIN),
        }
    }

    /// Notes who asks, and for how many holders.
    pub(crate) fn note(&mut self, holder: &Holder, stands_for: u32, now: Timestamp) {
        self.sweep(now);
        let stands_for = stands_for.max(1);
        if let Some(seen) = self.seen.get_mut(holder) {
            self.size = self.size.saturating_sub(seen.0).saturating_add(stands_for);
            *seen = (stands_for, now);
        } else if self.seen.len() < HOLDERS_AT_MOST {
            self.size = self.size.saturating_add(stands_for);
            self.seen.insert(holder.clone(), (stands_for, now));
        }
        self.turn();
    }

    /// How many holders there are.
    pub(crate) const fn size(&self) -> u32 {
        self.size
    }

    /// How many relays should stand between; 0 for none.
    pub(crate) const fn relays(&self) -> u32 {
        self.relays
    }

    /// More relays at once, fewer only when there are four times too many: each change sends holders to a relay that has
    /// nothing for them yet.
    fn turn(&mut self) {
        let least = if self.relays == 0 {
            self.from
        } else {
            self.from / 2
        };
        let fitting = if self.size < least.max(1) {
            0
        } else {
            let parts = self.size.div_ceil((self.from / 4).max(1));
            parts.next_power_of_two().clamp(2, RELAYS_AT_MOST)
        };
        if fitting > self.relays || fitting * 4 <= self.relays {
            self.relays = fitting;
        }
    }

    fn sweep(&mut self, now: Timestamp) {
        if (0..SWEEP_EVERY_MS).contains(&now.ms_since(self.swept_at)) {
            return;
        }
        self.swept_at = now;
        self.seen
            .retain(|_, (_, seen_at)| now.ms_since(*seen_at) < SEEN_FOR_MS);
        self.size = self
            .seen
            .values()
            .fold(0, |sum, (holders, _)| sum.saturating_add(*holders));
    }
}

/// A block lasts a minute at most, so whoever is there has asked within two.
const SEEN_FOR_MS: i64 = 120_000;
const SWEEP_EVERY_MS: i64 = 1_000;
/// Each may ask about twice in the second in which a window begins or is spent; an object answers a few hundred with ease.
const CROWDED_FROM: u32 = 256;
/// Of 64 holders each that is a crowd of some thousands; of more, each relay has more.
const RELAYS_AT_MOST: u32 = 64;
/// About 1 MB.
const HOLDERS_AT_MOST: usize = 8_192;

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_763_949_990_000);

    fn of(holders: u32) -> Crowd {
        let mut crowd = Crowd::default();
        for holder in 0..holders {
            crowd.note(&Holder::from_random(holder.into()), 1, NOW);
        }
        crowd
    }

    #[test]
    fn relays_grow_with_the_crowd() {
        for (holders, relays) in [
            (1, 0),
            (255, 0),
            (256, 4),
            (600, 16),
            (1_000, 16),
            (9_000, 64),
        ] {
            assert_eq!(of(holders).relays(), relays, "{holders} holders");
        }
    }

    #[test]
    fn a_relay_stands_for_its_holders() {
        let mut crowd = Crowd::default();
        for relay in 0..8 {
            crowd.note(&Holder::from_random(relay), 100, NOW);
            crowd.note(&Holder::from_random(relay), 125, NOW.plus_ms(10));
        }
        assert_eq!((crowd.size(), crowd.relays()), (1_000, 16));
    }

    #[test]
    fn relays_go_when_the_crowd_has_gone() {
        let mut crowd = of(1_000);
        let later = NOW.plus_ms(100_000);
        for holder in 0..140 {
            crowd.note(&Holder::from_random(holder), 1, later);
        }
        assert_eq!(crowd.relays(), 16, "the others may be back");
        crowd.note(&Holder::from_random(1), 1, NOW.plus_ms(120_001));
        assert_eq!((crowd.size(), crowd.relays()), (140, 4));
        crowd.note(&Holder::from_random(1), 1, NOW.plus_ms(221_000));
        assert_eq!((crowd.size(), crowd.relays()), (1, 0));
    }
}
