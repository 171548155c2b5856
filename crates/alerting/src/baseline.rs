//! What is usual at a time of the week: the middle of what was counted then, and how far counts lie from it.
//!
//! Middle and spread are the median and the median distance from it, which one outage or one rush of the last weeks does
//! not move. A spread is never less than what chance alone makes of a count (its square root) or than a twentieth of it.

/// The usual count, and its spread.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Usual {
    /// The middle.
    pub count: f64,
    /// How far counts lie from it, as a standard deviation would say.
    pub spread: f64,
}

impl Usual {
    /// Of the same window in former weeks; where there are fewer than three of them, of former days. `None` when there
    /// are not three of either: nothing is usual yet.
    #[must_use]
    pub fn of(weeks: &[u64], days: &[u64]) -> Option<Self> {
        let samples = if weeks.len() >= LEAST { weeks } else { days };
        if samples.len() < LEAST {
            return None;
        }
        let count = median(samples.iter().map(|it| *it as f64).collect())?;
        let distance = median(
            samples
                .iter()
                .map(|it| (*it as f64 - count).abs())
                .collect(),
        )?;
        let spread = (distance * NORMAL)
            .max(count.sqrt())
            .max(count / 20.0)
            .max(1.0);
        Some(Self { count, spread })
    }

    /// How many spreads `count` is away from the usual; below it is negative.
    #[must_use]
    pub fn deviation(&self, count: u64) -> f64 {
        (count as f64 - self.count) / self.spread
    }
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let upper = values.get(values.len() / 2)?;
    if values.len() % 2 == 1 {
        return Some(*upper);
    }
    let lower = values.get(values.len() / 2 - 1)?;
    Some((lower + upper) / 2.0)
}

const LEAST: usize = 3;
/// The median distance of a normal distribution, as a standard deviation.
const NORMAL: f64 = 1.482_6;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_bad_week_moves_nothing() {
        let calm = Usual::of(&[100, 104, 98, 102], &[]).unwrap();
        let bad = Usual::of(&[100, 104, 0, 102], &[]).unwrap();
        assert!((calm.count - bad.count).abs() <= 2.0, "{calm:?} {bad:?}");
        assert!(bad.deviation(0) < -4.0, "{bad:?}");
        assert!(calm.deviation(110).abs() < 3.0, "chance alone is no alert");
    }

    #[test]
    fn nothing_is_usual_before_three_times() {
        assert_eq!(Usual::of(&[5, 5], &[5, 5]), None);
        assert_eq!(Usual::of(&[], &[5, 5, 5]).map(|it| it.count), Some(5.0));
    }
}
