//! Use in one fixed window.

use model::Timestamp;
use serde::{Deserialize, Serialize};

/// Units debited to one window. Stored as a list without names: there is a row to write for every grant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "CountRow", into = "CountRow")]
pub(super) struct Count {
    pub(super) start: Timestamp,
    pub(super) end: Timestamp,
    pub(super) used: u64,
    /// When counting began; earlier use was carried over from another window.
    pub(super) since: Timestamp,
    /// When the last block was granted under a limit with this window.
    pub(super) own_at: Timestamp,
}

/// The second is what was stored before other ways of counting came.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum CountRow {
    Now(Timestamp, Timestamp, u64, Timestamp, Timestamp),
    Before(Timestamp, Timestamp, u64, Timestamp),
}

impl From<Count> for CountRow {
    fn from(it: Count) -> Self {
        Self::Now(it.start, it.end, it.used, it.since, it.own_at)
    }
}

impl From<CountRow> for Count {
    fn from(row: CountRow) -> Self {
        let (start, end, used, since, own_at) = match row {
            CountRow::Now(start, end, used, since, own_at) => (start, end, used, since, own_at),
            CountRow::Before(start, end, used, since) => (start, end, used, since, since),
        };
        Self {
            start,
            end,
            used,
            since,
            own_at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_the_last_release_are_read() {
        let count: Count = serde_json::from_str("[1,5,7,2]").unwrap();
        assert_eq!(serde_json::to_string(&count).unwrap(), "[1,5,7,2,2]");
    }
}
