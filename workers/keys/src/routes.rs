//! The table of contents: which function answers.

use runtime::{Failure, Outcome, reply};
use worker::Response;

use crate::{
    account, authenticate, authorize, call::Call, cors, device, documents, dpop, external_clients,
    external_issuers, federated, internal, introductions, introspect, key_uses, keyring, logins,
    logout, mail, messages, policy, reference, register, registration, revoke, session, setup,
    stop, token, token_tests, upstream_secrets, userinfo, users,
};

/// Answers a request. HEAD is answered as GET; the platform leaves the body out.
pub(crate) async fn answer(call: &Call) -> Outcome<Response> {
    let path = call.request.path();
    let segments: Vec<&str> = path.trim_matches('/').split('/').collect();
    let method = call.request.method().to_string();
    let method = if method == "HEAD" { "GET" } else { &method };
    match (method, segments.as_slice()) {
        (_, ["internal", rest @ ..]) => inside(call, method, rest).await,
        (_, ["oauth2", rest @ ..]) => oauth2(call, method, rest).await,
        ("GET", [".well-known", rest @ ..]) => documents::well_known(call, rest).await,
        (_, ["oidc", "logout"]) => end_session(call, method).await,
        ("GET", ["session", "consents"]) => authorize::list_consents(call).await,
        ("DELETE", ["session", "consents", client]) => {
            authorize::withdraw_consent(call, client).await
        }
        ("GET", ["session"]) => session::read(call).await,
        ("POST", ["session"]) => session::sign_in(call).await,
        ("DELETE", ["session"]) => session::sign_out(call).await,
        (_, ["client-registration", "v0.17", "register", rest @ ..]) => {
            register::answer(call, method, rest).await
        }
        ("POST", ["setup"]) => setup::answer(call).await,
        ("GET", ["setup", "mail"]) => mail::outbox(call).await,
        (method, ["session", rest @ ..]) if !rest.is_empty() => {
            account::answer(call, method, rest).await
        }
        (_, ["session"]) => refuse_method("GET, POST, DELETE"),
        (_, ["setup"]) => refuse_method("POST"),
        (_, [".well-known", ..]) => refuse_method("GET"),
        _ => Err(Failure::code("404")),
    }
}

async fn oauth2(call: &Call, method: &str, rest: &[&str]) -> Outcome<Response> {
    match (method, rest) {
        ("POST", ["token"]) => token::answer(call).await,
        ("POST", ["revoke"]) => stop::answer(revoke::answer(call).await),
        ("POST", ["introspect"]) => stop::answer(introspect::answer(call).await),
        ("GET", ["jwks"]) => documents::jwks(call).await,
        ("GET" | "POST", ["userinfo"]) => userinfo::answer(call).await,
        ("OPTIONS", ["token" | "userinfo" | "revoke"]) => cors::preflight(call),
        (_, ["register", rest @ ..]) => registration::answer(call, method, rest).await,
        ("POST", ["par"]) => dpop::answer(call, authorize::push(call).await),
        ("POST", ["device_authorization" | "device_authorize"]) => {
            stop::answer(device::begin(call).await)
        }
        (_, ["authorize" | "interactions" | "device" | "clients", ..]) => {
            front(call, method, rest).await
        }
        ("GET", ["token", ".well-known", rest @ ..]) => documents::well_known(call, rest).await,
        (
            _,
            [
                "token"
                | "revoke"
                | "introspect"
                | "par"
                | "device_authorization"
                | "device_authorize",
            ],
        ) => refuse_method("POST"),
        (_, ["userinfo"]) => refuse_method("GET, POST"),
        (_, ["jwks"]) => refuse_method("GET"),
        _ => Err(Failure::code("404")),
    }
}

/// What browsers come for.
async fn front(call: &Call, method: &str, rest: &[&str]) -> Outcome<Response> {
    match (method, rest) {
        ("GET", ["authorize"]) => authorize::by_address(call).await,
        ("POST", ["authorize"]) => authorize::by_form(call).await,
        ("GET", ["authorize", "resume"]) => authorize::resume(call).await,
        ("GET", ["interactions", id]) => authorize::read(call, id).await,
        ("POST", ["interactions", id]) => authorize::decide(call, id).await,
        ("POST", ["device", "lookup"]) => device::look_up(call).await,
        ("POST", ["device", "decision"]) => device::decide(call).await,
        ("PUT", ["clients", id, "first-party"]) => authorize::set_first_party(call, id, true).await,
        ("DELETE", ["clients", id, "first-party"]) => {
            authorize::set_first_party(call, id, false).await
        }
        (_, ["clients", _, "first-party"]) => refuse_method("PUT, DELETE"),
        (_, ["authorize"] | ["interactions", _]) => refuse_method("GET, POST"),
        (_, ["authorize", "resume"]) => refuse_method("GET"),
        (_, ["device", "lookup" | "decision"]) => refuse_method("POST"),
        _ => Err(Failure::code("404")),
    }
}

async fn end_session(call: &Call, method: &str) -> Outcome<Response> {
    match method {
        "GET" => logout::by_address(call).await,
        "POST" => logout::by_form(call).await,
        _ => refuse_method("GET, POST"),
    }
}

/// For the other Workers only: `front` forwards no such path.
async fn inside(call: &Call, method: &str, rest: &[&str]) -> Outcome<Response> {
    match (method, rest) {
        ("POST", ["authenticate"]) => authenticate::answer(call).await,
        ("POST", ["tokens"]) => internal::token(call).await,
        ("POST", ["internal-keys"]) => internal::internal_key(call).await,
        ("POST", ["revocations"]) => internal::revoke(call).await,
        ("POST", ["registration-tokens" | "upstream-secrets" | "messages", ..]) => {
            sealed(call, rest).await
        }
        (
            "POST",
            [
                what @ ("logins" | "reference-tokens" | "issuer-keys" | "api-key-uses"
                | "introductions"),
            ],
        ) => at_gateways(call, what).await,
        ("POST", ["external-clients"]) => external_clients::register(call).await,
        ("POST", ["external-clients", "changes"]) => external_clients::change(call).await,
        ("POST", ["token-tests"]) => token_tests::answer(call).await,
        ("POST", ["trust-publications"]) => external_issuers::publish(call).await,
        ("GET", ["roles"]) => users::roles(call).await,
        (_, ["users", ..]) => accounts(call, method, rest).await,
        (method, ["identity-providers", rest @ ..]) => providers(call, method, rest).await,
        (method, ["registration", rest @ ..]) => registration::administer(call, method, rest).await,
        ("GET", ["people-policy"]) => policy::read(call).await,
        ("PUT", ["people-policy"]) => policy::write(call).await,
        (_, ["signing-keys" | "signing-key-schedule", ..]) => {
            keyring::answer(call, method, rest).await
        }
        _ => Err(Failure::code("404")),
    }
}

/// Secrets that other Workers keep as they are sealed here, and messages that are signed by such.
async fn sealed(call: &Call, rest: &[&str]) -> Outcome<Response> {
    match rest {
        ["registration-tokens"] => external_clients::seal(call).await,
        ["upstream-secrets"] => upstream_secrets::open(call).await,
        ["upstream-secrets", "sealings"] => upstream_secrets::seal(call).await,
        ["messages", kind] => messages::answer(call, kind).await,
        _ => Err(Failure::code("404")),
    }
}

/// What gateways ask and tell.
async fn at_gateways(call: &Call, what: &str) -> Outcome<Response> {
    match what {
        "logins" => logins::answer(call).await,
        "reference-tokens" => reference::answer(call).await,
        "introductions" => introductions::answer(call).await,
        "issuer-keys" => external_issuers::answer(call).await,
        _ => key_uses::note(call).await,
    }
}

async fn accounts(call: &Call, method: &str, rest: &[&str]) -> Outcome<Response> {
    match (method, rest) {
        ("GET", ["users"]) => users::list(call).await,
        ("POST", ["users"]) => users::create(call).await,
        ("POST", ["users", "own", "password"]) => account::password::change_of_actor(call).await,
        ("GET", ["users", id]) => users::read(call, id).await,
        ("PUT", ["users", id]) => users::update(call, id).await,
        ("DELETE", ["users", id]) => users::delete(call, id).await,
        ("POST", ["users", id, "password"]) => users::set_password(call, id).await,
        ("DELETE", ["users", id, "second-factors"]) => users::reset_factors(call, id).await,
        ("DELETE", ["users", id, "sessions"]) => users::end_sessions(call, id).await,
        _ => Err(Failure::code("404")),
    }
}

async fn providers(call: &Call, method: &str, rest: &[&str]) -> Outcome<Response> {
    match (method, rest) {
        ("GET", []) => federated::providers::list(call).await,
        ("POST", []) => federated::providers::create(call).await,
        ("GET", [id]) => federated::providers::read(call, id).await,
        ("PUT", [id]) => federated::providers::update(call, id).await,
        ("DELETE", [id]) => federated::providers::delete(call, id).await,
        _ => Err(Failure::code("404")),
    }
}

pub(crate) fn refuse_method(allowed: &str) -> Outcome<Response> {
    let problem = problem::Problem::new("405").detail(format!("use {allowed}"));
    let body = reply::text(405, "application/json", problem.management_body())?;
    reply::with_header(body, "allow", allowed)
}
