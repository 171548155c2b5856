//! What comes next: a code, a question to the person, or a refusal. Asked again after every answer of the person, over
//! what is true then.

use model::Timestamp;

use super::{AuthorizationRequest, Prompt};
use crate::{ErrorKind, OauthError};

/// Who sits before the browser, and how we know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Presence {
    /// Who: the `sub` of tokens.
    pub subject: String,
    /// When the person last proved who they are.
    pub auth_time: Timestamp,
    /// How (RFC 8176): `pwd`, `otp`, ...
    pub amr: Vec<String>,
}

/// What is known when a request is decided.
#[derive(Clone, Copy, Debug)]
pub struct Situation<'a> {
    /// The person who is signed in.
    pub presence: Option<&'a Presence>,
    /// When the person was first asked something about this request.
    pub begun_at: Option<Timestamp>,
    /// The person has said, about this request, that this is the account to use.
    pub is_account_chosen: bool,
    /// What the person says to this client.
    pub agreement: Agreement,
    /// The platform's own client: needs no consent.
    pub is_first_party: bool,
}

/// What the person says to this client having these scopes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Agreement {
    /// Nothing yet, or less than is asked now.
    Missing,
    /// Yes, some time before.
    Remembered,
    /// Yes, to this very request.
    Given,
    /// No, to this very request.
    Denied,
}

/// What comes next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A code.
    Issue,
    /// A question.
    Ask(Ask),
    /// A refusal, to be sent to the client.
    Refuse(OauthError),
}

/// The questions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// Who are you? `may_continue`: the account that is signed in will do, if the person says so.
    SignIn {
        /// Whether to go on as who is signed in.
        may_continue: bool,
    },
    /// Prove it with a second factor.
    StepUp,
    /// May the client have this?
    Consent,
}

impl Ask {
    /// The name that pages know it by.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignIn { .. } => "sign-in",
            Self::StepUp => "step-up",
            Self::Consent => "consent",
        }
    }
}

/// Decides a request.
#[must_use]
pub fn decide(request: &AuthorizationRequest, situation: Situation<'_>, now: Timestamp) -> Step {
    if situation.agreement == Agreement::Denied {
        return refuse(ErrorKind::AccessDenied, "the person said no");
    }
    let Some(presence) = situation.presence else {
        return ask(request, SIGN_IN);
    };
    let is_fresh = situation
        .begun_at
        .is_some_and(|begun| presence.auth_time >= begun);
    if !is_wanted(request, presence, is_fresh, now) {
        return ask(request, SIGN_IN);
    }
    if request.wants(Prompt::SelectAccount) && !is_fresh && !situation.is_account_chosen {
        return ask(request, Ask::SignIn { may_continue: true });
    }
    if !meets(&request.acr_values, &presence.amr) {
        return if is_fresh {
            refuse(ErrorKind::UnmetAuthenticationRequirements, UNMET)
        } else {
            ask(request, Ask::StepUp)
        };
    }
    if is_agreed(request, situation) {
        Step::Issue
    } else {
        ask(request, Ask::Consent)
    }
}

/// Is this the person that the request is about, signed in as lately as it wants? Who has signed in since the request
/// began is not sent around in circles, however long they take over the rest.
fn is_wanted(
    request: &AuthorizationRequest,
    presence: &Presence,
    is_fresh: bool,
    now: Timestamp,
) -> bool {
    let is_other = request
        .subject
        .as_ref()
        .is_some_and(|wanted| *wanted != presence.subject);
    let is_too_old = request
        .max_age_seconds
        .is_some_and(|most| now.ms_since(presence.auth_time) > most.saturating_mul(1000));
    !is_other && (is_fresh || !(is_too_old || request.wants(Prompt::Login)))
}

fn is_agreed(request: &AuthorizationRequest, situation: Situation<'_>) -> bool {
    match situation.agreement {
        Agreement::Given => true,
        Agreement::Remembered => !request.wants(Prompt::Consent),
        Agreement::Missing => situation.is_first_party && !request.wants(Prompt::Consent),
        Agreement::Denied => false,
    }
}

/// How strongly a person proved who they are: `2` by two factors, `1` by one.
#[must_use]
pub fn acr_of(amr: &[String]) -> &'static str {
    let several = amr.iter().any(|method| method == "mfa");
    let factors = amr
        .iter()
        .filter(|method| *method != "mfa" && *method != "user")
        .count();
    if several || factors > 1 { TWO } else { ONE }
}

/// One of the wanted contexts is met; two factors meet the demand for one.
fn meets(wanted: &[String], amr: &[String]) -> bool {
    wanted.is_empty() || wanted.iter().any(|acr| acr == ONE || acr == acr_of(amr))
}

/// A question, or the refusal that stands for it where none may be asked.
fn ask(request: &AuthorizationRequest, question: Ask) -> Step {
    if !request.is_silent() {
        return Step::Ask(question);
    }
    let (kind, why) = match question {
        Ask::SignIn { .. } => (
            ErrorKind::LoginRequired,
            "nobody is signed in, or not recently enough",
        ),
        Ask::StepUp => (ErrorKind::InteractionRequired, "a second factor is wanted"),
        Ask::Consent => (
            ErrorKind::ConsentRequired,
            "the person has not consented to this yet",
        ),
    };
    refuse(kind, &format!("{why}; ask again without `prompt=none`"))
}

fn refuse(kind: ErrorKind, why: &str) -> Step {
    Step::Refuse(OauthError::new(kind, why))
}

const SIGN_IN: Ask = Ask::SignIn {
    may_continue: false,
};
const ONE: &str = "1";
const TWO: &str = "2";
/// What `acr_values` may ask for.
pub(crate) const ACR_VALUES: [&str; 2] = [ONE, TWO];
const UNMET: &str = "the account has no second factor; the person can add one at `/account`";

#[cfg(test)]
#[path = "step_tests.rs"]
mod tests;
