//! The parameters of an authorization request, in order or refused.

use model::ClientId;
use serde::{Deserialize, Serialize};

use super::{Challenge, PkceRule, Target, target::MAX_STATE};
use crate::{Client, ErrorKind, Form, GrantKind, OauthError, parse_resources, parse_scopes};

/// A request in order. Kept as JSON while a person signs in or thinks about consent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorizationRequest {
    /// Who asks.
    pub client: ClientId,
    /// Where the answer goes.
    pub target: Target,
    /// What for, before roles limit it.
    pub scopes: Vec<String>,
    /// Goes into the ID token unchanged.
    pub nonce: Option<String>,
    /// What the code will be bound to.
    pub challenge: Option<Challenge>,
    /// What the person has to be asked.
    pub prompts: Vec<Prompt>,
    /// How long ago the person may have signed in, in seconds.
    pub max_age_seconds: Option<i64>,
    /// Authentication contexts of which one is wanted; those that we do not know are left out.
    pub acr_values: Vec<String>,
    /// Who is expected to sign in.
    pub login_hint: Option<String>,
    /// For which resources the token will be (RFC 8707).
    pub resources: Vec<String>,
    /// Whom an ID token of ours, shown as a hint, says it is about: nobody else will do.
    #[serde(default)]
    pub subject: Option<String>,
    /// `dpop_jkt`: the thumbprint of the key that the code will be bound to (RFC 9449 section 10).
    #[serde(default)]
    pub key: Option<String>,
}

/// What the client wants the person to be asked (`OpenID` Connect Core section 3.1.2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Prompt {
    /// Nothing: fail rather than ask.
    None,
    /// To sign in again.
    Login,
    /// To consent again.
    Consent,
    /// Which account to use.
    SelectAccount,
}

impl AuthorizationRequest {
    /// Reads a request of this client whose target is known.
    ///
    /// # Errors
    /// In the words of RFC 6749 section 4.1.2.1 and of `OpenID` Connect, to be sent to the target.
    pub fn read(form: &Form, client: &Client, target: Target) -> Result<Self, OauthError> {
        require_served(form)?;
        client.require_grant(GrantKind::AuthorizationCode)?;
        let prompts = prompts(form.get("prompt").unwrap_or_default())?;
        let bounded = |name: &str| match form.get(name) {
            Some(text) if text.len() > MAX_TEXT => {
                Err(refuse(format!("`{name}` is longer than {MAX_TEXT} bytes")))
            }
            found => Ok(found.map(ToOwned::to_owned)),
        };
        let acr_values = form.get("acr_values").unwrap_or_default();
        Ok(Self {
            client: client.id.clone(),
            target,
            scopes: parse_scopes(form.get("scope").unwrap_or_default())?,
            nonce: bounded("nonce")?,
            challenge: Challenge::read(form, PkceRule::of(client))?,
            prompts,
            max_age_seconds: max_age(form)?.or(client.metadata.default_max_age),
            acr_values: acr_values
                .split(' ')
                .filter(|value| super::step::ACR_VALUES.contains(value))
                .map(ToOwned::to_owned)
                .collect(),
            login_hint: bounded("login_hint")?,
            resources: parse_resources(form)?,
            subject: None,
            key: key(form)?,
        })
    }

    /// May the client bring its request by the browser?
    ///
    /// # Errors
    /// `invalid_request` when it has registered that it always pushes (RFC 9126 section 6).
    pub fn require_unpushed(client: &Client) -> Result<(), OauthError> {
        if client.metadata.require_pushed_authorization_requests {
            return Err(refuse(
                "the client has to push its requests to `/oauth2/par`",
            ));
        }
        Ok(())
    }

    /// The same request, about this person only.
    #[must_use]
    pub fn about(self, subject: String) -> Self {
        Self {
            subject: Some(subject),
            ..self
        }
    }

    /// Does the request forbid every question?
    #[must_use]
    pub fn is_silent(&self) -> bool {
        self.wants(Prompt::None)
    }

    /// Does the request demand this question?
    #[must_use]
    pub fn wants(&self, prompt: Prompt) -> bool {
        self.prompts.contains(&prompt)
    }
}

/// Refuses what is not served, each in its own word.
fn require_served(form: &Form) -> Result<(), OauthError> {
    if form
        .get("state")
        .is_some_and(|state| state.len() > MAX_STATE)
    {
        return Err(refuse(format!("`state` is longer than {MAX_STATE} bytes")));
    }
    for (name, kind) in [
        ("request", ErrorKind::RequestNotSupported),
        ("request_uri", ErrorKind::RequestUriNotSupported),
        ("registration", ErrorKind::RegistrationNotSupported),
    ] {
        if form.get(name).is_some() {
            return Err(OauthError::new(
                kind,
                format!(
                    "`{name}` is not offered; send the parameters themselves, or push them to `/oauth2/par`"
                ),
            ));
        }
    }
    match form.require("response_type")? {
        "code" => {}
        _ => {
            return Err(OauthError::new(
                ErrorKind::UnsupportedResponseType,
                "use `response_type=code`; tokens are issued at the token endpoint only",
            ));
        }
    }
    match form.get("response_mode") {
        None | Some("query" | "form_post") => Ok(()),
        Some(_) => Err(refuse("use `response_mode=query` or `form_post`")),
    }
}

fn prompts(text: &str) -> Result<Vec<Prompt>, OauthError> {
    let prompts = text
        .split(' ')
        .filter(|word| !word.is_empty())
        .map(|word| match word {
            "none" => Ok(Prompt::None),
            "login" => Ok(Prompt::Login),
            "consent" => Ok(Prompt::Consent),
            "select_account" => Ok(Prompt::SelectAccount),
            _ => Err(refuse(
                "`prompt` knows `none`, `login`, `consent` and `select_account`",
            )),
        })
        .collect::<Result<Vec<_>, _>>()?;
    if prompts.len() > 1 && prompts.contains(&Prompt::None) {
        return Err(refuse("`prompt=none` can't stand with others"));
    }
    Ok(prompts)
}

fn max_age(form: &Form) -> Result<Option<i64>, OauthError> {
    let Some(text) = form.get("max_age") else {
        return Ok(None);
    };
    match text.parse::<u32>() {
        Ok(seconds) => Ok(Some(i64::from(seconds))),
        Err(_) => Err(refuse("`max_age` is a whole number of seconds")),
    }
}

/// A thumbprint is the base64url of 32 bytes.
fn key(form: &Form) -> Result<Option<String>, OauthError> {
    let Some(text) = form.get("dpop_jkt") else {
        return Ok(None);
    };
    let is_letter = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if text.len() == THUMBPRINT_LENGTH && text.chars().all(is_letter) {
        return Ok(Some(text.to_owned()));
    }
    Err(refuse(
        "`dpop_jkt` is the base64url SHA-256 thumbprint of a key",
    ))
}

fn refuse(description: impl Into<String>) -> OauthError {
    OauthError::new(ErrorKind::InvalidRequest, description)
}

const MAX_TEXT: usize = 1024;
const THUMBPRINT_LENGTH: usize = 43;

#[cfg(test)]
#[path = "request_tests.rs"]
mod tests;
