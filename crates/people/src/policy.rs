//! What administrators choose for their people, and what a sign-in still has to prove.

use problem::Problem;
use serde::{Deserialize, Serialize};

/// May people register themselves?
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SelfRegistration {
    /// No.
    #[default]
    Off,
    /// Yes, and an address that is confirmed is all it takes.
    Auto,
    /// Yes, and an administrator lets them in.
    Approval,
}

/// The choices; every one has a default.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Policy {
    /// `off` unless chosen.
    pub self_registration: SelfRegistration,
    /// Roles that count only for people who have a second factor; none unless chosen.
    pub second_factor_roles: Vec<String>,
}

impl Policy {
    /// Reads what was stored: the defaults where nothing was.
    #[must_use]
    pub fn stored(text: Option<&str>) -> Self {
        text.and_then(|text| serde_json::from_str(text).ok())
            .unwrap_or_default()
    }

    /// Is everything in order? Whether the roles exist is for the database to say.
    ///
    /// # Errors
    /// 400.
    pub fn check(&self) -> Result<(), Problem> {
        if self.second_factor_roles.len() > MAX_ROLES {
            return Err(Problem::new("400").fault("secondFactorRoles", "name at most 50 roles"));
        }
        Ok(())
    }
}

/// What a person has beside the password.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Factors {
    /// An authenticator app, confirmed.
    pub totp: bool,
    /// At least one passkey.
    pub passkey: bool,
    /// At least one unused recovery code.
    pub recovery_code: bool,
}

impl Factors {
    /// Is a second factor asked for at a sign-in? A recovery code alone is none: it stands in for one that was lost.
    #[must_use]
    pub const fn are_asked_for(self) -> bool {
        self.totp || self.passkey
    }

    /// What may be shown, in the order in which it is offered.
    #[must_use]
    pub fn kinds(self) -> Vec<&'static str> {
        [
            (self.totp, "totp"),
            (self.passkey, "passkey"),
            (self.recovery_code, "recovery-code"),
        ]
        .into_iter()
        .filter(|(is_there, _)| *is_there)
        .map(|(_, kind)| kind)
        .collect()
    }
}

/// More roles than an organization has.
const MAX_ROLES: usize = 50;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_open_nothing() {
        for text in [None, Some("{}"), Some("broken")] {
            let policy = Policy::stored(text);
            assert_eq!(policy.self_registration, SelfRegistration::Off, "{text:?}");
            assert!(policy.second_factor_roles.is_empty(), "{text:?}");
        }
        let chosen = r#"{"selfRegistration":"approval","secondFactorRoles":["admin"]}"#;
        let policy = Policy::stored(Some(chosen));
        assert_eq!(policy.self_registration, SelfRegistration::Approval);
        assert_eq!(serde_json::to_string(&policy).unwrap(), chosen);
        assert!(serde_json::from_str::<Policy>(r#"{"open":true}"#).is_err());
    }

    #[test]
    fn recovery_codes_alone_are_no_second_factor() {
        let check = |totp, passkey, recovery_code, asked, kinds: &[&str]| {
            let factors = Factors {
                totp,
                passkey,
                recovery_code,
            };
            assert_eq!(factors.are_asked_for(), asked, "{factors:?}");
            assert_eq!(factors.kinds(), kinds, "{factors:?}");
        };
        check(false, false, false, false, &[]);
        check(false, false, true, false, &["recovery-code"]);
        check(true, false, true, true, &["totp", "recovery-code"]);
        check(false, true, false, true, &["passkey"]);
    }
}
