//! People of other OpenID Connect providers: what is configured, where the browser is sent, and what their ID token has
//! to say (OpenID Connect Core sections 3.1.2.1 and 3.1.3.7; RFC 7636; RFC 9207).

mod identity;
mod provider;

pub use identity::{
    ExpectedIdToken, Identity, IdentityFault, check_id_token, lacks_claims, with_userinfo,
};
pub use provider::{NewProvider, ProviderRules};

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use model::VerificationKey;
use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use url::Url;

/// What we need of a provider's metadata.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Discovery {
    /// Has to be the issuer that was asked.
    pub issuer: String,
    /// Where the browser goes.
    pub authorization_endpoint: String,
    /// Where the code is exchanged.
    pub token_endpoint: String,
    /// Where the keys are.
    pub jwks_uri: String,
    /// Where the rest of the claims is, for providers that do not put them into the ID token.
    pub userinfo_endpoint: Option<String>,
    /// Whether the answer of the browser names the issuer.
    #[serde(default)]
    pub authorization_response_iss_parameter_supported: bool,
}

/// What the browser carries to the provider and back.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// Our client there.
    pub client_id: &'a str,
    /// Where the browser comes back.
    pub redirect_uri: &'a str,
    /// Separated by spaces; `openid` among them.
    pub scope: &'a str,
    /// Random, bound to the browser.
    pub state: &'a str,
    /// Random, comes back in the ID token.
    pub nonce: &'a str,
    /// Random, proves that who exchanges the code is who asked for it.
    pub verifier: &'a str,
}

impl Discovery {
    /// Where the metadata of an issuer is.
    #[must_use]
    pub fn address(issuer: &str) -> String {
        format!(
            "{}/.well-known/openid-configuration",
            issuer.trim_end_matches('/')
        )
    }

    /// Reads the metadata of `issuer`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(text: &str, issuer: &str) -> Result<Self, &'static str> {
        let read: Self = serde_json::from_str(text)
            .map_err(|_| "the metadata lacks an issuer, an endpoint or the address of the keys")?;
        if read.issuer != issuer {
            return Err(
                "the metadata is another issuer's; give the issuer exactly as its metadata spells it",
            );
        }
        Ok(read)
    }

    /// Where to send the browser.
    ///
    /// # Errors
    /// When the endpoint is no address.
    pub fn authorization_url(&self, request: Request<'_>) -> Result<String, &'static str> {
        let mut url = Url::parse(&self.authorization_endpoint)
            .map_err(|_| "the authorization endpoint is no address")?;
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", request.client_id)
            .append_pair("redirect_uri", request.redirect_uri)
            .append_pair("scope", request.scope)
            .append_pair("state", request.state)
            .append_pair("nonce", request.nonce)
            .append_pair("code_challenge", &challenge_of(request.verifier))
            .append_pair("code_challenge_method", "S256");
        Ok(url.into())
    }

    /// Does what the browser says about the issuer fit? Where the provider promises to name it, it has to.
    #[must_use]
    pub fn is_answer_of(&self, told: Option<&str>) -> bool {
        told.map_or(
            !self.authorization_response_iss_parameter_supported,
            |told| told == self.issuer,
        )
    }
}

/// The keys of a key set that we can verify with, each for one algorithm: the one that it names, or else the only one
/// that we take of its kind.
#[must_use]
pub fn verification_keys(set: &Value) -> Vec<VerificationKey> {
    let keys = set.get("keys").and_then(Value::as_array);
    keys.into_iter()
        .flatten()
        .filter_map(verification_key)
        .collect()
}

fn verification_key(jwk: &Value) -> Option<VerificationKey> {
    let member = |name: &str| jwk.get(name).and_then(Value::as_str);
    if member("use").is_some_and(|usage| usage != "sig") {
        return None;
    }
    let alg = match (member("kty")?, member("crv")) {
        ("EC", Some("P-256")) => "ES256",
        ("OKP", Some("Ed25519")) => "EdDSA",
        ("RSA", None) => "RS256",
        _ => return None,
    };
    if member("alg").is_some_and(|named| named != alg && !(alg == "EdDSA" && named == "Ed25519")) {
        return None;
    }
    Some(VerificationKey {
        kid: member("kid").unwrap_or_default().to_owned(),
        alg: alg.to_owned(),
        jwk: jwk.clone(),
    })
}

/// A path of our own to go back to; anything else could lead to a page that only looks like ours.
#[must_use]
pub fn own_path(wanted: &str) -> &str {
    let is_own = wanted.starts_with('/')
        && !wanted.starts_with("//")
        && wanted.len() <= 2000
        && !wanted.chars().any(|c| c == '\\' || c.is_control());
    if is_own { wanted } else { "/" }
}

fn challenge_of(verifier: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(verifier))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const METADATA: &str = r#"{"issuer":"https://idp.example","authorization_endpoint":"https://idp.example/auth?tenant=1",
        "token_endpoint":"https://idp.example/token","jwks_uri":"https://idp.example/jwks","more":[1]}"#;

    #[test]
    fn metadata_is_the_issuers_own() {
        let read = Discovery::read(METADATA, "https://idp.example").unwrap();
        assert_eq!(read.token_endpoint, "https://idp.example/token");
        for issuer in ["https://idp.example/", "https://evil.example", ""] {
            assert!(Discovery::read(METADATA, issuer).is_err(), "{issuer}");
        }
        assert!(Discovery::read("{}", "").is_err());
        assert_eq!(
            Discovery::address("https://idp.example/realm/"),
            "https://idp.example/realm/.well-known/openid-configuration"
        );
    }

    #[test]
    fn browser_carries_state_nonce_and_challenge() {
        let read = Discovery::read(METADATA, "https://idp.example").unwrap();
        let url = read
            .authorization_url(Request {
                client_id: "c&d",
                redirect_uri: "https://p.example/session/federated/idp/callback",
                scope: "openid email",
                state: "S",
                nonce: "N",
                // RFC 7636 appendix B.
                verifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
            })
            .unwrap();
        assert_eq!(
            url,
            "https://idp.example/auth?tenant=1&response_type=code&client_id=c%26d\
             &redirect_uri=https%3A%2F%2Fp.example%2Fsession%2Ffederated%2Fidp%2Fcallback&scope=openid+email\
             &state=S&nonce=N&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256"
        );
    }

    #[test]
    fn answer_names_the_issuer_where_promised() {
        let mut read = Discovery::read(METADATA, "https://idp.example").unwrap();
        assert!(read.is_answer_of(None));
        assert!(read.is_answer_of(Some("https://idp.example")));
        assert!(!read.is_answer_of(Some("https://evil.example")));
        read.authorization_response_iss_parameter_supported = true;
        assert!(!read.is_answer_of(None));
    }

    #[test]
    fn keys_are_for_one_algorithm_each() {
        let set = json!({"keys": [
            {"kty": "RSA", "kid": "1", "n": "x", "e": "AQAB"},
            {"kty": "RSA", "kid": "2", "alg": "PS256"},
            {"kty": "RSA", "kid": "3", "use": "enc"},
            {"kty": "EC", "kid": "4", "crv": "P-256", "alg": "ES256"},
            {"kty": "EC", "kid": "5", "crv": "P-384"},
            {"kty": "OKP", "kid": "6", "crv": "Ed25519", "alg": "Ed25519"},
            {"kty": "oct", "kid": "7", "k": "x"},
            {"kty": "EC", "kid": "8", "crv": "P-256", "alg": "RS256"},
            7,
        ]});
        let keys = verification_keys(&set);
        let found: Vec<_> = keys
            .iter()
            .map(|key| (key.kid.as_str(), key.alg.as_str()))
            .collect();
        assert_eq!(found, [("1", "RS256"), ("4", "ES256"), ("6", "EdDSA")]);
        assert!(verification_keys(&json!({})).is_empty());
    }

    #[test]
    fn only_own_paths_are_gone_back_to() {
        for good in ["/", "/publisher/apis?x=1#y"] {
            assert_eq!(own_path(good), good);
        }
        for bad in [
            "",
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "/a\nb",
            "javascript:0",
        ] {
            assert_eq!(own_path(bad), "/", "{bad}");
        }
    }
}
