//! A map in bounded memory that keeps what was used lately.
//!
//! Two generations: what is used moves to the young one; when that is full, it becomes the old one and the old one goes.
//! So an entry that is used at least once per `capacity / 2` insertions stays, at a constant cost per use.

use std::{borrow::Borrow, hash::Hash};

/// Fast rather than flood-proof: the keys are verified tokens, digests and ids, and a shelf is small.
use rustc_hash::FxHashMap;

#[derive(Debug)]
pub(crate) struct Shelf<K, V> {
    young: FxHashMap<K, V>,
    old: FxHashMap<K, V>,
    half: usize,
}

impl<K: Hash + Eq, V> Shelf<K, V> {
    /// Holds at most `capacity` entries.
    pub(crate) fn new(capacity: usize) -> Self {
        Self {
            young: FxHashMap::default(),
            old: FxHashMap::default(),
            half: (capacity / 2).max(1),
        }
    }

    pub(crate) fn get<Q>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        // Most shelves never fill their young generation; then this costs one look-up, not two.
        if !self.old.is_empty() && !self.young.contains_key(key) {
            let (key, value) = self.old.remove_entry(key)?;
            self.put(key, value);
        }
        self.young.get_mut(key)
    }

    pub(crate) fn put(&mut self, key: K, value: V) {
        if self.young.len() >= self.half && !self.young.contains_key(&key) {
            self.old = std::mem::take(&mut self.young);
        }
        self.old.remove(&key);
        self.young.insert(key, value);
    }

    pub(crate) fn remove<Q>(&mut self, key: &Q)
    where
        K: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        self.young.remove(key);
        self.old.remove(key);
    }

    pub(crate) fn retain(&mut self, keep: impl Fn(&V) -> bool) {
        self.young.retain(|_, value| keep(value));
        self.old.retain(|_, value| keep(value));
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
}
