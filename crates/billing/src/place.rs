//! Where a page of subscriptions ends, so that the next one begins there, however many are before.

use std::fmt;

/// The place of a subscription among all of an organization: the oldest first, and those of one moment by their id.
/// Written as `<milliseconds>.<id>`, as in `1764312000000.5f0c3f0e`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// When it was made, in milliseconds since the epoch; not negative.
    pub created_at_ms: i64,
    /// Its id: 1 to 64 bytes.
    pub id: String,
}

impl Place {
    /// Reads what a page has said; `None` for what no page says.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (created_at_ms, id) = text.split_once('.')?;
        let created_at_ms: i64 = created_at_ms.parse().ok()?;
        let is_one = created_at_ms >= 0 && (1..=ID_BYTES).contains(&id.len());
        is_one.then(|| Self {
            created_at_ms,
            id: id.to_owned(),
        })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}.{}", self.created_at_ms, self.id)
    }
}

/// Longer ids are none of ours.
const ID_BYTES: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_page_says_is_read_back() {
        let place = Place {
            created_at_ms: 1_764_312_000_000,
            id: "5f0c.3f0e".to_owned(),
        };
        assert_eq!(Place::parse(&place.to_string()), Some(place));
    }

    #[test]
    fn what_no_page_says_is_none() {
        let long = format!("1.{}", "x".repeat(ID_BYTES + 1));
        for text in ["", ".", "1", "1.", ".a", "-1.a", "one.a", &long] {
            assert_eq!(Place::parse(text), None, "{text}");
        }
        assert!(Place::parse(&format!("1.{}", "x".repeat(ID_BYTES))).is_some());
    }
}
