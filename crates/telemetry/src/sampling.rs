//! Which of the traces that start here are told to a collector.

/// A share of all traces, chosen by their random part, so that whoever else samples by it chooses the same ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sampling {
    /// Traces whose random part is at least this are told; [`RANDOM_PARTS`] for none.
    threshold: u64,
    /// Is anything told at all?
    is_on: bool,
}

impl Sampling {
    /// There is no collector.
    #[must_use]
    pub const fn off() -> Self {
        Self {
            threshold: RANDOM_PARTS,
            is_on: false,
        }
    }

    /// This share of the traces that start here, from 0 to 1, and every trace that somebody before us has chosen.
    #[must_use]
    pub fn share(ratio: f64) -> Self {
        let kept = ratio.clamp(0.0, 1.0);
        let kept = if kept.is_nan() { 0.0 } else { kept };
        let dropped = (1.0 - kept) * RANDOM_PARTS as f64;
        Self {
            threshold: dropped.round() as u64,
            is_on: true,
        }
    }

    /// Is there a collector?
    #[must_use]
    pub const fn is_on(self) -> bool {
        self.is_on
    }

    pub(crate) const fn chooses(self, trace_id: u128) -> bool {
        (trace_id as u64 & (RANDOM_PARTS - 1)) >= self.threshold
    }
}

impl Default for Sampling {
    fn default() -> Self {
        Self::off()
    }
}

/// The last seven bytes of a trace's name are random (W3C Trace Context, level 2).
const RANDOM_PARTS: u64 = 1 << 56;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chooses_the_share_that_was_asked_for() {
        for (ratio, least, most) in [(0.0, 0, 0), (1.0, 4096, 4096), (0.25, 1024, 1024)] {
            let sampling = Sampling::share(ratio);
            let chosen = (0..4096_u128)
                .filter(|part| sampling.chooses(part << 44))
                .count();
            assert!((least..=most).contains(&chosen), "{ratio}: {chosen}");
        }
        assert!(!Sampling::share(f64::NAN).chooses(u128::from(RANDOM_PARTS - 1)));
        assert!(!Sampling::off().chooses(u128::MAX));
    }
}
