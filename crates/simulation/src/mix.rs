//! Calls to judge: recorded ones, or as a rule describes them.

use model::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Chance, TooMuch};

/// One call of a mix.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Call {
    /// When, in milliseconds since the epoch.
    pub at: Timestamp,
    /// Whose count it goes into.
    pub key: String,
    /// Units that it uses.
    #[serde(default = "one")]
    pub cost: u64,
}

/// Calls as they were, or as they might be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mix {
    /// In any order; at most [`Mix::CALLS_AT_MOST`].
    Recorded(Vec<Call>),
    /// Made from a seed.
    Synthetic(Synthetic),
}

/// Callers of whom few call much and many call little.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Synthetic {
    /// Callers; named `1` (who calls most) to this.
    pub keys: u32,
    /// Calls of all of them in a second, on average.
    pub calls_per_second: f64,
    /// How long.
    pub seconds: u32,
    /// Exponent of Zipf's law: 0 is everybody alike, 1.1 is the usual skew.
    #[serde(default = "usual_skew")]
    pub skew: f64,
    /// When it begins, in milliseconds since the epoch.
    #[serde(default)]
    pub from: Timestamp,
    /// Another seed is another day.
    #[serde(default)]
    pub seed: u64,
}

impl Mix {
    /// More calls are not judged at once.
    pub const CALLS_AT_MOST: usize = 50_000;
    /// More callers are not told apart.
    pub const KEYS_AT_MOST: u32 = 20_000;

    /// The calls in order of their time.
    ///
    /// # Errors
    /// [`TooMuch`] beyond the bounds.
    pub fn calls(&self) -> Result<Vec<Call>, TooMuch> {
        match self {
            Self::Recorded(calls) if calls.len() > Self::CALLS_AT_MOST => Err(TooMuch::Calls),
            Self::Recorded(calls) => {
                let mut calls = calls.clone();
                calls.sort_by_key(|call| call.at);
                Ok(calls)
            }
            Self::Synthetic(rule) => rule.calls(),
        }
    }
}

impl Synthetic {
    fn calls(&self) -> Result<Vec<Call>, TooMuch> {
        if self.keys == 0 || self.keys > Mix::KEYS_AT_MOST {
            return Err(TooMuch::Keys);
        }
        let expected = self.calls_per_second * f64::from(self.seconds);
        if !(0.0..=Mix::CALLS_AT_MOST as f64).contains(&expected) || !self.skew.is_finite() {
            return Err(TooMuch::Calls);
        }
        let mut chance = Chance::new(self.seed);
        let zipf = Zipf::new(self.keys, self.skew);
        let mut calls = Vec::new();
        let end = f64::from(self.seconds) * 1_000.0;
        let mean = 1_000.0 / self.calls_per_second.max(f64::MIN_POSITIVE);
        let mut at = 0.0;
        while calls.len() < Mix::CALLS_AT_MOST {
            at += chance.pause(mean);
            if at >= end {
                break;
            }
            calls.push(Call {
                at: self.from.plus_ms(at as i64),
                key: (zipf.draw(&mut chance) + 1).to_string(),
                cost: 1,
            });
        }
        Ok(calls)
    }
}

impl Chance {
    /// How long until the next of events that come `mean` apart and know nothing of each other.
    pub(crate) fn pause(&mut self, mean: f64) -> f64 {
        -self.fraction().max(1e-12).ln() * mean
    }
}

/// Zipf's law over `count` ranks.
#[derive(Clone, Debug)]
pub(crate) struct Zipf {
    /// Sums of the weights up to each rank.
    sums: Vec<f64>,
}

impl Zipf {
    pub(crate) fn new(count: u32, skew: f64) -> Self {
        let mut sum = 0.0;
        let sums = (1..=count).map(|rank| {
            sum += f64::from(rank).powf(-skew);
            sum
        });
        Self {
            sums: sums.collect(),
        }
    }

    /// A rank from 0.
    pub(crate) fn draw(&self, chance: &mut Chance) -> usize {
        let place = chance.fraction() * self.sums.last().copied().unwrap_or_default();
        self.sums
            .partition_point(|sum| *sum <= place)
            .min(self.sums.len().saturating_sub(1))
    }
}

const fn one() -> u64 {
    1
}

const fn usual_skew() -> f64 {
    1.1
}
