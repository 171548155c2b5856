//! Percentiles that can be added up: counts in buckets whose bounds grow by a constant factor (the idea of `DDSketch`,
//! Masson, Rim and Lee, VLDB 2019).

use std::collections::BTreeMap;

/// How many values fell where. A percentile is at most 2 % away from the true one, for any distribution; two sketches
/// add up to the sketch of all values.
///
/// Values are whole milliseconds; 0 has a bucket of its own. At most some 400 buckets for values of up to an hour.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sketch {
    zeros: u64,
    buckets: BTreeMap<u16, u64>,
}

/// Text that [`Sketch::encode`] did not write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnreadableSketch;

impl std::fmt::Display for UnreadableSketch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the stored latency sketch cannot be read")
    }
}

impl std::error::Error for UnreadableSketch {}

impl Sketch {
    /// Counts one value.
    pub fn add(&mut self, value_ms: u32) {
        let count = match bucket_of(value_ms) {
            None => &mut self.zeros,
            Some(bucket) => self.buckets.entry(bucket).or_default(),
        };
        *count = count.saturating_add(1);
    }

    /// Counts everything that `other` counted.
    pub fn merge(&mut self, other: &Self) {
        self.zeros = self.zeros.saturating_add(other.zeros);
        for (bucket, count) in &other.buckets {
            let sum = self.buckets.entry(*bucket).or_default();
            *sum = sum.saturating_add(*count);
        }
    }

    /// How many values were counted.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.buckets
            .values()
            .fold(self.zeros, |sum, count| sum.saturating_add(*count))
    }

    /// The value below or at which `fraction` (0 to 1) of all values lie, in milliseconds; `None` when there are none.
    #[must_use]
    pub fn quantile(&self, fraction: f64) -> Option<f64> {
        let count = self.count();
        if count == 0 {
            return None;
        }
        let rank = (fraction.clamp(0.0, 1.0) * (count - 1) as f64).floor() as u64;
        let mut seen = self.zeros;
        if rank < seen {
            return Some(0.0);
        }
        for (bucket, count) in &self.buckets {
            seen = seen.saturating_add(*count);
            if rank < seen {
                return Some(middle_of(*bucket));
            }
        }
        self.buckets
            .keys()
            .next_back()
            .map(|bucket| middle_of(*bucket))
    }

    /// Compact text: the zeros, then for each bucket its distance from the one before and its count, in base 36:
    /// `2;1c:5;1:3`.
    #[must_use]
    pub fn encode(&self) -> String {
        let mut text = String::with_capacity(self.buckets.len() * 5 + 4);
        push_base36(&mut text, self.zeros);
        let mut last = 0;
        for (bucket, count) in &self.buckets {
            text.push(';');
            push_base36(&mut text, u64::from(bucket - last));
            text.push(':');
            push_base36(&mut text, *count);
            last = *bucket;
        }
        text
    }

    /// Reads [`Self::encode`] back.
    ///
    /// # Errors
    /// [`UnreadableSketch`] for anything else.
    pub fn decode(text: &str) -> Result<Self, UnreadableSketch> {
        let mut sketch = Self::default();
        sketch.add_encoded(text)?;
        Ok(sketch)
    }

    /// Reads texts of [`Self::encode`] with `|` between them, and adds them up; an empty text counts nothing.
    ///
    /// # Errors
    /// [`UnreadableSketch`] for anything else.
    pub fn decode_all(text: &str) -> Result<Self, UnreadableSketch> {
        if !text.contains('|') {
            return if text.is_empty() {
                Ok(Self::default())
            } else {
                Self::decode(text)
            };
        }
        // Thousands of texts are added up for one row of an answer: a place for each bucket takes a fifth of the time.
        let mut sums = vec![0_u64; BUCKETS];
        let mut zeros = 0_u64;
        for part in text.split('|').filter(|part| !part.is_empty()) {
            let mut fields = part.split(';');
            zeros = zeros.saturating_add(base36(fields.next().unwrap_or_default())?);
            let mut last = 0_usize;
            for field in fields {
                let (step, count) = field.split_once(':').ok_or(UnreadableSketch)?;
                let step = usize::try_from(base36(step)?).map_err(|_| UnreadableSketch)?;
                last = last.saturating_add(step);
                let sum = sums.get_mut(last).ok_or(UnreadableSketch)?;
                *sum = sum.saturating_add(base36(count)?);
            }
        }
        let found = (0_u16..).zip(sums).filter(|(_, count)| *count > 0);
        Ok(Self {
            zeros,
            buckets: found.collect(),
        })
    }

    /// Counts `count` values of a bucket, as [`Self::bucket`] numbers it.
    pub fn add_bucket(&mut self, bucket: u16, count: u64) {
        let sum = match bucket.checked_sub(1) {
            None => &mut self.zeros,
            Some(bucket) => self.buckets.entry(bucket).or_default(),
        };
        *sum = sum.saturating_add(count);
    }

    /// Number of the bucket of a value, in whole milliseconds: 0 for 0, and above that as values grow.
    #[must_use]
    pub fn bucket(value_ms: u32) -> u16 {
        bucket_of(value_ms).map_or(0, |bucket| bucket.saturating_add(1))
    }

    fn add_encoded(&mut self, text: &str) -> Result<(), UnreadableSketch> {
        let mut parts = text.split(';');
        let zeros = base36(parts.next().unwrap_or_default())?;
        self.zeros = self.zeros.saturating_add(zeros);
        let mut last = 0_u16;
        for part in parts {
            let (step, count) = part.split_once(':').ok_or(UnreadableSketch)?;
            let step = u16::try_from(base36(step)?).map_err(|_| UnreadableSketch)?;
            last = last.checked_add(step).ok_or(UnreadableSketch)?;
            let sum = self.buckets.entry(last).or_default();
            *sum = sum.saturating_add(base36(count)?);
        }
        Ok(())
    }
}

/// The bucket of a value: bucket `b` holds `GAMMA^(b-1) < value <= GAMMA^b`.
fn bucket_of(value_ms: u32) -> Option<u16> {
    (value_ms > 0).then(|| (f64::from(value_ms).ln() / GAMMA.ln()).ceil() as u16)
}

/// The value that is equally far, in proportion, from both bounds of a bucket.
fn middle_of(bucket: u16) -> f64 {
    2.0 * GAMMA.powi(i32::from(bucket)) / (GAMMA + 1.0)
}

fn push_base36(text: &mut String, number: u64) {
    if number >= 36 {
        push_base36(text, number / 36);
    }
    let digit = u32::try_from(number % 36).unwrap_or_default();
    text.push(char::from_digit(digit, 36).unwrap_or('0'));
}

/// Only digits and lower-case letters: `from_str_radix` would take a sign and capitals too, and twice the time.
fn base36(text: &str) -> Result<u64, UnreadableSketch> {
    if text.is_empty() {
        return Err(UnreadableSketch);
    }
    text.bytes().try_fold(0_u64, |number, byte| {
        let digit = match byte {
            b'0'..=b'9' => byte - b'0',
            b'a'..=b'z' => byte - b'a' + 10,
            _ => return Err(UnreadableSketch),
        };
        let number = number.checked_mul(36).ok_or(UnreadableSketch)?;
        number.checked_add(u64::from(digit)).ok_or(UnreadableSketch)
    })
}

/// `(1 + e) / (1 - e)` for a relative error `e` of 2 %.
const GAMMA: f64 = 1.02 / 0.98;

/// More than the longest latency needs: `u32::MAX` milliseconds are in bucket 555.
const BUCKETS: usize = 600;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_form_reads_back() {
        let mut sketch = Sketch::default();
        for value in [0, 0, 1, 7, 7, 120, 3_600_000, u32::MAX] {
            sketch.add(value);
        }
        assert_eq!(Sketch::decode(&sketch.encode()), Ok(sketch.clone()));
        assert_eq!(
            Sketch::decode(&Sketch::default().encode()),
            Ok(Sketch::default())
        );
        assert_eq!(sketch.count(), 8);
        let twice = format!("{0}|{0}", sketch.encode());
        let mut sum = sketch.clone();
        sum.merge(&sketch);
        assert_eq!(Sketch::decode_all(&twice), Ok(sum));
        assert_eq!(Sketch::decode_all("1;zz:1|1"), Err(UnreadableSketch));
        assert_eq!(Sketch::decode_all(""), Ok(Sketch::default()));
        for bad in ["", "x y", "1;", "1;2", "1;2:", "1;zzzz:1", "-1"] {
            assert_eq!(Sketch::decode(bad), Err(UnreadableSketch), "`{bad}`");
        }
    }

    #[test]
    fn nothing_counted_has_no_percentile() {
        assert_eq!(Sketch::default().quantile(0.5), None);
    }
}
