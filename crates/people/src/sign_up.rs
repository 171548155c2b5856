//! People who register themselves, and the links that are sent to them.

use problem::Problem;
use serde::Deserialize;

use crate::{NewUser, SelfRegistration};

/// What somebody says who wants an account. Roles are not among it.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct SignUp {
    /// See [`crate::require_username`].
    pub username: String,
    /// See [`crate::require_password`].
    pub password: String,
    /// Where the link to confirm goes.
    pub email: String,
    /// Optional.
    pub display_name: Option<String>,
}

impl SignUp {
    /// The person to be added: with one role, whatever was asked for, which opens the developer portal alone.
    ///
    /// # Errors
    /// 400 with all faults, or 900606 for the password.
    pub fn person(self) -> Result<NewUser, Problem> {
        let user = NewUser {
            username: self.username,
            password: self.password,
            email: Some(self.email),
            display_name: self.display_name,
            roles: vec![SIGN_UP_ROLE.to_owned()],
        };
        user.check()?;
        Ok(user)
    }
}

impl SelfRegistration {
    /// Does an administrator have to say yes? `None` when nobody may register. Where no mail can be sent, nobody can
    /// confirm an address, and an administrator has to look.
    #[must_use]
    pub const fn needs_approval(self, has_mailer: bool) -> Option<bool> {
        match self {
            Self::Off => None,
            Self::Auto => Some(!has_mailer),
            Self::Approval => Some(true),
        }
    }
}

/// The role of those who registered themselves.
pub const SIGN_UP_ROLE: &str = "Internal/subscriber";

/// How long a link to a new password is good: 30 minutes.
pub const RECOVERY_LINK_MS: i64 = 30 * 60_000;
/// How long a link that confirms an address is good: a day.
pub const CONFIRMATION_LINK_MS: i64 = 24 * 3_600_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_registers_as_more_than_subscriber() {
        let read = |text: &str| serde_json::from_str::<SignUp>(text);
        let good = r#"{"username":"ann","password":"tin lamp river 9","email":"ann@example.org"}"#;
        let person = read(good).unwrap().person().unwrap();
        assert_eq!(person.roles, ["Internal/subscriber"]);
        let more = good.replace('}', r#","roles":["admin"]}"#);
        assert!(read(&more).is_err(), "{more}");
        assert!(
            read(&good.replace("ann@example.org", "ann"))
                .unwrap()
                .person()
                .is_err()
        );
        assert!(
            read(&good.replace("tin lamp river 9", "short"))
                .unwrap()
                .person()
                .is_err()
        );
    }

    #[test]
    fn without_mail_an_administrator_looks() {
        let check = |policy: SelfRegistration, mailer, expected| {
            assert_eq!(
                policy.needs_approval(mailer),
                expected,
                "{policy:?} {mailer}"
            );
        };
        check(SelfRegistration::Off, true, None);
        check(SelfRegistration::Auto, true, Some(false));
        check(SelfRegistration::Auto, false, Some(true));
        check(SelfRegistration::Approval, true, Some(true));
    }
}
