//! For which clients the password grant is on. OAuth 2.1 has none any more; WSO2's tools know nothing else.

use crate::{Client, ErrorKind, OauthError};

/// The operator's choice: the variable `PASSWORD_GRANT` of the Key Manager.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PasswordGrant {
    /// `off`: for nobody.
    Off,
    /// `tools`, and without the variable: for clients that people register by themselves, as WSO2's command line does;
    /// not for applications, whose users are other people.
    #[default]
    Tools,
    /// `on`: for applications too.
    On,
}

impl PasswordGrant {
    /// Reads the variable. A word that is none of these turns it off: who wrote it wanted to restrict something.
    #[must_use]
    pub fn chosen(text: Option<&str>) -> Self {
        match text.map(str::trim) {
            None | Some("" | "tools") => Self::Tools,
            Some("on") => Self::On,
            Some(_) => Self::Off,
        }
    }

    /// Is it on for anybody?
    #[must_use]
    pub fn is_offered(self) -> bool {
        self != Self::Off
    }

    /// May this client use it, registered for it as it is?
    ///
    /// # Errors
    /// `unauthorized_client`.
    pub fn require(self, client: &Client) -> Result<(), OauthError> {
        match self {
            Self::On => Ok(()),
            Self::Tools if client.application.is_none() => Ok(()),
            Self::Tools => Err(refuse(
                "the password grant is off for applications; use `authorization_code`, or have the operator set `PASSWORD_GRANT` to `on`",
            )),
            Self::Off => Err(refuse(
                "the password grant is off; use `authorization_code`",
            )),
        }
    }
}

fn refuse(description: &str) -> OauthError {
    OauthError::new(ErrorKind::UnauthorizedClient, description)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ClientMetadata, Settings};

    #[test]
    fn applications_need_the_operators_word() {
        let check = |text: Option<&str>, expected: [bool; 2]| {
            let client = |application: Option<&str>| Client {
                id: "c".into(),
                organization: "default".into(),
                owner: "ann".into(),
                application: application.map(Into::into),
                grants: vec!["password".into()],
                settings: Settings::default(),
                metadata: ClientMetadata::default(),
            };
            let chosen = PasswordGrant::chosen(text);
            let found = [None, Some("a")].map(|it| chosen.require(&client(it)).is_ok());
            assert_eq!(found, expected, "{text:?}");
            assert_eq!(chosen.is_offered(), expected != [false, false]);
        };
        check(None, [true, false]);
        check(Some(""), [true, false]);
        check(Some(" tools "), [true, false]);
        check(Some("on"), [true, true]);
        check(Some("off"), [false, false]);
        check(Some("true"), [false, false]);
    }
}
