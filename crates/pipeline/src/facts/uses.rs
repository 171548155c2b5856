//! Which API keys were used, to the minute: told to the Key Manager while nobody waits.

use model::Timestamp;

use super::Facts;
use crate::shelf::Shelf;

#[derive(Debug)]
pub(super) struct Uses {
    /// The minute in which a key's use was last noted, by the key's digest.
    noted: Shelf<String, i64>,
    /// What is still to be told.
    untold: Vec<String>,
}

impl Default for Uses {
    fn default() -> Self {
        Self {
            noted: Shelf::new(KEYS),
            untold: Vec::new(),
        }
    }
}

impl Facts {
    /// Notes that a key is used. A key costs one look-up, and one note a minute.
    pub(crate) fn note_use(&mut self, digest: &str, now: Timestamp) {
        let minute = now.0.div_euclid(MINUTE_MS);
        if self.uses.noted.get(digest).is_some_and(|it| *it == minute) {
            return;
        }
        self.uses.noted.put(digest.to_owned(), minute);
        if self.uses.untold.len() < MOST_UNTOLD {
            self.uses.untold.push(digest.to_owned());
        }
    }

    /// Are there uses to be told?
    #[must_use]
    pub fn has_uses(&self) -> bool {
        !self.uses.untold.is_empty()
    }

    /// Digests of the keys that were used since the last time.
    pub fn take_uses(&mut self) -> Vec<String> {
        std::mem::take(&mut self.uses.untold)
    }
}

/// As many as records are held.
const KEYS: usize = 5_000;
/// What the Key Manager takes at once; more than that within one minute is told in the next.
const MOST_UNTOLD: usize = 500;
const MINUTE_MS: i64 = 60_000;

#[cfg(test)]
mod tests {
    use throttle::Holder;

    use super::*;
    use crate::Settings;

    #[test]
    fn key_is_told_once_a_minute() {
        let settings = Settings {
            environment: "Default".into(),
            refresh_ms: 1_000,
            organization: "default".into(),
            sampling: telemetry::Sampling::off(),
            has_peer_statuses: false,
        };
        let mut facts = Facts::new(settings, Holder::from_random(1));
        assert!(!facts.has_uses());
        for (key, at) in [("a", 60_000), ("b", 60_001), ("a", 119_999)] {
            facts.note_use(key, Timestamp(at));
        }
        assert!(facts.has_uses());
        assert_eq!(facts.take_uses(), ["a", "b"]);
        facts.note_use("b", Timestamp(119_999));
        assert!(!facts.has_uses());
        facts.note_use("b", Timestamp(120_000));
        assert_eq!(facts.take_uses(), ["b"]);
    }
}
