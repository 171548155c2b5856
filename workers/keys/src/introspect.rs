//! `POST /oauth2/introspect` (RFC 7662): a client asks about its own tokens, an administrator about all.

use credential::{Claims, ReferenceToken, is_revoked};
use oauth::{
    INTROSPECTION_MEDIA_TYPE, INTROSPECTION_TYPE, OauthError, basic, inactive, introspection,
    introspection_claims, signing_input, wants_signed_introspection,
};
use runtime::{Outcome, reply};
use serde_json::Value;
use worker::Response;

use crate::{
    call::Call,
    clients, people, reference,
    revocations::{self, Version},
    signing,
    stop::Step,
    verify::{self, Verified},
};

/// Answers an introspection. It runs the same verification as the gateway, for an administrator by what the database says
/// now, for a client by what this isolate holds of it: see [`revocations`].
pub(crate) async fn answer(call: &Call) -> Step<Response> {
    let form = clients::form(call).await?;
    let (asker, version) = asker(call, &form).await?;
    let token = form.require("token")?;
    let verified = match &asker {
        Asker::Administrator => by_database(call, token).await?,
        Asker::Client(_) => as_held(call, token, version).await?,
    };
    let body = match verified {
        Some(verified) if asker.may_see(&verified) => introspection(&verified.raw),
        Some(_) | None => inactive(),
    };
    match &asker {
        Asker::Client(client) if signed_wanted(call)? => Ok(signed(call, client, &body).await?),
        Asker::Client(_) | Asker::Administrator => Ok(reply::json(200, &body)?),
    }
}

async fn by_database(call: &Call, token: &str) -> Outcome<Option<Verified>> {
    let verified = verify::access_token(call, token).await?.ok();
    Ok(match verified {
        Some(verified) if holds(call, &verified.claims).await? => Some(verified),
        Some(_) | None => None,
    })
}

/// What a token says, if neither it nor its client nor its user is among what was taken back. That the client is there,
/// who asks has shown: it is the only one that is told anything.
async fn as_held(call: &Call, token: &str, version: Option<Version>) -> Outcome<Option<Verified>> {
    let verified = if ReferenceToken::is_meant(token) {
        reference::said_by(call, token).await?
    } else {
        verify::signed(call, token).await?
    };
    let Ok(verified) = verified else {
        return Ok(None);
    };
    let held = revocations::current(call, version).await?;
    Ok((!is_revoked(&verified.claims, &held.revocations)).then_some(verified))
}

fn signed_wanted(call: &Call) -> Outcome<bool> {
    let accept = call.header("accept")?.unwrap_or_default();
    Ok(wants_signed_introspection(&accept))
}

/// The answer as a JWT for the client that asks (RFC 9701).
async fn signed(call: &Call, client: &model::ClientId, body: &Value) -> Outcome<Response> {
    let claims = introspection_claims(body, &call.issuer, client.as_str(), call.now);
    let token = signing::sign(call, |key| signing_input(INTROSPECTION_TYPE, key, &claims)).await?;
    reply::text(200, INTROSPECTION_MEDIA_TYPE, token)
}

enum Asker {
    Administrator,
    Client(model::ClientId),
}

impl Asker {
    fn may_see(&self, verified: &Verified) -> bool {
        match self {
            Self::Administrator => true,
            Self::Client(id) => verified.claims.client.as_ref() == Some(id),
        }
    }
}

/// A client by its secret; or, as WSO2's gateways do it, an administrator by name and password or by token. With the
/// version of what was taken back, where that was read on the way.
async fn asker(call: &Call, form: &oauth::Form) -> Step<(Asker, Option<Version>)> {
    if let Some(token) = call.bearer()? {
        return match verify::bearer_token(call, &token).await? {
            Ok(verified) if is_administrators(call, &verified.claims).await? => {
                Ok((Asker::Administrator, None))
            }
            _ => Err(OauthError::client().into()),
        };
    }
    match clients::authenticate_held(call, form).await? {
        // Who proves nothing is told nothing: the id of a public client is no secret (RFC 7662 section 2.1).
        Some((client, _)) if client.is_public() => Err(OauthError::client().into()),
        Some((client, version)) => Ok((Asker::Client(client.id), version)),
        None => Ok((administrator(call).await?, None)),
    }
}

async fn administrator(call: &Call) -> Step<Asker> {
    let shown = call.header("authorization")?.as_deref().and_then(basic);
    let Some((name, password)) = shown else {
        return Err(OauthError::client().into());
    };
    let person = people::sign_in(call, &name, &password).await?;
    if person.is_admin() {
        Ok(Asker::Administrator)
    } else {
        Err(OauthError::client().into())
    }
}

async fn is_administrators(call: &Call, claims: &Claims) -> Outcome<bool> {
    let has_scope = claims.scopes.iter().any(|scope| scope == "apim:admin");
    Ok(has_scope && holds(call, claims).await?)
}

/// May the user of the token still act? A client's own token needs none.
pub(crate) async fn holds(call: &Call, claims: &Claims) -> Outcome<bool> {
    match claims.token_use {
        credential::TokenUse::Application => Ok(true),
        credential::TokenUse::ApplicationUser => {
            let person = people::by_name(call, &claims.subject).await?;
            Ok(person.is_some_and(|person| claims.issued_at >= person.tokens_valid_from))
        }
    }
}
