//! Clients that register themselves (RFC 7591) and look after their registration (RFC 7592), and what administrators
//! allow them. A client of this kind belongs to nobody: it gets no system scope for anyone.

mod configuration;
mod create;
pub(crate) mod document;
mod initial_tokens;
pub(crate) mod policy;

use credential::{Secret, sha256_hex};
use oauth::{ClientRegistration, ErrorKind, OauthError};
use runtime::{
    Failure, Outcome,
    body::{self, require_content_type},
    db::{Statement, sql},
    id, reply,
};
use worker::Response;

use crate::{
    call::Call,
    federated,
    routes::refuse_method,
    stop::{self, Step, Stop},
};

/// Answers what stands at and below `/oauth2/register`.
pub(crate) async fn answer(call: &Call, method: &str, rest: &[&str]) -> Outcome<Response> {
    let step = match (method, rest) {
        ("POST", []) => create::answer(call).await,
        ("GET", [id]) => configuration::read(call, id).await,
        ("PUT", [id]) => configuration::change(call, id).await,
        ("DELETE", [id]) => configuration::delete(call, id).await,
        (_, []) => return refuse_method("POST"),
        (_, [_]) => return refuse_method("GET, PUT, DELETE"),
        _ => return Err(Failure::code("404")),
    };
    match step {
        Err(Stop::Oauth(error)) if error.kind == ErrorKind::InvalidToken => {
            unauthorized(call, &error)
        }
        step => stop::answer(step),
    }
}

/// Answers what stands at and below `/internal/registration`, for administrators.
pub(crate) async fn administer(call: &Call, method: &str, rest: &[&str]) -> Outcome<Response> {
    match (method, rest) {
        ("GET", ["policy"]) => policy::read(call).await,
        ("PUT", ["policy"]) => policy::write(call).await,
        ("GET", ["tokens"]) => initial_tokens::list(call).await,
        ("POST", ["tokens"]) => initial_tokens::create(call).await,
        ("DELETE", ["tokens", id]) => initial_tokens::revoke(call, id).await,
        _ => Err(Failure::code("404")),
    }
}

/// RFC 6750 section 3: who showed nothing is only told what to show.
fn unauthorized(call: &Call, error: &OauthError) -> Outcome<Response> {
    let response = reply::text(401, "application/json", error.body())?;
    let challenge = if call.bearer()?.is_some() {
        "Bearer realm=\"Postern\", error=\"invalid_token\""
    } else {
        "Bearer realm=\"Postern\""
    };
    reply::with_header(response, "www-authenticate", challenge)
}

fn invalid_token(why: &str) -> Stop {
    OauthError::new(ErrorKind::InvalidToken, why).into()
}

/// The registration that the body wishes for. An address of keys that could never be fetched is refused here, where its
/// owner is told.
async fn wish(
    call: &Call,
    parse: impl FnOnce(&str) -> Result<ClientRegistration, OauthError>,
) -> Step<ClientRegistration> {
    require_content_type(&call.request, "application/json")?;
    let text = body::text(&call.request, LIMIT).await?;
    let registration = parse(&text)?;
    if let Some(address) = &registration.metadata.jwks_uri
        && let Err(fault) = federated::outbound(&call.env).permits(address)
    {
        let why = format!("`jwks_uri` {fault}");
        return Err(OauthError::new(ErrorKind::InvalidClientMetadata, why).into());
    }
    Ok(registration)
}

/// A fresh secret with the statement that keeps its digest.
fn fresh_secret(call: &Call, client_id: &str) -> Outcome<(Secret, Statement)> {
    let secret = Secret::generate(&id::random()?);
    let keep = sql(
        "INSERT INTO client_secret (id, client_id, digest, label, created_at) VALUES (?, ?, ?, 'registration', ?)",
    )
    .bind(id::uuid()?)
    .bind(client_id)
    .bind(sha256_hex(secret.reveal()))
    .bind(call.now);
    Ok((secret, keep))
}

/// Where a client looks after its registration.
fn address(call: &Call, client_id: &str) -> String {
    format!("{}/oauth2/register/{client_id}", call.endpoints().origin())
}

/// Room for twenty addresses of each kind and twenty keys.
const LIMIT: usize = 128 * 1024;
