//! The grant `urn:ietf:params:oauth:grant-type:jwt-bearer`: a token for whom an assertion is about (RFC 7523).

use credential::{BearerAssertion, Jwt};
use oauth::{Bounds, OauthError, TokenRequest, TokenResponse, Voice, may_speak};
use runtime::{Outcome, crypto::VerifyingKey, id};

use crate::{
    assertion, authorize,
    call::Call,
    clients::Registered,
    external_tokens, once,
    people::{self, Person},
    refresh::{self, Kept},
    stop::Step,
    token::PersonGrant,
};

/// Gives a token for the person whom an assertion is about, on the word of who has signed it. There is no refresh token:
/// whoever signed may sign again. It is written down, so that what takes the person's or the client's tokens back finds it.
pub(crate) async fn exchange(
    call: &Call,
    registered: &Registered,
    text: &str,
    request: &TokenRequest,
) -> Step<TokenResponse> {
    let Ok(jwt) = Jwt::parse(text) else {
        return Err(OauthError::assertion().into());
    };
    let Ok(assertion) = BearerAssertion::check(&jwt, &call.issuer, call.now) else {
        return Err(OauthError::assertion().into());
    };
    let Some(person) = person(call, registered, &jwt, &assertion).await? else {
        return Err(OauthError::assertion().into());
    };
    let name = format!("grant {} {}", assertion.issuer, assertion.id);
    if !once::claim(call, &name, assertion.expires_at).await? {
        return Err(OauthError::assertion().into());
    }
    let grant = PersonGrant {
        registered,
        person: &person,
        requested: &request.scopes,
        identity: None,
        resources: &request.resources,
        bounds: &Bounds::to(request.resources.clone()),
    };
    let issued = grant.issue(call).await?;
    let kept = Kept {
        digest: &issued.refresh.digest(),
        family: &id::uuid()?,
        expires_at: issued.access_expires_at,
        issued: &issued,
    };
    refresh::keep(call, &kept, &grant).await?;
    let mut response = issued.response;
    response.refresh_token = None;
    Ok(response)
}

/// Whom the assertion is about: on the client's own word, or on that of an issuer whom an administrator trusts. Only our
/// own clients know people here by their usernames.
async fn person(
    call: &Call,
    registered: &Registered,
    jwt: &Jwt<'_>,
    assertion: &BearerAssertion,
) -> Step<Option<Person>> {
    if let Some(voice) = voice(call, registered, jwt, &assertion.issuer).await? {
        may_speak(voice, &registered.client, &assertion.subject)?;
        return Ok(people::by_name(call, &assertion.subject).await?);
    }
    let found = external_tokens::asserted(call, registered, jwt).await?;
    if let Some(person) = &found {
        may_speak(Voice::TrustedIssuer, &registered.client, &person.username)?;
    }
    Ok(found)
}

/// Who has signed the assertion; `None` for nobody whom we know, and for a signature that is not theirs.
async fn voice(
    call: &Call,
    registered: &Registered,
    jwt: &Jwt<'_>,
    issuer: &str,
) -> Outcome<Option<Voice>> {
    let client = registered.client.id.as_str();
    if issuer != client {
        return Ok(None);
    }
    let Some(key) = assertion::key(call, registered, jwt).await else {
        return Ok(None);
    };
    // A key that the platform refuses is the client's fault.
    let Ok(key) = VerifyingKey::import(&key).await else {
        return Ok(None);
    };
    let is_good = key
        .verifies(jwt.signing_input.as_bytes(), &jwt.signature)
        .await?;
    if !is_good {
        return Ok(None);
    }
    let is_first_party = authorize::terms(call, client, "").await?.is_first_party;
    Ok(Some(Voice::Client { is_first_party }))
}
