//! `/session/…`: a person's own account. Sign-in goes on here where a password is not enough, and whoever is signed in
//! looks after password, sessions and second factors.
//!
//! Every change comes from our own pages with the session cookie ([`owner`]); what would let a thief stay needs a sign-in
//! of the last minutes besides ([`fresh_owner`]).

pub(crate) mod challenge;
mod link;
mod passkey_sign_in;
mod passkeys;
pub(crate) mod password;
mod recovery;
mod recovery_codes;
mod second_factor;
mod sessions;
mod sign_up;
mod totp;

pub(crate) use second_factor::go_on;
pub(crate) use totp::context as totp_context;

use ::people::is_fresh;
use runtime::{Failure, Outcome, reply};
use worker::Response;

use crate::{
    call::Call,
    federated,
    session::{self, SignedIn},
};

/// Answers what stands below `/session/`.
pub(crate) async fn answer(call: &Call, method: &str, rest: &[&str]) -> Outcome<Response> {
    match (method, rest) {
        ("POST", ["second-factor"]) => second_factor::show(call).await,
        ("POST", ["second-factor", "options"]) => second_factor::options(call).await,
        ("POST", ["passkey"]) => passkey_sign_in::sign_in(call).await,
        ("POST", ["passkey", "options"]) => passkey_sign_in::options(call).await,
        ("POST", ["recovery"]) => recovery::ask(call).await,
        ("POST", ["recovery", "password"]) => recovery::set(call).await,
        ("POST", ["sign-up"]) => sign_up::ask(call).await,
        ("POST", ["sign-up", "confirmation"]) => sign_up::confirm(call).await,
        (method, rest) => match federated::answer(call, method, rest).await {
            Some(answer) => answer,
            None => own(call, method, rest).await,
        },
    }
}

/// What is for those who are signed in.
async fn own(call: &Call, method: &str, rest: &[&str]) -> Outcome<Response> {
    match (method, rest) {
        ("GET", ["list"]) => sessions::list(call).await,
        ("DELETE", ["list", id]) => sessions::end(call, id).await,
        ("POST", ["password"]) => password::change(call).await,
        ("GET", ["factors"]) => second_factor::list(call).await,
        ("POST", ["totp"]) => totp::begin(call).await,
        ("POST", ["totp", "confirmation"]) => totp::confirm(call).await,
        ("DELETE", ["totp"]) => totp::remove(call).await,
        ("POST", ["passkeys", "options"]) => passkeys::options(call).await,
        ("POST", ["passkeys"]) => passkeys::add(call).await,
        ("DELETE", ["passkeys", id]) => passkeys::remove(call, id).await,
        ("POST", ["recovery-codes"]) => recovery_codes::renew(call).await,
        (_, rest) => refuse(rest),
    }
}

/// Who is signed in and means it: a change has to come from our own pages.
pub(crate) async fn owner(call: &Call) -> Outcome<SignedIn> {
    if !matches!(call.request.method().as_ref(), "GET" | "HEAD") {
        session::own_page(call)?;
    }
    session::signed_in(call)
        .await?
        .ok_or_else(|| Failure::because("401", "sign in first"))
}

/// As [`owner`], signed in within the last minutes.
pub(crate) async fn fresh_owner(call: &Call) -> Outcome<SignedIn> {
    let owner = owner(call).await?;
    if is_fresh(owner.auth_time, call.now) {
        return Ok(owner);
    }
    Err(Failure::because(
        "403",
        "this needs a sign-in of the last 15 minutes; sign in again and repeat it",
    ))
}

fn refuse(rest: &[&str]) -> Outcome<Response> {
    let allowed = match rest {
        ["second-factor" | "passkey" | "passkeys", "options"]
        | ["second-factor" | "passkey" | "passkeys" | "password" | "recovery-codes"]
        | ["recovery" | "sign-up"]
        | ["recovery", "password"]
        | ["totp" | "sign-up", "confirmation"] => "POST",
        ["totp"] => "POST, DELETE",
        ["list" | "factors" | "providers" | "federated"] | ["federated", _, "callback"] => "GET",
        ["federated", _] => "POST, DELETE",
        ["list" | "passkeys", _] => "DELETE",
        _ => return Err(Failure::code("404")),
    };
    let problem = problem::Problem::new("405").detail(format!("use {allowed}"));
    let body = reply::text(405, "application/json", problem.management_body())?;
    reply::with_header(body, "allow", allowed)
}
