//! What administrators allow clients that register themselves, and what they hand to whoever may.

use model::Timestamp;
use problem::Problem;
use serde::{Deserialize, Serialize};

/// The choices; every one is off unless chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct RegistrationPolicy {
    /// Anybody may register a client; otherwise only who shows an initial access token.
    pub open_registration: bool,
    /// A client may be known by the address of a document that it publishes about itself.
    pub client_id_metadata_documents: bool,
}

impl RegistrationPolicy {
    /// Reads what was stored: the defaults where nothing was.
    #[must_use]
    pub fn stored(text: Option<&str>) -> Self {
        text.and_then(|text| serde_json::from_str(text).ok())
            .unwrap_or_default()
    }
}

/// An initial access token as an administrator wants it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct InitialTokenWish {
    /// What the administrators know it by.
    pub label: String,
    /// How long it is good for, in seconds; a day unless said.
    #[serde(default = "day")]
    pub validity_seconds: i64,
    /// How many clients it lets in; one unless said.
    #[serde(default = "once")]
    pub uses: i64,
}

impl InitialTokenWish {
    /// Sees that it is in bounds; when it ends.
    ///
    /// # Errors
    /// 400 with every fault.
    pub fn check(&self, now: Timestamp) -> Result<Timestamp, Problem> {
        let mut problem = Problem::new("400");
        let letters = self.label.chars().count();
        if !(1..=MAX_LABEL).contains(&letters) || self.label.chars().any(char::is_control) {
            problem = problem.fault("label", format!("give 1 to {MAX_LABEL} characters"));
        }
        if !(1..=MAX_SECONDS).contains(&self.validity_seconds) {
            let rule = format!("give whole seconds from 1 to {MAX_SECONDS}");
            problem = problem.fault("validitySeconds", rule);
        }
        if !(1..=MAX_USES).contains(&self.uses) {
            problem = problem.fault("uses", format!("give a whole number from 1 to {MAX_USES}"));
        }
        if problem.faults.is_empty() {
            Ok(now.plus_ms(self.validity_seconds * 1000))
        } else {
            Err(problem)
        }
    }
}

const fn day() -> i64 {
    24 * 3600
}

const fn once() -> i64 {
    1
}

const MAX_LABEL: usize = 100;
/// A year: whoever automates registration for longer asks again.
const MAX_SECONDS: i64 = 366 * 24 * 3600;
const MAX_USES: i64 = 10_000;

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn nothing_is_allowed_unless_chosen() {
        for stored in [None, Some("{}"), Some("nonsense")] {
            let policy = RegistrationPolicy::stored(stored);
            assert!(!policy.open_registration, "{stored:?}");
            assert!(!policy.client_id_metadata_documents, "{stored:?}");
        }
        let chosen = RegistrationPolicy::stored(Some(r#"{"openRegistration":true}"#));
        assert!(chosen.open_registration && !chosen.client_id_metadata_documents);
    }

    #[test]
    fn initial_token_is_short_lived_unless_said() {
        let wish: InitialTokenWish = serde_json::from_value(json!({"label": "ci"})).unwrap();
        assert_eq!((wish.validity_seconds, wish.uses), (86_400, 1));
        assert_eq!(wish.check(Timestamp(5)), Ok(Timestamp(86_400_005)));
    }

    #[test]
    fn every_fault_of_an_initial_token_is_named() {
        let wish = InitialTokenWish {
            label: String::new(),
            validity_seconds: 0,
            uses: 10_001,
        };
        assert_eq!(wish.check(Timestamp(0)).unwrap_err().faults.len(), 3);
    }
}
