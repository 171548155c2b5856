//! Answers by their key, in bounded memory: what was of no use for the longest time goes first.

use std::collections::BTreeMap;

use crate::{asking::Asking, entry::Entry};

/// What is kept.
#[derive(Debug)]
pub(crate) struct Shelf {
    held: BTreeMap<String, Vec<Entry>>,
    bytes: usize,
    most_bytes: usize,
    turn: u64,
}

impl Shelf {
    pub(crate) const fn new(most_bytes: usize) -> Self {
        Self {
            held: BTreeMap::new(),
            bytes: 0,
            most_bytes,
            turn: 0,
        }
    }

    /// The newest answer under this key that the request selects.
    pub(crate) fn find(&mut self, key: &str, asking: &Asking<'_>) -> Option<&mut Entry> {
        self.turn += 1;
        let variants = self.held.get_mut(key)?;
        let found = variants.iter_mut().rev().find(|it| it.selects(asking))?;
        found.used = self.turn;
        Some(found)
    }

    /// Is there an answer under this key for other headers?
    pub(crate) fn has_variants(&self, key: &str) -> bool {
        self.held.contains_key(key)
    }

    pub(crate) fn put(&mut self, key: &str, mut entry: Entry) {
        self.turn += 1;
        entry.used = self.turn;
        let weight = weight(key, &entry);
        let variants = self.held.entry(key.to_owned()).or_default();
        let replaced: usize = variants
            .extract_if(.., |it| it.is_like(&entry))
            .map(|it| self::weight(key, &it))
            .sum();
        let oldest = (variants.len() >= MOST_VARIANTS).then(|| variants.remove(0));
        let oldest = oldest.map_or(0, |it| self::weight(key, &it));
        variants.push(entry);
        self.bytes = (self.bytes + weight).saturating_sub(replaced + oldest);
        if self.bytes > self.most_bytes {
            self.shrink();
        }
    }

    /// Forgets the answer under this key that the request selects.
    pub(crate) fn remove(&mut self, key: &str, asking: &Asking<'_>) {
        let Some(variants) = self.held.get_mut(key) else {
            return;
        };
        let gone: usize = variants
            .extract_if(.., |it| it.selects(asking))
            .map(|it| weight(key, &it))
            .sum();
        if variants.is_empty() {
            self.held.remove(key);
        }
        self.bytes = self.bytes.saturating_sub(gone);
    }

    /// Forgets everything whose key begins so.
    pub(crate) fn forget(&mut self, beginning: &str) {
        let range = self.held.range(beginning.to_owned()..);
        let keys: Vec<String> = range
            .map(|(key, _)| key)
            .take_while(|key| key.starts_with(beginning))
            .cloned()
            .collect();
        for key in keys {
            let variants = self.held.remove(&key).unwrap_or_default();
            let gone: usize = variants.iter().map(|it| weight(&key, it)).sum();
            self.bytes = self.bytes.saturating_sub(gone);
        }
    }

    /// Bytes that are taken, more or less.
    pub(crate) const fn bytes(&self) -> usize {
        self.bytes
    }

    /// Makes room for more than the one that did not fit, so that not every answer costs a look at all of them.
    fn shrink(&mut self) {
        let mut uses: Vec<(u64, usize)> = self
            .held
            .iter()
            .flat_map(|(key, variants)| variants.iter().map(|it| (it.used, weight(key, it))))
            .collect();
        uses.sort_unstable();
        let wanted = self.most_bytes / 8 * 7;
        let mut bytes = self.bytes;
        let mut newest_gone = 0;
        for (used, weight) in uses {
            if bytes <= wanted {
                break;
            }
            bytes = bytes.saturating_sub(weight);
            newest_gone = used;
        }
        self.held.retain(|_, variants| {
            variants.retain(|it| it.used > newest_gone);
            !variants.is_empty()
        });
        self.bytes = bytes;
    }
}

fn weight(key: &str, entry: &Entry) -> usize {
    key.len() + entry.weight()
}

/// Answers of one address that differ by what `Vary` names.
const MOST_VARIANTS: usize = 32;
