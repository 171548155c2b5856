//! Sign-in by passkey alone: the authenticator has seen who it is, and says whose passkey it is.

use ::people::passkey::{Assertion, request_options};
use runtime::{Failure, Outcome, body, reply};
use serde::Deserialize;
use worker::Response;

use super::{
    challenge::{self, Purpose},
    passkeys::{self, Answer},
};
use crate::{call::Call, limits, people, session};

/// `POST /session/passkey/options`: what to ask the browser for, whoever sits there.
pub(super) async fn options(call: &Call) -> Outcome<Response> {
    session::own_site(call)?;
    limits::by_address(call, "challenge", CHALLENGES_A_MINUTE).await?;
    let asked = challenge::ask(call, Purpose::PasskeySignIn, None, &[]).await?;
    reply::json(
        200,
        &request_options(&asked, call.endpoints().origin(), &[]),
    )
}

/// `POST /session/passkey`: the answer. One proof of two things, what one has and what one is or knows, is enough.
pub(super) async fn sign_in(call: &Call) -> Outcome<Response> {
    session::own_site(call)?;
    let shown: Shown = body::json_within(&call.request, 64 * 1024).await?;
    challenge::find(call, &shown.challenge, Purpose::PasskeySignIn).await?;
    let answer = Answer {
        id: &shown.id,
        challenge: &shown.challenge,
        response: &shown.response,
        alone: true,
    };
    let owner = passkeys::verify(call, &answer).await?;
    challenge::spend(call, &shown.challenge).await?;
    let person = match owner {
        Some(id) => people::by_id(call, &id).await?,
        None => None,
    };
    let person = person.ok_or_else(|| Failure::because("401", "this passkey is not known here"))?;
    session::start(call, &person, &["pop", "user", "mfa"]).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Shown {
    challenge: String,
    id: String,
    response: Assertion,
}

/// More than all who sit behind one address need.
const CHALLENGES_A_MINUTE: i64 = 60;
