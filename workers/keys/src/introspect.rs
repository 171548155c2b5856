//! `POST /oauth2/introspect` (RFC 7662): a client asks about its own tokens, an administrator about all.

use credential::{Claims, ReferenceToken};
use oauth::{
    INTROSPECTION_MEDIA_TYPE, INTROSPECTION_TYPE, OauthError, basic, inactive, introspection,
    introspection_claims, signing_input, wants_signed_introspection,
};
use runtime::{Outcome, db::Statement, reply};
use serde_json::Value;
use worker::Response;

use crate::{
    call::Call,
    clients, people, signing,
    stop::Step,
    verify::{self, Revocation, Verified},
};

/// Answers an introspection. It runs the same verification as the gateway, and beyond it asks whether the user may
/// still act.
pub(crate) async fn answer(call: &Call) -> Step<Response> {
    let form = clients::form(call).await?;
    // A signature needs no database; so whoever asks and whether the token was taken back are read in one round trip.
    let standing = standing(call, &form).await?;
    let revocation = match &standing {
        Standing::Signed(it) => Some(verify::revocation(&it.claims)),
        Standing::Bad | Standing::Opaque => None,
    };
    let (asker, revocation) = asker(call, &form, revocation).await?;
    let token = form.require("token")?;
    let verified = match (standing, revocation) {
        (Standing::Bad, _) => None,
        (Standing::Signed(it), Some(found)) => (!found.holds()).then_some(*it),
        (Standing::Signed(it), None) => {
            (!verify::is_revoked(call, &it.claims).await?).then_some(*it)
        }
        (Standing::Opaque, _) => verify::access_token(call, token).await?.ok(),
    };
    let body = match verified {
        Some(verified) if asker.may_see(&verified) && holds(call, &verified.claims).await? => {
            introspection(&verified.raw)
        }
        _ => inactive(),
    };
    match &asker {
        Asker::Client(client) if signed_wanted(call)? => Ok(signed(call, client, &body).await?),
        Asker::Client(_) | Asker::Administrator => Ok(reply::json(200, &body)?),
    }
}

/// What a token's form and signature say of it, which is found out once.
enum Standing {
    /// A signed one of ours that has not expired.
    Signed(Box<Verified>),
    /// None of ours, or expired.
    Bad,
    /// Only the database knows.
    Opaque,
}

async fn standing(call: &Call, form: &oauth::Form) -> Outcome<Standing> {
    match form.require("token") {
        Ok(token) if ReferenceToken::is_meant(token) => Ok(Standing::Opaque),
        Ok(token) => Ok(match verify::signed(call, token).await? {
            Ok(verified) => Standing::Signed(Box::new(verified)),
            Err(_) => Standing::Bad,
        }),
        Err(_) => Ok(Standing::Bad),
    }
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

/// A client by its secret; or, as WSO2's gateways do it, an administrator by name and password or by token. With the row
/// of `beside`, when it was read on the way.
async fn asker(
    call: &Call,
    form: &oauth::Form,
    beside: Option<Statement>,
) -> Step<(Asker, Option<Revocation>)> {
    if let Some(token) = call.bearer()? {
        return match verify::bearer_token(call, &token).await? {
            Ok(verified) if is_administrators(call, &verified.claims).await? => {
                Ok((Asker::Administrator, None))
            }
            _ => Err(OauthError::client().into()),
        };
    }
    match clients::authenticate_or_nobody(call, form, beside).await? {
        // Who proves nothing is told nothing: the id of a public client is no secret (RFC 7662 section 2.1).
        Some((registered, _)) if registered.client.is_public() => Err(OauthError::client().into()),
        Some((registered, row)) => Ok((Asker::Client(registered.client.id), row)),
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
async fn holds(call: &Call, claims: &Claims) -> Outcome<bool> {
    match claims.token_use {
        credential::TokenUse::Application => Ok(true),
        credential::TokenUse::ApplicationUser => {
            let person = people::by_name(call, &claims.subject).await?;
            Ok(person.is_some_and(|person| claims.issued_at >= person.tokens_valid_from))
        }
    }
}
