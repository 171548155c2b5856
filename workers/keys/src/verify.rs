//! Is this a good token of ours? The same steps as in the gateway, and the revocations straight from the database.

use std::cell::RefCell;

use credential::{Claims, Expectations, Jwt, LEEWAY_MS, TokenFault, check, choose};
use model::VerificationKey;
use runtime::{Outcome, crypto::VerifyingKey, db::sql};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::call::{Call, ORGANIZATION};

/// A token that is good now.
pub(crate) struct Verified {
    pub(crate) claims: Claims,
    /// The claims as they stand in the token.
    pub(crate) raw: Map<String, Value>,
}

/// Verifies an access token: form, key, signature, claims, revocation. The inner result is the verdict.
pub(crate) async fn access_token(call: &Call, text: &str) -> Outcome<Result<Verified, TokenFault>> {
    let token = match Jwt::parse(text) {
        Ok(token) => token,
        Err(fault) => return Ok(Err(fault)),
    };
    let keys = public_keys(call).await?;
    let key = match choose(&keys, &token) {
        Ok(key) => key,
        Err(fault) => return Ok(Err(fault)),
    };
    let imported = imported(key).await?;
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
    let claims = match check(&token, &expected, call.now) {
        Ok(claims) => claims,
        Err(fault) => return Ok(Err(fault)),
    };
    if is_revoked(call, &claims).await? {
        return Ok(Err(TokenFault::Revoked));
    }
    Ok(Ok(Verified {
        claims,
        raw: token.claims,
    }))
}

/// Every key that may still have signed a token, the newest first.
pub(crate) async fn public_keys(call: &Call) -> Outcome<Vec<VerificationKey>> {
    let statement = sql(
        "SELECT kid, alg, public_jwk FROM signing_key WHERE organization = ? ORDER BY active_from DESC",
    );
    let rows: Vec<KeyRow> = call.db.all(statement.bind(ORGANIZATION)).await?;
    rows.into_iter()
        .map(|row| {
            Ok(VerificationKey {
                kid: row.kid,
                alg: row.alg,
                jwk: serde_json::from_str(&row.public_jwk)?,
            })
        })
        .collect()
}

/// Revoked by its id, with its client, or with its user: the database knows before any gateway does.
async fn is_revoked(call: &Call, claims: &Claims) -> Outcome<bool> {
    let statement = sql("SELECT EXISTS (SELECT 1 FROM revoked_token WHERE jti = ?) \
         OR EXISTS (SELECT 1 FROM revoked_client WHERE client_id = ? AND before > ?) \
         OR NOT EXISTS (SELECT 1 FROM oauth_client WHERE client_id = ?) AS revoked");
    let client = claims.client.as_ref().map_or("", |client| client.as_str());
    let statement = statement
        .bind(&claims.id)
        .bind(client)
        .bind(claims.issued_at)
        .bind(client);
    let row: Option<RevokedRow> = call.db.first(statement).await?;
    Ok(row.is_none_or(|row| row.revoked != 0))
}

thread_local! {
    static IMPORTED: RefCell<Vec<(String, VerifyingKey)>> = const { RefCell::new(Vec::new()) };
}

/// Public keys never change under their name, so an imported one is good for the life of the isolate.
async fn imported(key: &VerificationKey) -> Outcome<VerifyingKey> {
    let held = IMPORTED.with_borrow(|keys| {
        let found = keys.iter().find(|(kid, _)| *kid == key.kid);
        found.map(|(_, imported)| imported.clone())
    });
    if let Some(imported) = held {
        return Ok(imported);
    }
    let imported = VerifyingKey::import(key).await?;
    IMPORTED.with_borrow_mut(|keys| keys.push((key.kid.clone(), imported.clone())));
    Ok(imported)
}

#[derive(Deserialize)]
struct KeyRow {
    kid: String,
    alg: String,
    public_jwk: String,
}

#[derive(Deserialize)]
struct RevokedRow {
    revoked: i64,
}
