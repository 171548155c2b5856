//! The grant `urn:ietf:params:oauth:grant-type:token-exchange`: a person's token for a narrower one (RFC 8693).

use credential::TokenUse;
use oauth::{
    ACCESS_TOKEN_KIND, ErrorKind, ExchangeRequest, ExchangedToken, OauthError, TokenResponse,
};
use runtime::{Outcome, db::sql, id};
use serde::Deserialize;

use crate::{
    call::Call,
    clients::Registered,
    people,
    refresh::{self, Kept},
    stop::Step,
    token::PersonGrant,
    verify::{self, Verified},
};

/// Exchanges a token of ours. What is given is written down with what its subject token was given along, so that
/// whatever takes that back takes this back too; there is no refresh token to tell.
pub(crate) async fn exchange(
    call: &Call,
    registered: &Registered,
    request: &ExchangeRequest,
    scopes: &[String],
) -> Step<TokenResponse> {
    let Ok(subject) = verify::access_token(call, &request.subject_token).await? else {
        return Err(refused().into());
    };
    if subject.claims.token_use != TokenUse::ApplicationUser {
        let why =
            "only a person's token is exchanged; a client gets its own by `client_credentials`";
        return Err(OauthError::new(ErrorKind::InvalidRequest, why).into());
    }
    let person = people::by_name(call, &subject.claims.subject).await?;
    let person = person.filter(|person| subject.claims.issued_at >= person.tokens_valid_from);
    let person = person.ok_or_else(refused)?;
    let key = registered.bound_to.as_deref();
    let (requested, bounds) =
        known(&subject).narrowed(scopes, &request.targets, &registered.client, key)?;
    let grant = PersonGrant {
        registered,
        person: &person,
        requested: &requested,
        identity: None,
        resources: &bounds.audience,
        bounds: &bounds,
    };
    let issued = grant.issue(call).await?;
    let kept = Kept {
        digest: &issued.refresh.digest(),
        family: &family(call, &subject.claims.id).await?,
        expires_at: issued.access_expires_at,
        issued: &issued,
    };
    refresh::keep(call, &kept, &grant).await?;
    let mut response = issued.response;
    response.refresh_token = None;
    response.issued_token_type = Some(ACCESS_TOKEN_KIND);
    Ok(response)
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
        bound_to: claims.bound_to.clone(),
        actor: subject.raw.get("act").cloned(),
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
