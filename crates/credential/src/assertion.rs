//! What a client signs to authenticate (RFC 7521 section 4.2, RFC 7523 section 3).

use model::Timestamp;

use crate::{
    Jwt, LEEWAY_MS, TokenFault,
    claims::{audience, kind_of, moment, required},
};

/// An assertion in order; its signature and whether its `jti` was seen before are still to be looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientAssertion {
    /// The client that speaks for itself: `iss` and `sub`.
    pub client: String,
    /// `jti`: good once, until `expires_at`.
    pub id: String,
    /// `exp`.
    pub expires_at: Timestamp,
}

impl ClientAssertion {
    /// Weighs the claims for the authorization server `issuer`. Its name is here also the token endpoint's address, so
    /// that one audience is right under both readings of RFC 7523; several at once are refused, because whoever else is
    /// among them could show the assertion here.
    ///
    /// # Errors
    /// The first [`TokenFault`].
    pub fn check(jwt: &Jwt<'_>, issuer: &str, now: Timestamp) -> Result<Self, TokenFault> {
        if !matches!(
            kind_of(jwt).as_str(),
            "" | "jwt" | "client-authentication+jwt"
        ) {
            return Err(TokenFault::WrongType);
        }
        let client = required(&jwt.claims, "sub")?;
        if required(&jwt.claims, "iss")? != client {
            return Err(TokenFault::IssuerMismatch);
        }
        for_us(jwt, issuer)?;
        let expires_at = times(jwt, now)?;
        Ok(Self {
            client,
            id: named(jwt)?,
            expires_at,
        })
    }
}

/// Is the assertion for us, and for nobody else?
pub(crate) fn for_us(jwt: &Jwt<'_>, name: &str) -> Result<(), TokenFault> {
    if audience(&jwt.claims)? == [name] {
        Ok(())
    } else {
        Err(TokenFault::AudienceMismatch)
    }
}

/// `exp`, which has to come soon; `nbf` and `iat`, where they are, have to lie behind.
pub(crate) fn times(jwt: &Jwt<'_>, now: Timestamp) -> Result<Timestamp, TokenFault> {
    let expires_at = moment(&jwt.claims, "exp")?.ok_or(TokenFault::Claim("exp"))?;
    if now >= expires_at {
        return Err(TokenFault::Expired);
    }
    if expires_at > now.plus_ms(LONGEST_MS + LEEWAY_MS) {
        return Err(TokenFault::Claim("exp"));
    }
    let latest = now.plus_ms(LEEWAY_MS);
    for name in ["nbf", "iat"] {
        if moment(&jwt.claims, name)?.is_some_and(|moment| moment > latest) {
            return Err(TokenFault::NotYetValid);
        }
    }
    Ok(expires_at)
}

/// `jti`.
pub(crate) fn named(jwt: &Jwt<'_>) -> Result<String, TokenFault> {
    let id = required(&jwt.claims, "jti")?;
    if id.len() > MAX_ID_BYTES {
        return Err(TokenFault::Claim("jti"));
    }
    Ok(id)
}

/// Time enough to send it; every assertion is remembered so long.
const LONGEST_MS: i64 = 5 * 60_000;
/// A UUID has 36, a digest 64.
const MAX_ID_BYTES: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;
    use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
    use serde_json::{Value, json};

    const ISSUER: &str = "https://api.example/oauth2/token";
    const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);

    fn judge(kind: Option<&str>, changes: &Value) -> Result<ClientAssertion, TokenFault> {
        let mut header = json!({"alg": "ES256", "kid": "k"});
        if let Some(kind) = kind {
            header["typ"] = json!(kind);
        }
        let mut claims = json!({
            "iss": "c1", "sub": "c1", "aud": ISSUER, "jti": "j1", "iat": 1_800_000_000, "exp": 1_800_000_060,
        });
        for (name, value) in changes.as_object().unwrap() {
            claims[name] = value.clone();
        }
        let encode = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
        let text = format!("{}.{}.c2lnbmF0dXJl", encode(&header), encode(&claims));
        ClientAssertion::check(&Jwt::parse(&text).unwrap(), ISSUER, NOW)
    }

    #[test]
    fn good_assertion_says_who_speaks() {
        for kind in [None, Some("JWT"), Some("client-authentication+jwt")] {
            let assertion = judge(kind, &json!({})).unwrap();
            assert_eq!(
                (assertion.client.as_str(), assertion.id.as_str()),
                ("c1", "j1")
            );
            assert_eq!(assertion.expires_at, NOW.plus_ms(60_000));
        }
        assert!(judge(None, &json!({"aud": [ISSUER]})).is_ok());
        assert!(judge(None, &json!({"iat": null, "nbf": 1_800_000_060})).is_err());
        assert!(judge(None, &json!({"nbf": 1_800_000_060, "exp": 1_800_000_360})).is_ok());
    }

    #[test]
    fn every_other_assertion_is_refused() {
        let check = |changes: Value, expected: TokenFault| {
            assert_eq!(judge(None, &changes), Err(expected), "{changes}");
        };
        check(json!({"iss": "c2"}), TokenFault::IssuerMismatch);
        check(json!({"sub": "c2"}), TokenFault::IssuerMismatch);
        check(json!({"sub": ""}), TokenFault::Claim("sub"));
        check(json!({"iss": null}), TokenFault::Claim("iss"));
        check(
            json!({"aud": "https://other"}),
            TokenFault::AudienceMismatch,
        );
        check(
            json!({"aud": [ISSUER, "https://other"]}),
            TokenFault::AudienceMismatch,
        );
        check(json!({"aud": []}), TokenFault::AudienceMismatch);
        check(json!({"aud": 7}), TokenFault::Claim("aud"));
        check(json!({"exp": 1_800_000_000}), TokenFault::Expired);
        check(json!({"exp": 1_800_000_361}), TokenFault::Claim("exp"));
        check(json!({"exp": "soon"}), TokenFault::Claim("exp"));
        check(json!({"nbf": 1_800_000_061}), TokenFault::NotYetValid);
        check(json!({"iat": 1_800_000_061}), TokenFault::NotYetValid);
        check(json!({"jti": null}), TokenFault::Claim("jti"));
        check(json!({"jti": "x".repeat(257)}), TokenFault::Claim("jti"));
        for kind in ["at+jwt", "dpop+jwt", "internal-key+jwt"] {
            assert_eq!(judge(Some(kind), &json!({})), Err(TokenFault::WrongType));
        }
    }
}
