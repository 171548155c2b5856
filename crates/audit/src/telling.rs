//! What a reader is told of an entry.

use serde_json::{Map, Value};

use crate::{Entry, changes};

/// Who reads the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// Of the organization: everything.
    Administrator,
    /// Of one API: who changed what, and not where people are or what they work with.
    Publisher,
}

impl Reader {
    /// May the reader ask for the changes that came from an address? Whoever may not see one may not guess one either.
    #[must_use]
    pub const fn asks_by_address(self) -> bool {
        matches!(self, Self::Administrator)
    }
}

impl Entry {
    /// The line of a list: who did what to what, by the name that the subject had. The time is the caller's to write.
    #[must_use]
    pub fn line(&self, reader: Reader) -> Map<String, Value> {
        let mut told = Map::new();
        let mut tell = |name: &str, value: Value| told.insert(name.to_owned(), value);
        tell("id", self.id.into());
        tell("actor", self.actor.as_str().into());
        tell("action", self.action.as_str().into());
        tell("subject", self.subject.as_str().into());
        if let Some(name) = self.subject_name() {
            tell("subjectName", name);
        }
        match reader {
            Reader::Administrator => {
                tell("address", self.address.as_str().into());
                tell("userAgent", self.agent.as_str().into());
            }
            Reader::Publisher => {}
        }
        told
    }

    /// As [`line`](Self::line), with both states, `null` for none, and the places that differ.
    #[must_use]
    pub fn whole(&self, reader: Reader) -> Map<String, Value> {
        let (before, after) = self.states();
        let mut told = self.line(reader);
        told.insert(
            "changes".to_owned(),
            serde_json::json!(changes(&before, &after)),
        );
        told.insert("before".to_owned(), before);
        told.insert("after".to_owned(), after);
        told
    }

    fn subject_name(&self) -> Option<Value> {
        let (before, after) = self.states();
        let named = |key: &&str| after.get(*key).or_else(|| before.get(*key)).cloned();
        NAMES.iter().find_map(named).filter(|name| !name.is_null())
    }

    fn states(&self) -> (Value, Value) {
        let read = |text: &Option<String>| {
            text.as_deref()
                .and_then(|text| serde_json::from_str(text).ok())
                .unwrap_or_default()
        };
        (read(&self.before), read(&self.after))
    }
}

/// Properties of states that say what an object is called.
const NAMES: &[&str] = &["name", "username", "number"];

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn entry() -> Entry {
        Entry {
            id: 9,
            organization: "default".into(),
            actor: "ann".into(),
            action: "document.update".into(),
            subject: "d7".into(),
            at: 1_700_000_000_000,
            address: "192.0.2.1".into(),
            agent: "curl".into(),
            before: Some(r#"{"api":"7","name":"First steps","summary":"Old"}"#.into()),
            after: Some(r#"{"api":"7","name":"First steps","summary":"New"}"#.into()),
        }
    }

    #[test]
    fn publishers_are_not_told_where_somebody_is() {
        let whole = entry().whole(Reader::Publisher);
        let text = Value::Object(whole).to_string();
        for hidden in ["192.0.2.1", "curl", "address", "userAgent"] {
            assert!(!text.contains(hidden), "{hidden} in {text}");
        }
        assert!(!Reader::Publisher.asks_by_address());
        assert!(Reader::Administrator.asks_by_address());
        let line = entry().line(Reader::Administrator);
        assert_eq!(line.get("address"), Some(&json!("192.0.2.1")));
        assert_eq!(line.get("userAgent"), Some(&json!("curl")));
    }

    #[test]
    fn whole_entry_names_its_subject_and_what_differs() {
        let whole = Value::Object(entry().whole(Reader::Publisher));
        assert_eq!(whole["subjectName"], "First steps");
        assert_eq!(
            whole["changes"],
            json!([{"place": "summary", "before": "Old", "after": "New"}])
        );
    }

    #[test]
    fn object_that_is_gone_keeps_its_name_and_one_without_has_none() {
        let gone = Entry {
            after: None,
            ..entry()
        };
        let whole = Value::Object(gone.whole(Reader::Publisher));
        assert_eq!(whole["subjectName"], "First steps");
        assert_eq!(whole["after"], Value::Null);
        let nameless = Entry {
            before: None,
            after: None,
            ..entry()
        };
        assert!(!nameless.line(Reader::Publisher).contains_key("subjectName"));
    }
}
