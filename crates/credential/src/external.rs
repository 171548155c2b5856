//! Tokens of external issuers: read by their own rules, never by ours and never the other way round.
//!
//! They often lack `jti`, `iat` and the `typ` of RFC 9068, and name client, user and scopes as they please. What they
//! cannot do is pass for one of ours: their claims say whose they are, and their clients have names that none of ours has.

use model::{ClientId, Timestamp, TrustedIssuer, VerificationKey};
use serde_json::{Map, Value};

use crate::{
    Claims, Jwt, LEEWAY_MS, TokenFault, TokenUse,
    claims::{audience, confirmation, kind_of, moment, required, text},
    key, sha256_hex,
};

/// `iss` of a token, before anything in it is believed: whose rules it has to keep.
#[must_use]
pub fn claimed_issuer<'t>(token: &'t Jwt<'_>) -> Option<&'t str> {
    token.claims.get("iss").and_then(Value::as_str)
}

/// Weighs a token by the rules of its issuer: type, issuer, time, audience.
///
/// # Errors
/// The first [`TokenFault`].
pub fn check_external(
    token: &Jwt<'_>,
    issuer: &TrustedIssuer,
    now: Timestamp,
) -> Result<Claims, TokenFault> {
    if !matches!(kind_of(token).as_str(), "" | "jwt" | "at+jwt") || is_for_clients(&token.claims) {
        return Err(TokenFault::WrongType);
    }
    let claims = read_external(&token.claims, issuer)?;
    if now >= claims.expires_at {
        return Err(TokenFault::Expired);
    }
    let latest = now.plus_ms(LEEWAY_MS);
    if claims.not_before.is_some_and(|moment| moment > latest) || claims.issued_at > latest {
        return Err(TokenFault::NotYetValid);
    }
    match &issuer.audience {
        Some(wanted) if !claims.audience.contains(wanted) => Err(TokenFault::AudienceMismatch),
        Some(_) | None => Ok(claims),
    }
}

/// Gives the claims of an external issuer's token their types. `exp` is excused by the leeway of clocks, as `nbf` is.
///
/// # Errors
/// [`TokenFault::IssuerMismatch`], or [`TokenFault::Claim`] with the name of the first claim that is absent or has the
/// wrong form.
pub fn read_external(
    claims: &Map<String, Value>,
    issuer: &TrustedIssuer,
) -> Result<Claims, TokenFault> {
    if required(claims, "iss")? != issuer.issuer {
        return Err(TokenFault::IssuerMismatch);
    }
    let names = &issuer.claims;
    let consumer_key = word(claims, &names.client).ok_or(TokenFault::Claim("the client"))?;
    let subject = word(claims, &names.subject);
    if subject.is_none() && claims.contains_key(&names.subject) {
        return Err(TokenFault::Claim("the subject"));
    }
    let [bound_to, certificate] = confirmation(claims)?;
    let expires_at = moment(claims, "exp")?.ok_or(TokenFault::Claim("exp"))?;
    let not_before = moment(claims, "nbf")?;
    Ok(Claims {
        issuer: issuer.issuer.clone(),
        token_use: token_use(claims, consumer_key, subject),
        subject: subject.unwrap_or(consumer_key).to_owned(),
        audience: audience(claims)?,
        id: text(claims, "jti")?.unwrap_or_default(),
        issued_at: moment(claims, "iat")?.or(not_before).unwrap_or_default(),
        not_before,
        expires_at: expires_at.plus_ms(LEEWAY_MS),
        client: Some(external_client(&issuer.id, consumer_key)),
        scopes: scopes(claims.get(&names.scopes))?,
        organization: None,
        bound_to,
        certificate,
        api: None,
        key_type: None,
        key_manager: Some(issuer.id.clone()),
        all: claims.clone(),
    })
}

/// The name under which a key manager's client is kept.
#[must_use]
pub fn external_client(key_manager: &str, consumer_key: &str) -> ClientId {
    ClientId::external(key_manager, &sha256_hex(consumer_key))
}

/// As [`crate::choose`], of a set whose keys may have no name: a certificate has none, whatever its issuer calls it. A
/// key without a name is taken only where no other has the token's, and it is the only one.
///
/// # Errors
/// [`TokenFault::UnknownKey`], [`TokenFault::AlgorithmMismatch`] or [`TokenFault::UnsuitableKey`].
pub fn choose_external<'k>(
    keys: &'k [VerificationKey],
    token: &Jwt<'_>,
) -> Result<&'k VerificationKey, TokenFault> {
    let is_named = |key: &&VerificationKey| token.kid().is_none_or(|kid| kid == key.kid);
    if keys.iter().any(|key| is_named(&key)) {
        return key::only(keys.iter().filter(is_named), token);
    }
    key::only(keys.iter().filter(|key| key.kid.is_empty()), token)
}

/// ID tokens, logout tokens and what refreshes say who signed in, or what happened: they are for the client that got
/// them, and open nothing.
fn is_for_clients(claims: &Map<String, Value>) -> bool {
    ["at_hash", "c_hash", "events"]
        .iter()
        .any(|name| claims.contains_key(*name))
        // Keycloak's.
        || matches!(claims.get("typ").and_then(Value::as_str), Some("ID" | "Refresh" | "Offline" | "Logout"))
}

/// A claim that is text and not empty.
fn word<'c>(claims: &'c Map<String, Value>, name: &str) -> Option<&'c str> {
    let text = claims.get(name)?.as_str()?;
    (!text.is_empty()).then_some(text)
}

/// One text with spaces, or a list of texts.
fn scopes(claim: Option<&Value>) -> Result<Vec<String>, TokenFault> {
    let fault = TokenFault::Claim("the scopes");
    match claim {
        None => Ok(Vec::new()),
        Some(Value::String(text)) => Ok(text.split_ascii_whitespace().map(Into::into).collect()),
        Some(list @ Value::Array(_)) => serde_json::from_value(list.clone()).map_err(|_| fault),
        Some(_) => Err(fault),
    }
}

/// A client's own token is one about nobody else: by its subject, or by how its issuer marks such tokens (Auth0 `gty`,
/// Entra `idtyp`, Keycloak the name of the service account).
fn token_use(claims: &Map<String, Value>, consumer_key: &str, subject: Option<&str>) -> TokenUse {
    let says = |name: &str, value: &str| word(claims, name) == Some(value);
    let is_own = subject.is_none_or(|subject| subject == consumer_key)
        || says("gty", "client-credentials")
        || says("idtyp", "app")
        || word(claims, "preferred_username")
            .and_then(|name| name.strip_prefix("service-account-"))
            .is_some_and(|name| name.eq_ignore_ascii_case(consumer_key));
    if is_own {
        TokenUse::Application
    } else {
        TokenUse::ApplicationUser
    }
}

#[cfg(test)]
mod tests;
