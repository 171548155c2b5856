//! The Key Manager: who is who, and which credentials to believe.
//!
//! A thin shell: [`routes`] says which function answers, each of which parses, asks `oauth` or `credential` to decide,
//! writes one batch, and answers. Everything that gateways have to know goes through [`trust`]; every password through
//! [`people::sign_in`]; every signature through [`signing`], by the keys of [`keyring`].

mod account;
mod assertion;
mod authenticate;
mod authorize;
mod call;
mod certificate;
mod clients;
mod cors;
mod device;
mod documents;
mod dpop;
mod exchange;
mod external_clients;
mod external_issuers;
mod external_tokens;
mod federated;
mod guard;
mod handed_on;
mod hashing;
mod housekeeping;
mod internal;
mod introductions;
mod introspect;
mod jwt_bearer;
mod key_uses;
mod keyring;
mod limits;
mod logins;
mod logout;
mod mail;
mod messages;
mod once;
mod password;
mod people;
mod policy;
mod present;
mod reference;
mod refresh;
mod register;
mod registration;
mod revocations;
mod revoke;
mod routes;
mod scope_rules;
mod session;
mod setup;
mod signing;
mod stop;
mod token;
mod token_tests;
mod trust;
mod upstream_secrets;
mod userinfo;
mod users;
mod verify;

use runtime::{Failure, Outcome, reply};
use worker::{Context, Env, Request, Response, ScheduleContext, ScheduledEvent, event};

use call::Call;
pub use hashing::PasswordHasher;

#[event(fetch)]
async fn fetch(request: Request, env: Env, context: Context) -> worker::Result<Response> {
    let accept = request.headers().get("accept")?.unwrap_or_default();
    let outcome = answer(request, env, &context).await;
    Ok(reply::finish(outcome.map_err(not_set_up), &accept))
}

#[event(scheduled)]
async fn scheduled(_event: ScheduledEvent, env: Env, _context: ScheduleContext) {
    housekeeping::run_or_log(&env).await;
}

async fn answer(request: Request, env: Env, context: &Context) -> Outcome<Response> {
    let call = Call::new(request, env)?;
    let response = routes::answer(&call).await?;
    for work in call.later.take() {
        context.wait_until(work);
    }
    if housekeeping::is_due(call.now) {
        let env = call.env.clone();
        context.wait_until(async move { housekeeping::run_or_log(&env).await });
    }
    Ok(response)
}

/// A database without tables is a platform that nobody has set up yet, not a defect.
fn not_set_up(failure: Failure) -> Failure {
    match failure {
        Failure::Internal(text) if text.contains("no such table") => Failure::because(
            "909001",
            "the platform is not set up yet; send `POST /setup` with the set-up token",
        ),
        other @ (Failure::Problem(_) | Failure::Internal(_)) => other,
    }
}
