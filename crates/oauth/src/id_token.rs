//! ID tokens (`OpenID` Connect Core section 2), what an endpoint tells about a person, and who may sign whom out.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use model::{ClientId, Timestamp};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256, Sha512};

use crate::{Presence, SigningAlgorithm, acr_of};

/// An ID token about to be signed.
#[derive(Clone, Copy, Debug)]
pub struct IdToken<'a> {
    /// `iss`.
    pub issuer: &'a str,
    /// `aud` and `azp`.
    pub client: &'a ClientId,
    /// `sid`: the browser session, by a name that opens nothing.
    pub session: Option<&'a str>,
    /// `nonce`, as the authorization request had it.
    pub nonce: Option<&'a str>,
    /// Who signed in, when and how; the same subject as in the access token.
    pub presence: &'a Presence,
    /// The access token that it comes with.
    pub access_token: &'a str,
    /// Now.
    pub now: Timestamp,
    /// Lifetime.
    pub seconds: i64,
}

impl IdToken<'_> {
    /// The claims, for a signature by this algorithm.
    #[must_use]
    pub fn claims(&self, algorithm: SigningAlgorithm) -> Value {
        let issued = self.now.seconds();
        let mut claims = json!({
            "iss": self.issuer,
            "sub": self.presence.subject,
            "aud": self.client.as_str(),
            "azp": self.client.as_str(),
            "iat": issued,
            "exp": issued.saturating_add(self.seconds),
            "auth_time": self.presence.auth_time.seconds(),
            "acr": acr_of(&self.presence.amr),
            "amr": self.presence.amr,
            "at_hash": half_hash(algorithm, self.access_token),
        });
        if let Some(members) = claims.as_object_mut() {
            for (name, value) in [("nonce", self.nonce), ("sid", self.session)] {
                if let Some(value) = value {
                    members.insert(name.into(), json!(value));
                }
            }
        }
        claims
    }
}

/// What is known about a person.
#[derive(Clone, Copy, Debug)]
pub struct Profile<'a> {
    /// The username, which is the subject.
    pub username: &'a str,
    /// For people to read.
    pub display_name: Option<&'a str>,
    /// The address.
    pub email: Option<&'a str>,
    /// The roles.
    pub roles: &'a [String],
}

/// What `/oauth2/userinfo` says under these scopes (section 5.4). What is not known is left out.
#[must_use]
pub fn userinfo(profile: Profile<'_>, scopes: &[String]) -> Value {
    let has = |scope: &str| scopes.iter().any(|granted| granted == scope);
    let mut claims = Map::new();
    claims.insert("sub".into(), json!(profile.username));
    if has("profile") {
        claims.insert("preferred_username".into(), json!(profile.username));
        claims.insert(
            "name".into(),
            json!(profile.display_name.unwrap_or(profile.username)),
        );
    }
    if has("email")
        && let Some(email) = profile.email
    {
        claims.insert("email".into(), json!(email));
    }
    for name in ["groups", "roles"] {
        if has(name) {
            claims.insert(name.into(), json!(profile.roles));
        }
    }
    Value::Object(claims)
}

/// `at_hash`: the left half of the access token's hash, by the hash of the signature's algorithm.
fn half_hash(algorithm: SigningAlgorithm, access_token: &str) -> String {
    let hash = match algorithm {
        SigningAlgorithm::EdDsa => Sha512::digest(access_token.as_bytes()).to_vec(),
        SigningAlgorithm::Es256 | SigningAlgorithm::Rs256 => {
            Sha256::digest(access_token.as_bytes()).to_vec()
        }
    };
    let half: Vec<u8> = hash.iter().copied().take(hash.len() / 2).collect();
    BASE64_URL_SAFE_NO_PAD.encode(half)
}

/// `typ` of an ID token, which no gateway takes for an access token.
pub const ID_TOKEN_TYPE: &str = "JWT";

#[cfg(test)]
mod tests {
    use super::*;

    fn claims(nonce: Option<&str>) -> Value {
        claims_under(SigningAlgorithm::Es256, nonce)
    }

    fn claims_under(algorithm: SigningAlgorithm, nonce: Option<&str>) -> Value {
        let presence = Presence {
            subject: "ann".into(),
            auth_time: Timestamp(900_500),
            amr: vec!["pwd".into(), "otp".into()],
        };
        let token = IdToken {
            issuer: "i",
            client: &"c1".into(),
            session: Some("s"),
            nonce,
            presence: &presence,
            access_token: "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y",
            now: Timestamp(1_000_700),
            seconds: 60,
        };
        token.claims(algorithm)
    }

    #[test]
    fn claims_say_who_when_and_how() {
        // The hash is the one of OpenID Connect Core, appendix A.
        let expected = json!({
            "iss": "i", "sub": "ann", "aud": "c1", "azp": "c1", "iat": 1000, "exp": 1060, "auth_time": 900,
            "acr": "2", "amr": ["pwd", "otp"], "at_hash": "77QmUPtjPfzWtF2AnpK9RQ", "nonce": "n", "sid": "s",
        });
        assert_eq!(claims(Some("n")), expected);
        assert_eq!(claims(None).get("nonce"), None);
    }

    #[test]
    fn hash_of_the_access_token_follows_the_signature() {
        let check = |algorithm: SigningAlgorithm, expected: &str| {
            let claims = claims_under(algorithm, None);
            assert_eq!(claims["at_hash"], expected, "{algorithm:?}");
        };
        check(SigningAlgorithm::Rs256, "77QmUPtjPfzWtF2AnpK9RQ");
        // The left half of SHA-512, as Ed25519 hashes.
        check(
            SigningAlgorithm::EdDsa,
            "q7nS86GgvvFaZkzALLWqJYaJIKw2wCDAVfCAsm5CrBM",
        );
    }

    #[test]
    fn person_is_told_as_far_as_scopes_reach() {
        let roles = vec!["admin".to_owned()];
        let profile = Profile {
            username: "ann",
            display_name: None,
            email: Some("a@b"),
            roles: &roles,
        };
        let check = |scopes: &[&str], expected: Value| {
            let scopes: Vec<String> = scopes.iter().map(ToString::to_string).collect();
            assert_eq!(userinfo(profile, &scopes), expected, "{scopes:?}");
        };
        check(&["openid"], json!({"sub": "ann"}));
        check(
            &["openid", "profile", "email"],
            json!({"sub": "ann", "preferred_username": "ann", "name": "ann", "email": "a@b"}),
        );
        check(
            &["openid", "groups"],
            json!({"sub": "ann", "groups": ["admin"]}),
        );
        check(
            &["openid", "roles"],
            json!({"sub": "ann", "roles": ["admin"]}),
        );
        let nameless = Profile {
            email: None,
            ..profile
        };
        assert_eq!(
            userinfo(nameless, &["email".to_owned()]),
            json!({"sub": "ann"})
        );
    }
}
