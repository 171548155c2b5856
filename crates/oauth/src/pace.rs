//! How often clients may fail to authenticate, counted in memory: who guesses costs no look-up.

use std::collections::HashMap;

use model::Timestamp;

/// Failures of this minute, by address and by client at an address.
#[derive(Debug, Default)]
pub struct Failures {
    minute: i64,
    counts: HashMap<String, u32>,
}

impl Failures {
    /// Seconds to wait, when too many requests from this address, or for this client from there, have failed. A client
    /// is never closed to others: nobody locks it out from elsewhere.
    pub fn wait_seconds(&mut self, address: &str, client: &str, now: Timestamp) -> Option<u64> {
        self.turn(now);
        let is_closed = names(address, client)
            .iter()
            .any(|(name, most)| self.counts.get(name).is_some_and(|count| count >= most));
        let left = MINUTE_SECONDS - now.seconds().rem_euclid(MINUTE_SECONDS);
        is_closed.then(|| left.unsigned_abs())
    }

    /// Counts one failure.
    pub fn count(&mut self, address: &str, client: &str, now: Timestamp) {
        self.turn(now);
        for (name, _) in names(address, client) {
            if self.counts.len() < MOST_NAMES || self.counts.contains_key(&name) {
                let count = self.counts.entry(name).or_default();
                *count = count.saturating_add(1);
            }
        }
    }

    fn turn(&mut self, now: Timestamp) {
        let minute = now.seconds().div_euclid(MINUTE_SECONDS);
        if minute != self.minute {
            self.minute = minute;
            self.counts.clear();
        }
    }
}

/// Under what a request is counted, with how many failures are too many.
fn names(address: &str, client: &str) -> [(String, u32); 2] {
    let client: String = client.chars().take(MOST_CHARACTERS).collect();
    [
        (address.to_owned(), MOST_BY_ADDRESS),
        (format!("{address} {client}"), MOST_BY_CLIENT),
    ]
}

const MINUTE_SECONDS: i64 = 60;
/// A script with a wrong secret that retries stays below.
const MOST_BY_CLIENT: u32 = 60;
/// An office behind one address stays below.
const MOST_BY_ADDRESS: u32 = 300;
/// Some 2 MiB.
const MOST_NAMES: usize = 10_000;
/// Ids have 28.
const MOST_CHARACTERS: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_seconds(1_800_000_010);

    #[test]
    fn door_closes_for_the_rest_of_the_minute() {
        let mut failures = Failures::default();
        for count in 0..MOST_BY_CLIENT {
            assert_eq!(failures.wait_seconds("a", "c", NOW), None, "{count}");
            failures.count("a", "c", NOW);
        }
        assert_eq!(failures.wait_seconds("a", "c", NOW), Some(50));
        assert_eq!(failures.wait_seconds("a", "d", NOW), None, "another client");
        assert_eq!(failures.wait_seconds("b", "c", NOW), None, "from elsewhere");
        assert_eq!(failures.wait_seconds("a", "c", NOW.plus_ms(50_000)), None);
    }

    #[test]
    fn many_clients_at_one_address_close_it() {
        let mut failures = Failures::default();
        for count in 0..MOST_BY_ADDRESS {
            failures.count("a", &count.to_string(), NOW);
        }
        assert!(failures.wait_seconds("a", "new", NOW).is_some());
        assert_eq!(failures.wait_seconds("b", "new", NOW), None);
    }

    #[test]
    fn memory_is_bounded() {
        let mut failures = Failures::default();
        for count in 0..2 * MOST_NAMES {
            failures.count(&count.to_string(), &"x".repeat(1000), NOW);
        }
        assert!(failures.counts.len() <= MOST_NAMES);
        assert!(failures.counts.keys().all(|name| name.len() < 80));
    }
}
