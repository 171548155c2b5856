//! Is this a good token of ours? The same steps as in the gateway, and the revocations straight from the database.

use credential::{Claims, Expectations, Jwt, LEEWAY_MS, ReferenceToken, TokenFault, check, choose};
use oauth::Hint;
use runtime::{
    Outcome,
    crypto::VerifyingKey,
    db::{Statement, sql},
};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::{call::Call, keyring, reference};

/// A token that is good now.
pub(crate) struct Verified {
    pub(crate) claims: Claims,
    /// The claims as they stand in the token.
    pub(crate) raw: Map<String, Value>,
}

/// Verifies an access token: form, key, signature, claims, revocation. The inner result is the verdict.
pub(crate) async fn access_token(call: &Call, text: &str) -> Outcome<Result<Verified, TokenFault>> {
    if ReferenceToken::is_meant(text) {
        return reference::verified(call, text).await;
    }
    let signed = match signed(call, text).await? {
        Ok(signed) => signed,
        Err(fault) => return Ok(Err(fault)),
    };
    if is_revoked(call, &signed.claims).await? {
        return Ok(Err(TokenFault::Revoked));
    }
    Ok(Ok(signed))
}

/// As [`access_token`] of a signed token, without a look at what was revoked: whoever calls this asks [`revocation`] too.
pub(crate) async fn signed(call: &Call, text: &str) -> Outcome<Result<Verified, TokenFault>> {
    let token = match Jwt::parse(text) {
        Ok(token) => token,
        Err(fault) => return Ok(Err(fault)),
    };
    let imported = match key_of(call, &token).await? {
        Ok(imported) => imported,
        Err(fault) => return Ok(Err(fault)),
    };
    if !imported
        .verifies(token.signing_input.as_bytes(), &token.signature)
        .await?
    {
        return Ok(Err(TokenFault::BadSignature));
    }
    let expected = Expectations {
        issuer: &call.issuer,
        audiences: &[],
        kind: Expectations::ACCESS_TOKEN,
        leeway_ms: LEEWAY_MS,
    };
    Ok(check(&token, &expected, call.now).map(|claims| Verified {
        claims,
        raw: token.claims,
    }))
}

/// As [`access_token`], of a token that came as a bearer token: one that is bound to something is none.
pub(crate) async fn bearer_token(call: &Call, text: &str) -> Outcome<Result<Verified, TokenFault>> {
    let verdict = access_token(call, text).await?;
    Ok(verdict.and_then(|verified| {
        match (&verified.claims.bound_to, &verified.claims.certificate) {
            (None, None) => Ok(verified),
            (Some(_), _) | (_, Some(_)) => Err(TokenFault::Claim("cnf")),
        }
    }))
}

/// An ID token of ours: by form, type, issuer and signature. Whether it has expired does not matter: it is a hint.
pub(crate) async fn id_token(call: &Call, text: &str) -> Outcome<Option<Hint>> {
    let Ok(token) = Jwt::parse(text) else {
        return Ok(None);
    };
    let Ok(key) = key_of(call, &token).await? else {
        return Ok(None);
    };
    if !key
        .verifies(token.signing_input.as_bytes(), &token.signature)
        .await?
    {
        return Ok(None);
    }
    let kind = token.header.typ.as_deref();
    Ok(Hint::of(&token.claims, kind, &call.issuer))
}

/// The key that may have signed the token, for the one algorithm that it is for.
async fn key_of(call: &Call, token: &Jwt<'_>) -> Outcome<Result<VerifyingKey, TokenFault>> {
    let ring = keyring::knowing(call, token.kid()).await?;
    match choose(&ring.published, token) {
        Ok(key) => Ok(Ok(ring.verifier(key).await?)),
        Err(fault) => Ok(Err(fault)),
    }
}

/// Revoked by its id or with its client: the database knows before any gateway does.
pub(crate) async fn is_revoked(call: &Call, claims: &Claims) -> Outcome<bool> {
    let row: Option<Revocation> = call.db.first(revocation(claims)).await?;
    Ok(row.is_none_or(|row| row.holds()))
}

/// Asks for a [`Revocation`].
pub(crate) fn revocation(claims: &Claims) -> Statement {
    let statement = sql("SELECT EXISTS (SELECT 1 FROM revoked_token WHERE jti = ?) \
         OR EXISTS (SELECT 1 FROM revoked_client WHERE client_id = ? AND before > ?) \
         OR NOT EXISTS (SELECT 1 FROM oauth_client WHERE client_id = ?) AS revoked");
    let client = claims.client.as_ref().map_or("", |client| client.as_str());
    statement
        .bind(&claims.id)
        .bind(client)
        .bind(claims.issued_at)
        .bind(client)
}

/// Whether a token was taken back.
#[derive(Deserialize)]
pub(crate) struct Revocation {
    revoked: i64,
}

impl Revocation {
    pub(crate) const fn holds(&self) -> bool {
        self.revoked != 0
    }
}
