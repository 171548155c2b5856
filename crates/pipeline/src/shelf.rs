//! A map in bounded memory that keeps what was used lately.
//!
//! Two generations: what is used moves to the young one; when that is full, it becomes the old one and the old one goes.
//! So an entry that is used at least once per `capacity / 2` insertions stays, at a constant cost per use. Where entries
//! may be large, each has a weight in bytes, and a generation is full by weight too.

use std::{borrow::Borrow, hash::Hash};

/// Fast rather than flood-proof: the keys are verified tokens, digests and ids, and a shelf is small.
use rustc_hash::FxHashMap;

#[derive(Debug)]
pub(crate) struct Shelf<K, V> {
    young: FxHashMap<K, (V, usize)>,
    old: FxHashMap<K, (V, usize)>,
    half: usize,
    /// Bytes of the young generation, and of the old one.
    bytes: (usize, usize),
    half_bytes: usize,
}

impl<K: Hash + Eq, V> Shelf<K, V> {
    /// Holds at most `capacity` entries.
    pub(crate) fn new(capacity: usize) -> Self {
        Self::of_bytes(capacity, usize::MAX)
    }

    /// Holds at most `capacity` entries, of `bytes` together; of those that are larger than half of that, one.
    pub(crate) fn of_bytes(capacity: usize, bytes: usize) -> Self {
        Self {
            young: FxHashMap::default(),
            old: FxHashMap::default(),
            half: (capacity / 2).max(1),
            bytes: (0, 0),
            half_bytes: bytes / 2,
        }
    }

    pub(crate) fn get<Q>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        // Most shelves never fill their young generation; then this costs one look-up, not two.
        if !self.old.is_empty() && !self.young.contains_key(key) {
            let (key, (value, bytes)) = self.old.remove_entry(key)?;
            self.bytes.1 = self.bytes.1.saturating_sub(bytes);
            self.put_of(bytes, key, value);
        }
        self.young.get_mut(key).map(|(value, _)| value)
    }

    pub(crate) fn put(&mut self, key: K, value: V) {
        self.put_of(0, key, value);
    }

    /// Puts an entry of so many bytes.
    pub(crate) fn put_of(&mut self, bytes: usize, key: K, value: V) {
        self.remove(&key);
        let is_full =
            self.young.len() >= self.half || self.bytes.0.saturating_add(bytes) > self.half_bytes;
        if is_full && !self.young.is_empty() {
            self.old = std::mem::take(&mut self.young);
            self.bytes = (0, self.bytes.0);
        }
        self.bytes.0 += bytes;
        self.young.insert(key, (value, bytes));
    }

    pub(crate) fn remove<Q>(&mut self, key: &Q)
    where
        K: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        if let Some((_, bytes)) = self.young.remove(key) {
            self.bytes.0 = self.bytes.0.saturating_sub(bytes);
        }
        if let Some((_, bytes)) = self.old.remove(key) {
            self.bytes.1 = self.bytes.1.saturating_sub(bytes);
        }
    }

    pub(crate) fn retain(&mut self, keep: impl Fn(&V) -> bool) {
        let weighed = |generation: &mut FxHashMap<K, (V, usize)>| {
            generation.retain(|_, (value, _)| keep(value));
            generation.values().map(|(_, bytes)| bytes).sum()
        };
        self.bytes = (weighed(&mut self.young), weighed(&mut self.old));
    }

    /// Bytes of all entries together.
    pub(crate) const fn bytes(&self) -> usize {
        self.bytes.0 + self.bytes.1
    }
}

#[cfg(test)]
mod tests {
    use super::Shelf;

    #[test]
    fn what_is_used_stays_and_memory_is_bounded() {
        let mut shelf = Shelf::new(10);
        shelf.put(0, "used");
        for key in 1..1_000 {
            shelf.put(key, "passing");
            assert_eq!(shelf.get(&0).copied(), Some("used"), "after {key}");
            assert!(shelf.young.len() + shelf.old.len() <= 10);
        }
        assert!(shelf.get(&1).is_none(), "what is not used goes");
    }

    #[test]
    fn a_shelf_is_full_by_weight_too() {
        let mut shelf = Shelf::of_bytes(1_000, 100);
        shelf.put_of(10, 0, "used");
        for key in 1..1_000 {
            shelf.put_of(10 + key % 30, key, "passing");
            assert_eq!(shelf.get(&0).copied(), Some("used"), "after {key}");
            let sum: usize = shelf
                .young
                .values()
                .chain(shelf.old.values())
                .map(|it| it.1)
                .sum();
            assert_eq!(shelf.bytes(), sum);
            assert!(sum <= 100, "{sum}");
        }
        shelf.put_of(5_000, 7, "larger than all");
        assert_eq!(shelf.get(&7).copied(), Some("larger than all"));
        shelf.put_of(10, 8, "the next");
        shelf.put_of(45, 9, "and one more");
        assert!(shelf.bytes() <= 100, "{}", shelf.bytes());
        shelf.put_of(20, 9, "again");
        shelf.retain(|value| *value == "again");
        assert_eq!(shelf.bytes(), 20);
    }
}
