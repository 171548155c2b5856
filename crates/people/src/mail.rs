//! What is written to people: plain text, one purpose each, and what to do when it was not them who asked.

use serde::{Deserialize, Serialize};

/// A mail, before anybody sends it. Not printable by accident: it holds a link.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    /// One address.
    pub to: String,
    /// One line.
    pub subject: String,
    /// Plain text.
    pub text: String,
}

impl Mail {
    /// A link to choose a new password.
    #[must_use]
    pub fn recovery(to: &str, name: &str, origin: &str, token: &str) -> Self {
        Self::new(
            to,
            "Choose a new password",
            &format!(
                "Hello {name},\n\nsomebody, most likely you, asked for a new password at {origin}.\nThis link lets you \
                 choose one. It works once, for 30 minutes:\n\n{origin}/recovery/#token={token}\n\nIf it was not you, \
                 there is nothing to do: your password stays as it is.\n"
            ),
        )
    }

    /// A link to confirm the address of a new account.
    #[must_use]
    pub fn confirmation(to: &str, name: &str, origin: &str, token: &str) -> Self {
        Self::new(
            to,
            "Confirm your address",
            &format!(
                "Hello {name},\n\nwelcome! This link confirms your address and finishes your registration at {origin}.\n\
                 It works once, for a day:\n\n{origin}/sign-up/#token={token}\n\nIf you did not register, there is \
                 nothing to do: without the link the account stays closed.\n"
            ),
        )
    }

    /// What has changed about an account, to whom it belongs.
    #[must_use]
    pub fn changed(to: &str, name: &str, origin: &str, what: &str) -> Self {
        Self::new(
            to,
            "Your account was changed",
            &format!(
                "Hello {name},\n\n{what} at {origin}.\n\nIf it was you, all is well. If not, choose a new password at \
                 {origin}/recovery/ and tell an administrator.\n"
            ),
        )
    }

    fn new(to: &str, subject: &str, text: &str) -> Self {
        Self {
            to: to.to_owned(),
            subject: subject.to_owned(),
            text: text.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_behind_the_fragment() {
        // What stands behind `#` reaches no server, no log and no referrer.
        for mail in [
            Mail::recovery("a@b.c", "Ann", "https://p.example", "T"),
            Mail::confirmation("a@b.c", "Ann", "https://p.example", "T"),
        ] {
            assert!(mail.text.contains("/#token=T\n"), "{}", mail.text);
            assert!(mail.text.starts_with("Hello Ann,\n"), "{}", mail.text);
        }
    }
}
