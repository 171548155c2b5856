//! What an issuer signs about a person, for a client to get a token by (RFC 7523 section 3).

use model::Timestamp;

use crate::{
    Jwt, TokenFault,
    assertion::{for_us, named, times},
    claims::{kind_of, required},
};

/// An assertion in order; whether its issuer may speak for its subject, its signature, and whether its `jti` was seen
/// before are still to be looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BearerAssertion {
    /// `iss`: who signs.
    pub issuer: String,
    /// `sub`: whom it is about.
    pub subject: String,
    /// `jti`: good once, until `expires_at`.
    pub id: String,
    /// `exp`.
    pub expires_at: Timestamp,
}

impl BearerAssertion {
    /// Weighs the claims for the authorization server `audience`, whose name is also the token endpoint's address. Tokens
    /// of any other kind, and assertions by which clients authenticate, are none of these.
    ///
    /// # Errors
    /// The first [`TokenFault`].
    pub fn check(jwt: &Jwt<'_>, audience: &str, now: Timestamp) -> Result<Self, TokenFault> {
        if !matches!(
            kind_of(jwt).as_str(),
            "" | "jwt" | "authorization-grant+jwt"
        ) {
            return Err(TokenFault::WrongType);
        }
        let issuer = required(&jwt.claims, "iss")?;
        let subject = required(&jwt.claims, "sub")?;
        for_us(jwt, audience)?;
        let expires_at = times(jwt, now)?;
        Ok(Self {
            issuer,
            subject,
            id: named(jwt)?,
            expires_at,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
    use serde_json::{Value, json};

    const AUDIENCE: &str = "https://api.example/oauth2/token";
    const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);

    fn judge(kind: Option<&str>, changes: &Value) -> Result<BearerAssertion, TokenFault> {
        let mut header = json!({"alg": "ES256", "kid": "k"});
        if let Some(kind) = kind {
            header["typ"] = json!(kind);
        }
        let mut claims = json!({
            "iss": "https://idp.example", "sub": "ann", "aud": AUDIENCE, "jti": "j1", "exp": 1_800_000_060,
        });
        for (name, value) in changes.as_object().unwrap() {
            claims[name] = value.clone();
        }
        let encode = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
        let text = format!("{}.{}.c2lnbmF0dXJl", encode(&header), encode(&claims));
        BearerAssertion::check(&Jwt::parse(&text).unwrap(), AUDIENCE, NOW)
    }

    #[test]
    fn good_assertion_says_who_speaks_of_whom() {
        for kind in [None, Some("JWT"), Some("authorization-grant+jwt")] {
            let found = judge(kind, &json!({})).unwrap();
            assert_eq!(
                (&*found.issuer, &*found.subject, &*found.id),
                ("https://idp.example", "ann", "j1")
            );
        }
    }

    #[test]
    fn every_other_assertion_is_refused() {
        let check = |changes: Value, expected: TokenFault| {
            assert_eq!(judge(None, &changes), Err(expected), "{changes}");
        };
        check(json!({"iss": null}), TokenFault::Claim("iss"));
        check(json!({"sub": ""}), TokenFault::Claim("sub"));
        check(
            json!({"aud": "https://other"}),
            TokenFault::AudienceMismatch,
        );
        check(
            json!({"aud": [AUDIENCE, "https://other"]}),
            TokenFault::AudienceMismatch,
        );
        check(json!({"exp": null}), TokenFault::Claim("exp"));
        check(json!({"exp": 1_800_000_000}), TokenFault::Expired);
        check(json!({"exp": 1_800_000_361}), TokenFault::Claim("exp"));
        check(json!({"iat": 1_800_000_061}), TokenFault::NotYetValid);
        check(json!({"jti": null}), TokenFault::Claim("jti"));
        for kind in ["at+jwt", "client-authentication+jwt", "dpop+jwt"] {
            assert_eq!(judge(Some(kind), &json!({})), Err(TokenFault::WrongType));
        }
    }
}
