//! Proof that whoever shows a token holds a key (`DPoP`, RFC 9449 sections 4.2 and 4.3).

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use model::{Timestamp, VerificationKey};
use sha2::{Digest as _, Sha256};

use crate::{
    Jwt, TokenFault,
    claims::{kind_of, moment, required, text},
    public_key, thumbprint,
};

/// A proof in order; its signature by `key`, its nonce, and whether its `jti` was seen before are still to be looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DpopProof {
    /// The key that it brings along, which is the very point of it.
    pub key: VerificationKey,
    /// The key's thumbprint: what a token is bound to (`cnf.jkt`).
    pub thumbprint: String,
    /// `jti`: good once.
    pub id: String,
    /// The server's nonce that it repeats.
    pub nonce: Option<String>,
}

/// What a proof has to be about.
#[derive(Clone, Copy, Debug)]
pub struct Proven<'a> {
    /// Method of the request.
    pub method: &'a str,
    /// Address of the request; its query and fragment do not count.
    pub url: &'a str,
    /// The access token that is shown along with it; none at the token endpoint.
    pub access_token: Option<&'a str>,
}

impl DpopProof {
    /// Does it say that it is a proof? Then it is no token of any other kind.
    #[must_use]
    pub fn is_one(jwt: &Jwt<'_>) -> bool {
        kind_of(jwt) == "dpop+jwt"
    }

    /// Weighs a proof.
    ///
    /// # Errors
    /// The first [`TokenFault`]; it names the claim that is about something else.
    pub fn check(jwt: &Jwt<'_>, proven: &Proven<'_>, now: Timestamp) -> Result<Self, TokenFault> {
        if !Self::is_one(jwt) {
            return Err(TokenFault::WrongType);
        }
        let jwk = jwt.embedded_key().ok_or(NO_KEY)?;
        let mut key = public_key(&jwk).ok_or(NO_KEY)?;
        if key.alg.parse().ok() != Some(jwt.claimed_algorithm()) {
            return Err(TokenFault::AlgorithmMismatch);
        }
        let thumbprint = thumbprint(&jwk).ok_or(NO_KEY)?;
        key.kid.clone_from(&thumbprint);
        if required(&jwt.claims, "htm")? != proven.method {
            return Err(TokenFault::Claim("htm"));
        }
        let address = place(&required(&jwt.claims, "htu")?);
        if address.is_none() || address != place(proven.url) {
            return Err(TokenFault::Claim("htu"));
        }
        let issued = moment(&jwt.claims, "iat")?.ok_or(TokenFault::Claim("iat"))?;
        if now.ms_since(issued).abs() > PROOF_LIFE_MS {
            return Err(TokenFault::Claim("iat"));
        }
        let id = required(&jwt.claims, "jti")?;
        if id.len() > MAX_ID_BYTES {
            return Err(TokenFault::Claim("jti"));
        }
        if let Some(token) = proven.access_token
            && required(&jwt.claims, "ath")? != token_hash(token)
        {
            return Err(TokenFault::Claim("ath"));
        }
        Ok(Self {
            key,
            thumbprint,
            id,
            nonce: text(&jwt.claims, "nonce")?,
        })
    }
}

/// `ath` of an access token.
#[must_use]
pub fn token_hash(token: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(token))
}

/// Scheme, authority and path in the one spelling that RFC 3986 sections 6.2.2.1 and 6.2.3 give them.
fn place(address: &str) -> Option<(String, String, String)> {
    let address = address.split(['?', '#']).next()?;
    let (scheme, rest) = address.split_once("://")?;
    let (authority, path) = match rest.find('/') {
        Some(at) => rest.split_at_checked(at)?,
        None => (rest, "/"),
    };
    let scheme = scheme.to_ascii_lowercase();
    let authority = authority.to_ascii_lowercase();
    let port = match scheme.as_str() {
        "https" => ":443",
        "http" => ":80",
        _ => return None,
    };
    let authority = authority.strip_suffix(port).unwrap_or(&authority);
    (!authority.is_empty()).then(|| (scheme, authority.to_owned(), path.to_owned()))
}

const NO_KEY: TokenFault =
    TokenFault::UnsuitableKey("the proof's `jwk` is no public key for ES256, RS256 or EdDSA");
/// How far `iat` may be from our clock, either way; so long a `jti` has to be remembered, twice.
pub const PROOF_LIFE_MS: i64 = 60_000;
/// A UUID has 36, a digest 64.
const MAX_ID_BYTES: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);
    const URL: &str = "https://api.example/oauth2/token";

    fn key() -> Value {
        json!({
            "kty": "EC", "crv": "P-256",
            "x": "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs",
            "y": "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA",
        })
    }

    fn changed(mut object: Value, changes: &Value) -> String {
        for (name, value) in changes.as_object().unwrap() {
            object[name] = value.clone();
        }
        BASE64_URL_SAFE_NO_PAD.encode(object.to_string())
    }

    fn judge(
        header: &Value,
        claims: &Value,
        url: &str,
        token: Option<&str>,
    ) -> Result<DpopProof, TokenFault> {
        let base = json!({"typ": "dpop+jwt", "alg": "ES256", "jwk": key()});
        let header = changed(base, header);
        let base = json!({"htm": "POST", "htu": URL, "jti": "j", "iat": 1_800_000_000});
        let text = format!("{header}.{}.c2lnbmF0dXJl", changed(base, claims));
        let proven = Proven {
            method: "POST",
            url,
            access_token: token,
        };
        DpopProof::check(&Jwt::parse(&text)?, &proven, NOW)
    }

    #[test]
    fn good_proof_names_its_key() {
        let proof = judge(&json!({}), &json!({"nonce": "n"}), URL, None).unwrap();
        assert_eq!(
            proof.thumbprint,
            "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"
        );
        assert_eq!(
            (proof.id.as_str(), proof.nonce.as_deref()),
            ("j", Some("n"))
        );
        assert_eq!(proof.key.alg, "ES256");
    }

    #[test]
    fn example_of_the_standard_is_bound_to_its_token() {
        // RFC 9449 section 7.1.
        let token = "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU";
        let hash = "fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo";
        assert_eq!(token_hash(token), hash);
        assert!(judge(&json!({}), &json!({"ath": hash}), URL, Some(token)).is_ok());
        let other = judge(&json!({}), &json!({"ath": hash}), URL, Some("other"));
        assert_eq!(other, Err(TokenFault::Claim("ath")));
        let none = judge(&json!({}), &json!({}), URL, Some(token));
        assert_eq!(none, Err(TokenFault::Claim("ath")));
    }

    #[test]
    fn every_other_proof_is_refused() {
        let check = |header: Value, claims: Value, expected: &str| {
            let found = judge(&header, &claims, URL, None);
            let word = match found {
                Ok(_) => "good".to_owned(),
                Err(TokenFault::Claim(name)) => name.to_owned(),
                Err(fault) => format!("{fault:?}").split('(').next().unwrap().to_owned(),
            };
            assert_eq!(word, expected, "{header} {claims}");
        };
        check(json!({"typ": "JWT"}), json!({}), "WrongType");
        check(json!({"typ": "at+jwt"}), json!({}), "WrongType");
        check(json!({"alg": "none"}), json!({}), "Malformed");
        check(json!({"alg": "HS256"}), json!({}), "AlgorithmMismatch");
        check(json!({"alg": "RS256"}), json!({}), "AlgorithmMismatch");
        check(
            json!({"alg": "HS256", "jwk": {"kty": "oct", "k": "AAAA"}}),
            json!({}),
            "UnsuitableKey",
        );
        check(json!({"jwk": null}), json!({}), "UnsuitableKey");
        let mut private = key();
        private["d"] = json!("AA");
        check(json!({"jwk": private}), json!({}), "UnsuitableKey");
        let mut curve = key();
        curve["crv"] = json!("P-384");
        check(json!({"jwk": curve}), json!({}), "UnsuitableKey");
        check(json!({"crit": ["exp"]}), json!({}), "UnsupportedHeader");
        check(json!({}), json!({"htm": "GET"}), "htm");
        check(json!({}), json!({"htm": "post"}), "htm");
        check(json!({}), json!({"htm": null}), "htm");
        check(
            json!({}),
            json!({"htu": "https://api.example/oauth2/revoke"}),
            "htu",
        );
        check(
            json!({}),
            json!({"htu": "http://api.example/oauth2/token"}),
            "htu",
        );
        check(
            json!({}),
            json!({"htu": "https://evil.example/oauth2/token"}),
            "htu",
        );
        check(json!({}), json!({"htu": "/oauth2/token"}), "htu");
        check(json!({}), json!({"iat": 1_799_999_939}), "iat");
        check(json!({}), json!({"iat": 1_800_000_061}), "iat");
        check(json!({}), json!({"iat": 1_800_000_060}), "good");
        check(json!({}), json!({"iat": "now"}), "iat");
        check(json!({}), json!({"jti": ""}), "jti");
        check(json!({}), json!({"jti": "x".repeat(257)}), "jti");
        check(json!({}), json!({"nonce": 7}), "nonce");
    }

    #[test]
    fn addresses_are_the_same_in_every_spelling() {
        let check = |proven: &str, request: &str, expected: bool| {
            let found = judge(&json!({}), &json!({"htu": proven}), request, None);
            assert_eq!(found.is_ok(), expected, "{proven} {request}");
        };
        check(
            "HTTPS://API.example:443/a",
            "https://api.example/a?b=c#d",
            true,
        );
        check("https://api.example/a?x=y", "https://api.example/a", true);
        check("http://h:80", "http://h/", true);
        check("https://h:80/a", "https://h/a", false);
        check("https://h/a/", "https://h/a", false);
        check("https://h/A", "https://h/a", false);
        check("ftp://h/a", "ftp://h/a", false);
        check("https:///a", "https:///a", false);
    }
}
