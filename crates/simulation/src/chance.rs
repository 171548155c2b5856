//! A seeded source of chance (`SplitMix64`).

/// The same numbers for the same seed, everywhere.
#[derive(Clone, Debug)]
pub struct Chance(u64);

impl Chance {
    /// Starts a sequence.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Any number.
    pub const fn any(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// 128 bits.
    pub fn bits(&mut self) -> u128 {
        (u128::from(self.any()) << 64) | u128::from(self.any())
    }

    /// From 0 to `most`, without it; 0 when there is nothing below it.
    pub fn below(&mut self, most: u64) -> u64 {
        self.any().checked_rem(most).unwrap_or_default()
    }

    /// From `least` to `most`, both included.
    pub fn between(&mut self, least: i64, most: i64) -> i64 {
        let span = most.saturating_sub(least).max(0).unsigned_abs() + 1;
        least.saturating_add_unsigned(self.any() % span)
    }

    /// Whether what happens in so many of a hundred cases happens.
    pub const fn percent(&mut self, of_hundred: u64) -> bool {
        self.any() % 100 < of_hundred
    }

    /// From 0 (inclusive) to 1 (exclusive).
    pub fn fraction(&mut self) -> f64 {
        (self.any() >> 11) as f64 / (1_u64 << 53) as f64
    }
}
