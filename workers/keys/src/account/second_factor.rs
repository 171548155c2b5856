//! The second step of a sign-in, and what a person has for it.

use ::people::passkey::{Assertion, request_options};
use runtime::{Failure, Outcome, body, reply};
use serde::Deserialize;
use serde_json::{Value, json};
use worker::Response;

use super::{
    challenge::{self, Purpose},
    owner, passkeys, recovery_codes, totp,
};
use crate::{
    call::Call,
    limits,
    people::{self, Person},
    session,
};

/// Goes on after a first proof: into a session, or to the question for the second one.
pub(crate) async fn go_on(call: &Call, person: &Person, amr: &[&str]) -> Outcome<Response> {
    if !person.factors.are_asked_for() {
        return session::start(call, person, amr).await;
    }
    let asked = challenge::ask(call, Purpose::SecondFactor, Some(&person.id), amr).await?;
    let question = question(call, person, &asked).await?;
    reply::json(200, &json!({"signedIn": false, "secondFactor": question}))
}

/// `POST /session/second-factor/options`: the question again, for a page that was loaded anew.
pub(super) async fn options(call: &Call) -> Outcome<Response> {
    let Again { challenge } = body::json(&call.request).await?;
    let person = person_of(call, &challenge).await?.0;
    reply::json(200, &question(call, &person, &challenge).await?)
}

/// `POST /session/second-factor`: an answer.
pub(super) async fn show(call: &Call) -> Outcome<Response> {
    session::own_site(call)?;
    let shown: Shown = body::json_within(&call.request, 64 * 1024).await?;
    let (person, before) = person_of(call, shown.challenge()).await?;
    let is_right = match &shown {
        Shown::Totp { code, .. } => {
            limits::of_codes(call, &person.id).await?;
            totp::spend(call, &person.id, code).await?
        }
        Shown::RecoveryCode { code, .. } => {
            limits::of_codes(call, &person.id).await?;
            recovery_codes::spend(call, &person.id, code).await?
        }
        Shown::Passkey {
            challenge,
            id,
            response,
        } => {
            let answer = passkeys::Answer {
                id,
                challenge,
                response,
                alone: false,
            };
            let owner = passkeys::verify(call, &answer).await?;
            owner.is_some_and(|owner| owner == person.id)
        }
    };
    if !is_right {
        return Err(Failure::because("401", shown.refusal()));
    }
    challenge::spend(call, shown.challenge()).await?;
    limits::forget_codes(call, &person.id).await?;
    let mut amr: Vec<&str> = before.iter().map(String::as_str).collect();
    amr.extend([shown.word(), "mfa"]);
    session::start(call, &person, &amr).await
}

/// `GET /session/factors`: what there is beside the password.
pub(super) async fn list(call: &Call) -> Outcome<Response> {
    let owner = owner(call).await?;
    reply::json(
        200,
        &json!({
            "totp": owner.person.factors.totp,
            "passkeys": passkeys::of(call, &owner.person.id).await?,
            "recoveryCodes": recovery_codes::left(call, &owner.person.id).await?,
            "withheldRoles": owner.person.withheld_roles,
        }),
    )
}

async fn question(call: &Call, person: &Person, challenge: &str) -> Outcome<Value> {
    let mut question = json!({"kinds": person.factors.kinds(), "challenge": challenge});
    if person.factors.passkey
        && let Some(members) = question.as_object_mut()
    {
        let known = passkeys::ids_of(call, &person.id).await?;
        let options = request_options(challenge, call.endpoints().origin(), &known);
        members.insert("passkey".into(), options);
    }
    Ok(question)
}

/// Whose sign-in a challenge belongs to, and what was proved before.
async fn person_of(call: &Call, challenge: &str) -> Outcome<(Person, Vec<String>)> {
    let asked = challenge::find(call, challenge, Purpose::SecondFactor).await?;
    let person = people::by_id(call, &asked.user_id)
        .await?
        .ok_or_else(|| Failure::because("401", "the account may not sign in"))?;
    Ok((person, asked.amr))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Again {
    challenge: String,
}

#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
enum Shown {
    Totp {
        challenge: String,
        code: String,
    },
    RecoveryCode {
        challenge: String,
        code: String,
    },
    Passkey {
        challenge: String,
        id: String,
        response: Assertion,
    },
}

impl Shown {
    fn challenge(&self) -> &str {
        match self {
            Self::Totp { challenge, .. }
            | Self::RecoveryCode { challenge, .. }
            | Self::Passkey { challenge, .. } => challenge,
        }
    }

    /// In RFC 8176's words: a one-time code, or the proof of a key.
    const fn word(&self) -> &'static str {
        match self {
            Self::Totp { .. } | Self::RecoveryCode { .. } => "otp",
            Self::Passkey { .. } => "pop",
        }
    }

    const fn refusal(&self) -> &'static str {
        match self {
            Self::Totp { .. } => "the code is wrong or was used already; wait for the next one",
            Self::RecoveryCode { .. } => "the recovery code is wrong or was used already",
            Self::Passkey { .. } => "this passkey is not known here",
        }
    }
}
