//! The table of contents: which function answers.

use runtime::{Failure, Outcome, reply};
use worker::{Method, Response};

use crate::{
    authenticate, call::Call, documents, internal, introspect, register, revoke, session, setup,
    stop, token, users,
};

/// Answers a request.
pub(crate) async fn answer(call: &Call) -> Outcome<Response> {
    let path = call.request.path();
    let segments: Vec<&str> = path.trim_matches('/').split('/').collect();
    match segments.as_slice() {
        ["internal", rest @ ..] => inside(call, rest).await,
        ["setup"] => match call.request.method() {
            Method::Post => setup::answer(call).await,
            _ => refuse_method("POST"),
        },
        ["session"] => match call.request.method() {
            Method::Get => session::read(call).await,
            Method::Post => session::sign_in(call).await,
            Method::Delete => session::sign_out(call).await,
            _ => refuse_method("GET, POST, DELETE"),
        },
        ["client-registration", "v0.17", "register"] => match call.request.method() {
            Method::Post => register::answer(call).await,
            _ => refuse_method("POST"),
        },
        ["oauth2", "token", ".well-known", "openid-configuration"] => documents::openid(call),
        ["oauth2", rest @ ..] => oauth2(call, rest).await,
        [".well-known", rest @ ..] => documents::well_known(call, rest).await,
        _ => Err(Failure::code("404")),
    }
}

async fn oauth2(call: &Call, rest: &[&str]) -> Outcome<Response> {
    match (call.request.method(), rest) {
        (Method::Post, ["token"]) => stop::answer(token::answer(call).await),
        (Method::Post, ["revoke"]) => stop::answer(revoke::answer(call).await),
        (Method::Post, ["introspect"]) => stop::answer(introspect::answer(call).await),
        (Method::Get, ["jwks"]) => documents::jwks(call).await,
        (Method::Get | Method::Post, ["userinfo"]) => documents::userinfo(call).await,
        (_, ["token" | "revoke" | "introspect"]) => refuse_method("POST"),
        (_, ["jwks" | "userinfo"]) => refuse_method("GET"),
        _ => Err(Failure::code("404")),
    }
}

/// For the other Workers only: `front` forwards no such path.
async fn inside(call: &Call, rest: &[&str]) -> Outcome<Response> {
    match (call.request.method(), rest) {
        (Method::Post, ["authenticate"]) => authenticate::answer(call).await,
        (Method::Post, ["tokens"]) => internal::token(call).await,
        (Method::Post, ["internal-keys"]) => internal::internal_key(call).await,
        (Method::Post, ["revocations"]) => internal::revoke(call).await,
        (Method::Get, ["roles"]) => users::roles(call).await,
        (Method::Get, ["users"]) => users::list(call).await,
        (Method::Post, ["users"]) => users::create(call).await,
        (Method::Get, ["users", id]) => users::read(call, id).await,
        (Method::Put, ["users", id]) => users::update(call, id).await,
        (Method::Delete, ["users", id]) => users::delete(call, id).await,
        (Method::Post, ["users", id, "password"]) => users::set_password(call, id).await,
        _ => Err(Failure::code("404")),
    }
}

fn refuse_method(allowed: &str) -> Outcome<Response> {
    let problem = problem::Problem::new("405").detail(format!("use {allowed}"));
    let body = reply::text(405, "application/json", problem.management_body())?;
    reply::with_header(body, "allow", allowed)
}
