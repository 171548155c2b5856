//! The table of contents: which function answers.

use runtime::{Failure, Outcome, reply};
use worker::Response;

use crate::{
    authenticate, call::Call, documents, internal, introspect, register, revoke, session, setup,
    stop, token, users,
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
        ("GET", ["session"]) => session::read(call).await,
        ("POST", ["session"]) => session::sign_in(call).await,
        ("DELETE", ["session"]) => session::sign_out(call).await,
        ("POST", ["client-registration", "v0.17", "register"]) => register::answer(call).await,
        ("POST", ["setup"]) => setup::answer(call).await,
        (_, ["session"]) => refuse_method("GET, POST, DELETE"),
        (_, ["client-registration", "v0.17", "register"] | ["setup"]) => refuse_method("POST"),
        (_, [".well-known", ..]) => refuse_method("GET"),
        _ => Err(Failure::code("404")),
    }
}

async fn oauth2(call: &Call, method: &str, rest: &[&str]) -> Outcome<Response> {
    match (method, rest) {
        ("POST", ["token"]) => stop::answer(token::answer(call).await),
        ("POST", ["revoke"]) => stop::answer(revoke::answer(call).await),
        ("POST", ["introspect"]) => stop::answer(introspect::answer(call).await),
        ("GET", ["jwks"]) => documents::jwks(call).await,
        ("GET" | "POST", ["userinfo"]) => documents::userinfo(call).await,
        ("GET", ["token", ".well-known", rest @ ..]) => documents::well_known(call, rest).await,
        (_, ["token" | "revoke" | "introspect"]) => refuse_method("POST"),
        (_, ["jwks" | "userinfo"]) => refuse_method("GET"),
        _ => Err(Failure::code("404")),
    }
}

/// For the other Workers only: `front` forwards no such path.
async fn inside(call: &Call, method: &str, rest: &[&str]) -> Outcome<Response> {
    match (method, rest) {
        ("POST", ["authenticate"]) => authenticate::answer(call).await,
        ("POST", ["tokens"]) => internal::token(call).await,
        ("POST", ["internal-keys"]) => internal::internal_key(call).await,
        ("POST", ["revocations"]) => internal::revoke(call).await,
        ("GET", ["roles"]) => users::roles(call).await,
        ("GET", ["users"]) => users::list(call).await,
        ("POST", ["users"]) => users::create(call).await,
        ("GET", ["users", id]) => users::read(call, id).await,
        ("PUT", ["users", id]) => users::update(call, id).await,
        ("DELETE", ["users", id]) => users::delete(call, id).await,
        ("POST", ["users", id, "password"]) => users::set_password(call, id).await,
        _ => Err(Failure::code("404")),
    }
}

fn refuse_method(allowed: &str) -> Outcome<Response> {
    let problem = problem::Problem::new("405").detail(format!("use {allowed}"));
    let body = reply::text(405, "application/json", problem.management_body())?;
    reply::with_header(body, "allow", allowed)
}
