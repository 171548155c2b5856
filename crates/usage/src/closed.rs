//! Sums of times that are over, kept as long as nothing late comes for them.

use std::collections::BTreeMap;

use model::Timestamp;

use crate::{Select, Span};

/// What statements about times that are over have found.
#[derive(Debug, Default)]
pub struct Closed {
    found: BTreeMap<Select, (Span, String)>,
    bytes: usize,
    /// Nothing that is kept is of this moment or later.
    end: Option<Timestamp>,
}

impl Closed {
    /// What a statement has found, if it is still so.
    #[must_use]
    pub fn get(&self, select: &Select) -> Option<&str> {
        self.found.get(select).map(|(_, lines)| lines.as_str())
    }

    /// Keeps what a statement has found of a time that is over at `now`, and nothing of any other.
    pub fn keep(&mut self, select: Select, span: Span, lines: String, now: Timestamp) {
        if span.to > now || lines.len() > MOST_BYTES / 4 {
            return;
        }
        if self.bytes + lines.len() > MOST_BYTES {
            self.clear();
        }
        self.bytes += lines.len();
        self.end = self.end.max(Some(span.to));
        self.found.insert(select, (span, lines));
    }

    /// An event of this moment came: what was found of it is no longer so.
    pub fn came(&mut self, at: Timestamp) {
        if self.end.is_none_or(|end| at >= end) {
            return;
        }
        self.found
            .retain(|_, (span, _)| at < span.from || at >= span.to);
        self.bytes = self.found.values().map(|(_, lines)| lines.len()).sum();
        self.end = self.found.values().map(|(span, _)| span.to).max();
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        *self = Self::default();
    }
}

/// An isolate has 128 MB.
const MOST_BYTES: usize = 16 * 1024 * 1024;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Step;

    #[test]
    fn only_what_is_over_is_kept_until_something_late_comes() {
        let span = |from: i64, to: i64| Span {
            step: Step::Minute,
            from: Timestamp(from),
            to: Timestamp(to),
        };
        let select = |sql: &str| Select {
            sql: sql.to_owned(),
            values: Vec::new(),
        };
        let now = Timestamp(180_000);
        let mut closed = Closed::default();
        closed.keep(select("one"), span(0, 60_000), "1".to_owned(), now);
        closed.keep(select("two"), span(60_000, 180_000), "2".to_owned(), now);
        closed.keep(select("open"), span(120_000, 180_001), "3".to_owned(), now);
        assert_eq!(closed.get(&select("one")), Some("1"));
        assert_eq!(closed.get(&select("open")), None, "it is not over");
        closed.came(Timestamp(180_000));
        assert_eq!(closed.get(&select("two")), Some("2"));
        closed.came(Timestamp(60_000));
        assert_eq!(closed.get(&select("two")), None, "an event came late");
        assert_eq!(closed.get(&select("one")), Some("1"));
    }

    #[test]
    fn no_more_is_kept_than_there_is_room_for() {
        let mut closed = Closed::default();
        let span = Span {
            step: Step::Day,
            from: Timestamp(0),
            to: Timestamp(1),
        };
        for place in 0..40 {
            let select = Select {
                sql: place.to_string(),
                values: Vec::new(),
            };
            closed.keep(select, span, "x".repeat(1024 * 1024), Timestamp(1));
            assert!(closed.bytes <= MOST_BYTES);
        }
        assert!(closed.found.len() > 1);
    }
}
