//! A code for the browser to carry.

use credential::Secret;
use oauth::{AuthorizationRequest, CODE_LIFE_MS, PageFault};
use runtime::{
    Failure, Outcome,
    db::{Statement, sql},
    id,
};
use worker::Response;

use super::{interactions, reply, weigh::Weighed};
use crate::{call::Call, present::Present};

/// Makes a code and sends it. With an interaction, the code is written under the condition that the interaction is
/// still there, and ends it: of two browsers that come back at once, one gets a code.
pub(super) async fn code(
    call: &Call,
    request: &AuthorizationRequest,
    weighed: &Weighed,
    interaction: Option<&str>,
) -> Outcome<Response> {
    let present = weighed.present.as_ref().ok_or_else(nobody)?;
    let code = Secret::generate(&id::random()?);
    let insert = row(call, request, present, &weighed.scopes, &code)?;
    let batch = match interaction {
        None => vec![insert("")],
        Some(digest) => vec![
            insert("WHERE EXISTS (SELECT 1 FROM interaction WHERE digest = ?)").bind(digest),
            interactions::closing(digest),
        ],
    };
    if call.db.batch(batch).await?.first() != Some(&1) {
        return reply::fault(call, PageFault::UnknownInteraction);
    }
    reply::send(&request.target.answer(&call.issuer, code.reveal()))
}

fn row<'a>(
    call: &'a Call,
    request: &'a AuthorizationRequest,
    present: &'a Present,
    scopes: &'a [String],
    code: &'a Secret,
) -> Outcome<impl Fn(&str) -> Statement + use<'a>> {
    let challenge = request
        .challenge
        .as_ref()
        .map(serde_json::to_string)
        .transpose()?;
    let resources = serde_json::to_string(&request.resources)?;
    let amr = serde_json::to_string(&present.presence.amr)?;
    Ok(move |condition: &str| {
        sql(format!(
            "INSERT INTO authorization_code (digest, client_id, user_id, session, redirect_uri, redirect_named, challenge, \
             scopes, nonce, resources, bound_to, auth_time, amr, created_at, expires_at) \
             SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? {condition}"
        ))
        .bind(code.digest())
        .bind(request.client.as_str())
        .bind(&present.person.id)
        .bind(&present.session)
        .bind(&request.target.redirect_uri)
        .bind(request.target.is_named)
        .bind(challenge.as_deref())
        .bind(scopes.join(" "))
        .bind(request.nonce.as_deref())
        .bind(&resources)
        .bind(request.key.as_deref())
        .bind(present.presence.auth_time)
        .bind(&amr)
        .bind(call.now)
        .bind(call.now.plus_ms(CODE_LIFE_MS))
    })
}

fn nobody() -> Failure {
    Failure::Internal("a code was to be issued for nobody".into())
}
