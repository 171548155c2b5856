//! What a token says, with types, and whether that is what we expect.

use model::{ClientId, KeyType, OrganizationId, Revocations, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{Jwt, TokenFault};

/// The claims of an access token or an internal key of ours, with types. `iss`, `sub`, `exp`, `iat` and `jti` are there
/// or the token is none; the rest may be absent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claims {
    /// `iss`.
    pub issuer: String,
    /// `sub`: the username, or the client itself.
    pub subject: String,
    /// `aud`: one or several.
    pub audience: Vec<String>,
    /// `jti`: the name under which the token can be taken back.
    pub id: String,
    /// `iat`.
    pub issued_at: Timestamp,
    /// `nbf`.
    pub not_before: Option<Timestamp>,
    /// `exp`.
    pub expires_at: Timestamp,
    /// `client_id`, or `azp`; of an external issuer's token, the name that its client has here.
    pub client: Option<ClientId>,
    /// `scope`, split at spaces.
    pub scopes: Vec<String>,
    /// `aut`: whose token it is.
    pub token_use: TokenUse,
    /// `organization`.
    pub organization: Option<OrganizationId>,
    /// `cnf`: the thumbprint of the key that whoever shows the token has to hold.
    pub bound_to: Option<String>,
    /// `cnf`: the thumbprint of the certificate that whoever shows the token has to come with (RFC 8705).
    pub certificate: Option<String>,
    /// `api`: the one API that an internal key is for.
    pub api: Option<ApiClaim>,
    /// `keytype` of an internal key.
    pub key_type: Option<KeyType>,
    /// Every claim as it came, for rules that ask about one.
    pub all: Map<String, Value>,
    /// The external key manager whose token it is; none of a token of ours.
    pub key_manager: Option<String>,
}

/// Whose token it is (WSO2 claim `aut`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenUse {
    /// `APPLICATION`: the application's own.
    Application,
    /// `APPLICATION_USER`: a user's, through the application.
    ApplicationUser,
}

/// The API that an internal key is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiClaim {
    /// The API's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its context with the version filled in.
    pub context: String,
}

/// What a token must be to be accepted.
#[derive(Clone, Copy, Debug)]
pub struct Expectations<'a> {
    /// The one accepted `iss`.
    pub issuer: &'a str,
    /// Accepted `aud` values, one of which must be there; empty accepts any.
    pub audiences: &'a [String],
    /// The one accepted header `typ`: [`Expectations::ACCESS_TOKEN`] or [`Expectations::INTERNAL_KEY`].
    pub kind: &'static str,
    /// How far ahead of ours the issuer's clock may be, in milliseconds; [`LEEWAY_MS`] unless there is a reason. It
    /// excuses `nbf` and `iat`; `exp` is taken at its word.
    pub leeway_ms: i64,
}

impl Expectations<'_> {
    /// `typ` of an access token (RFC 9068).
    pub const ACCESS_TOKEN: &'static str = "at+jwt";
    /// `typ` of an internal key.
    pub const INTERNAL_KEY: &'static str = "internal-key+jwt";
}

/// Weighs a token whose signature is good: type, claims, issuer, time, audience.
///
/// # Errors
/// The first [`TokenFault`] in that order.
pub fn check(
    token: &Jwt<'_>,
    expected: &Expectations<'_>,
    now: Timestamp,
) -> Result<Claims, TokenFault> {
    if kind_of(token) != expected.kind {
        return Err(TokenFault::WrongType);
    }
    let claims = Claims::read(&token.claims)?;
    if claims.issuer != expected.issuer {
        return Err(TokenFault::IssuerMismatch);
    }
    claims.check_time(expected.leeway_ms, now)?;
    let for_us = expected.audiences.is_empty()
        || expected
            .audiences
            .iter()
            .any(|audience| claims.audience.contains(audience));
    if for_us {
        Ok(claims)
    } else {
        Err(TokenFault::AudienceMismatch)
    }
}

/// Was this token taken back, alone or with all tokens of its client or its user issued before a moment? An external
/// issuer's tokens and users are not ours, whatever they are called; its clients here are.
#[must_use]
pub fn is_revoked(claims: &Claims, revocations: &Revocations) -> bool {
    let is_of_client = revocations.clients.iter().any(|revoked| {
        claims.client.as_ref() == Some(&revoked.client) && claims.issued_at < revoked.before
    });
    if claims.key_manager.is_some() {
        return is_of_client;
    }
    is_of_client
        || revocations
            .tokens
            .iter()
            .any(|token| token.jti == claims.id)
        || (claims.token_use == TokenUse::ApplicationUser
            && revocations
                .users
                .before(&claims.subject)
                .is_some_and(|before| claims.issued_at < before))
}

impl Claims {
    /// Gives the claims their types.
    ///
    /// # Errors
    /// [`TokenFault::Claim`] with the name of the first that is absent or has the wrong form.
    pub fn read(claims: &Map<String, Value>) -> Result<Self, TokenFault> {
        let client = match text(claims, "client_id")? {
            Some(client) => Some(client),
            None => text(claims, "azp")?,
        };
        let [bound_to, certificate] = confirmation(claims)?;
        Ok(Self {
            issuer: required(claims, "iss")?,
            subject: required(claims, "sub")?,
            audience: audience(claims)?,
            id: required(claims, "jti")?,
            issued_at: moment(claims, "iat")?.ok_or(TokenFault::Claim("iat"))?,
            not_before: moment(claims, "nbf")?,
            expires_at: moment(claims, "exp")?.ok_or(TokenFault::Claim("exp"))?,
            client: client.map(ClientId::from),
            scopes: text(claims, "scope")?
                .unwrap_or_default()
                .split_ascii_whitespace()
                .map(ToOwned::to_owned)
                .collect(),
            token_use: token_use(claims)?,
            organization: text(claims, "organization")?.map(OrganizationId::from),
            bound_to,
            certificate,
            api: typed(claims, "api")?,
            key_type: typed(claims, "keytype")?,
            all: claims.clone(),
            key_manager: None,
        })
    }

    /// Is it time? `exp` is the first moment at which the token is no longer good.
    fn check_time(&self, leeway_ms: i64, now: Timestamp) -> Result<(), TokenFault> {
        if now >= self.expires_at {
            return Err(TokenFault::Expired);
        }
        let latest = now.plus_ms(leeway_ms);
        if self.not_before.is_some_and(|moment| moment > latest) || self.issued_at > latest {
            return Err(TokenFault::NotYetValid);
        }
        Ok(())
    }
}

/// The header `typ` in small letters. RFC 7515 section 4.1.9: the media type may be written with or without
/// `application/`.
pub(crate) fn kind_of(token: &Jwt<'_>) -> String {
    let kind = token.header.typ.as_deref().unwrap_or_default();
    let kind = kind.to_ascii_lowercase();
    match kind.strip_prefix("application/") {
        Some(rest) => rest.to_owned(),
        None => kind,
    }
}

/// The thumbprint of a key (RFC 9449 section 6.1) or of a certificate (RFC 8705 section 3.1). A token that is bound by
/// something else, or by both, is none that we could believe: to overlook it would make it good for everybody.
pub(crate) fn confirmation(claims: &Map<String, Value>) -> Result<[Option<String>; 2], TokenFault> {
    let Some(confirmation) = claims.get("cnf") else {
        return Ok([None, None]);
    };
    let members = confirmation
        .as_object()
        .filter(|members| members.len() == 1)
        .ok_or(TokenFault::Claim("cnf"))?;
    let found = ["jkt", "x5t#S256"].map(|name| members.get(name).and_then(Value::as_str));
    if found == [None, None] {
        return Err(TokenFault::Claim("cnf"));
    }
    Ok(found.map(|thumbprint| thumbprint.map(ToOwned::to_owned)))
}

pub(crate) fn text(
    claims: &Map<String, Value>,
    name: &'static str,
) -> Result<Option<String>, TokenFault> {
    match claims.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(TokenFault::Claim(name)),
    }
}

pub(crate) fn required(
    claims: &Map<String, Value>,
    name: &'static str,
) -> Result<String, TokenFault> {
    text(claims, name)?
        .filter(|text| !text.is_empty())
        .ok_or(TokenFault::Claim(name))
}

pub(crate) fn audience(claims: &Map<String, Value>) -> Result<Vec<String>, TokenFault> {
    match claims.get("aud") {
        None => Ok(Vec::new()),
        Some(Value::String(one)) => Ok(vec![one.clone()]),
        Some(many) => serde_json::from_value(many.clone()).map_err(|_| TokenFault::Claim("aud")),
    }
}

/// A `NumericDate` (RFC 7519 section 2): seconds, fractions allowed, between the epoch and the year 9999.
pub(crate) fn moment(
    claims: &Map<String, Value>,
    name: &'static str,
) -> Result<Option<Timestamp>, TokenFault> {
    let Some(value) = claims.get(name) else {
        return Ok(None);
    };
    let seconds = value
        .as_f64()
        .filter(|seconds| (0.0..=LAST_SECOND).contains(seconds))
        .ok_or(TokenFault::Claim(name))?;
    Ok(Some(Timestamp((seconds * 1000.0).round() as i64)))
}

/// A token without `aut` stands for a user only when its subject is not its client.
fn token_use(claims: &Map<String, Value>) -> Result<TokenUse, TokenFault> {
    match text(claims, "aut")?.as_deref() {
        Some("APPLICATION") => Ok(TokenUse::Application),
        Some("APPLICATION_USER") => Ok(TokenUse::ApplicationUser),
        Some(_) => Err(TokenFault::Claim("aut")),
        None if claims.get("sub") == claims.get("client_id") => Ok(TokenUse::Application),
        None => Ok(TokenUse::ApplicationUser),
    }
}

fn typed<T: for<'de> Deserialize<'de>>(
    claims: &Map<String, Value>,
    name: &'static str,
) -> Result<Option<T>, TokenFault> {
    claims
        .get(name)
        .map(|value| serde_json::from_value(value.clone()))
        .transpose()
        .map_err(|_| TokenFault::Claim(name))
}

/// Clocks of a well-kept network differ by less.
pub const LEEWAY_MS: i64 = 60_000;
/// 9999-12-31T23:59:59Z.
const LAST_SECOND: f64 = 253_402_300_799.0;
