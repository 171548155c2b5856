//! A bounded map of entries: two generations, so that what is in use stays and what is not goes, in constant time.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::entry::Entry;
use crate::{CounterKey, ObjectName};

/// Objects are named by our own ids, so a fast hash will do; counters by what callers choose, so they are ordered.
type Shelf = FxHashMap<ObjectName, BTreeMap<CounterKey, Entry>>;

/// Entries by object and counter. When the young shelf is half of the capacity, the old one is emptied and they change
/// places; an entry that is looked at moves to the young shelf.
#[derive(Clone, Debug)]
pub(super) struct Shelves {
    young: Shelf,
    old: Shelf,
    young_count: usize,
    half: usize,
}

impl Shelves {
    /// Holds at most `capacity` entries (at least 2).
    pub(super) fn new(capacity: usize) -> Self {
        let half = (capacity / 2).max(1);
        Self {
            young: Shelf::default(),
            old: Shelf::default(),
            young_count: 0,
            half,
        }
    }

    /// Finds an entry and keeps it young.
    pub(super) fn get(&mut self, object: &ObjectName, key: &CounterKey) -> Option<&mut Entry> {
        if !self.is_young(object, key) {
            let entry = self.old.get_mut(object)?.remove(key)?;
            self.put(object, key, entry);
        }
        self.get_young(object, key)
    }

    /// Finds an entry that was looked at a moment ago.
    pub(super) fn get_young(
        &mut self,
        object: &ObjectName,
        key: &CounterKey,
    ) -> Option<&mut Entry> {
        self.young.get_mut(object)?.get_mut(key)
    }

    fn is_young(&self, object: &ObjectName, key: &CounterKey) -> bool {
        self.young
            .get(object)
            .is_some_and(|desk| desk.contains_key(key))
    }

    /// Finds or makes an entry.
    pub(super) fn get_or_insert(
        &mut self,
        object: &ObjectName,
        key: &CounterKey,
        make: impl FnOnce() -> Entry,
    ) -> Option<&mut Entry> {
        if !self.is_young(object, key) && self.get(object, key).is_none() {
            self.put(object, key, make());
        }
        self.get_young(object, key)
    }

    /// The entries of one object, the old ones without making them young.
    pub(super) fn of_object(
        &mut self,
        object: &ObjectName,
    ) -> impl Iterator<Item = (&CounterKey, &mut Entry)> {
        let young = self.young.get_mut(object).into_iter();
        young.chain(self.old.get_mut(object)).flatten()
    }

    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        *self = Self::new(self.half.saturating_mul(2));
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.young
            .values()
            .chain(self.old.values())
            .map(BTreeMap::len)
            .sum()
    }

    fn put(&mut self, object: &ObjectName, key: &CounterKey, entry: Entry) {
        if self.young_count >= self.half {
            self.old = std::mem::take(&mut self.young);
            self.young_count = 0;
        }
        self.young_count += 1;
        self.young
            .entry(object.clone())
            .or_default()
            .insert(key.clone(), entry);
    }
}
