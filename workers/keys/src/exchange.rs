//! The grant `urn:ietf:params:oauth:grant-type:token-exchange`: a token for a narrower one (RFC 8693).

use credential::TokenUse;
use oauth::{
    ACCESS_TOKEN_KIND, Bounds, ErrorKind, ExchangeRequest, ExchangedToken, OauthError,
    TokenResponse,
};
use runtime::{Outcome, db::sql, id};
use serde::Deserialize;

use crate::{
    call::Call,
    clients::Registered,
    external_tokens,
    handed_on::{HandedOn, UNLESS_REVOKED},
    people,
    refresh::{self, Kept},
    stop::Step,
    token::{ClientGrant, PersonGrant},
    verify::{self, Verified},
};

/// Exchanges a token of ours: a person's by whoever is registered for it, a client's own by that client. There is no
/// refresh token to tell.
pub(crate) async fn exchange(
    call: &Call,
    registered: &Registered,
    request: &ExchangeRequest,
    scopes: &[String],
) -> Step<TokenResponse> {
    if let Some(token) = external_tokens::read(call, &request.subject_token) {
        return external_tokens::exchange(call, registered, &token, request, scopes).await;
    }
    let Ok(subject) = verify::access_token(call, &request.subject_token).await? else {
        return Err(refused().into());
    };
    let key = registered.holder();
    let narrowed = known(&subject).narrowed(scopes, &request.targets, &registered.client, key)?;
    let mut response = match subject.claims.token_use {
        TokenUse::Application => for_client(call, registered, &subject, narrowed).await?,
        TokenUse::ApplicationUser => for_person(call, registered, &subject, narrowed).await?,
    };
    response.refresh_token = None;
    response.issued_token_type = Some(ACCESS_TOKEN_KIND);
    Ok(response)
}

type Narrowed = (Vec<String>, Bounds);

async fn for_client(
    call: &Call,
    registered: &Registered,
    subject: &Verified,
    (requested, bounds): Narrowed,
) -> Step<TokenResponse> {
    let grant = ClientGrant {
        registered,
        requested: &requested,
        seconds: None,
        bounds: &bounds,
    };
    let id = id::uuid()?;
    let response = grant.issue(call, &id).await?;
    let handed_on = HandedOn {
        origin: &subject.claims.id,
        id: &id,
        expires_at: subject.claims.expires_at,
    };
    if call.db.run(handed_on.row()).await? == 1 {
        Ok(response)
    } else {
        Err(refused().into())
    }
}

/// What is given is written down with what its subject token was given along, so that whatever takes that back takes
/// this back too.
async fn for_person(
    call: &Call,
    registered: &Registered,
    subject: &Verified,
    (requested, bounds): Narrowed,
) -> Step<TokenResponse> {
    let person = people::by_name(call, &subject.claims.subject).await?;
    let person = person.filter(|person| subject.claims.issued_at >= person.tokens_valid_from);
    let person = person.ok_or_else(refused)?;
    let grant = PersonGrant {
        registered,
        person: &person,
        requested: &requested,
        identity: None,
        resources: &bounds.audience,
        bounds: &bounds,
    };
    let issued = grant.issue(call).await?;
    let origin = &subject.claims.id;
    let kept = Kept {
        digest: &issued.refresh.digest(),
        family: &family(call, origin).await?,
        expires_at: issued.access_expires_at,
        issued: &issued,
    };
    let handed_on = HandedOn {
        origin,
        id: &issued.access_id,
        expires_at: issued.access_expires_at,
    };
    let along = refresh::row(call, &kept, &grant, UNLESS_REVOKED).bind(origin);
    let changed = call.db.batch(vec![along, handed_on.row()]).await?;
    if changed == [1, 1] {
        Ok(issued.response)
    } else {
        Err(refused().into())
    }
}

fn known(subject: &Verified) -> ExchangedToken {
    let claims = &subject.claims;
    ExchangedToken {
        client: claims
            .client
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        scopes: claims.scopes.clone(),
        audience: claims.audience.clone(),
        expires_at: claims.expires_at,
        bound_to: claims.bound_to.clone().or(claims.certificate.clone()),
        actor: subject.raw.get("act").cloned(),
        is_clients_own: claims.token_use == TokenUse::Application,
    }
}

/// The family that the subject token came with.
async fn family(call: &Call, access_id: &str) -> Outcome<String> {
    let statement = sql("SELECT family FROM refresh_token WHERE access_jti = ? LIMIT 1");
    let row: Option<Row> = call.db.first(statement.bind(access_id)).await?;
    match row {
        Some(row) => Ok(row.family),
        None => id::uuid(),
    }
}

#[derive(Deserialize)]
struct Row {
    family: String,
}

fn refused() -> OauthError {
    OauthError::new(
        ErrorKind::InvalidGrant,
        "the subject token is none of ours, has expired or was revoked; get a new one",
    )
}
