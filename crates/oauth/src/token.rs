//! What a token says, and the answer that carries it.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use model::{KeyType, Timestamp};
use serde::Serialize;
use serde_json::{Value, json};

use crate::{Bounds, Client, KeyName};

/// An access token about to be signed (RFC 9068, with WSO2's `aut`, `azp` and `entity_id`).
#[derive(Clone, Debug)]
pub struct Issue<'a> {
    /// `iss`.
    pub issuer: &'a str,
    /// To which client.
    pub client: &'a Client,
    /// For whom.
    pub subject: Subject<'a>,
    /// What for.
    pub scopes: &'a [String],
    /// `jti`: random, unique.
    pub id: &'a str,
    /// Now.
    pub now: Timestamp,
    /// All of the client's tokens issued before this moment are revoked. The new one has to be after it, although `iat`
    /// has whole seconds: it may lie up to one second ahead.
    pub not_issued_before: Option<Timestamp>,
    /// Lifetime; [`Subject::seconds`] unless the caller asked for less.
    pub seconds: i64,
    /// The thumbprint of the key that the token is bound to (RFC 9449 section 6.1).
    pub bound_to: Option<&'a str>,
    /// The thumbprint of the certificate that the token is bound to, unless it is bound to a key (RFC 8705 section 3.1).
    pub certificate: Option<&'a str>,
    /// How it is narrower than the client's others.
    pub bounds: Option<&'a Bounds>,
}

/// For whom a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject<'a> {
    /// The client itself.
    Client,
    /// A person, by username.
    User(&'a str),
}

/// The answer of the token endpoint.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct TokenResponse {
    /// The token.
    pub access_token: String,
    /// The refresh token, where the grant has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
    /// Who the person is, where the scope `openid` was granted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_token: Option<String>,
    /// What was granted, space separated.
    pub scope: String,
    /// `Bearer`, or `DPoP` for a token that is bound to a key.
    pub token_type: &'static str,
    /// Lifetime in seconds.
    pub expires_in: i64,
    /// What kind of token it is, in the answer to an exchange (RFC 8693 section 2.2.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issued_token_type: Option<&'static str>,
}

impl Subject<'_> {
    /// The lifetime that the client's settings give to a token for this subject.
    #[must_use]
    pub const fn seconds(&self, client: &Client) -> i64 {
        match self {
            Self::Client => client.settings.application_seconds,
            Self::User(_) => client.settings.user_seconds,
        }
    }
}

impl Issue<'_> {
    /// The claims.
    #[must_use]
    pub fn claims(&self) -> Value {
        let client = self.client.id.as_str();
        let (subject, usage) = match self.subject {
            Subject::Client => (client, "APPLICATION"),
            Subject::User(username) => (username, "APPLICATION_USER"),
        };
        let issued = self.issued_at();
        let mut claims = json!({
            "iss": self.issuer,
            "sub": subject,
            "aud": client,
            "azp": client,
            "client_id": client,
            "iat": issued,
            "nbf": self.now.seconds(),
            "exp": self.ends_at(),
            "jti": self.id,
            "scope": self.scopes.join(" "),
            "aut": usage,
            "entity_id": subject,
            "organization": self.client.organization.as_str(),
        });
        let Some(members) = claims.as_object_mut() else {
            return claims;
        };
        let confirmation = match (self.bound_to, self.certificate) {
            (Some(key), _) => Some(json!({"jkt": key})),
            (None, Some(certificate)) => Some(json!({"x5t#S256": certificate})),
            (None, None) => None,
        };
        if let Some(confirmation) = confirmation {
            members.insert("cnf".to_owned(), confirmation);
        }
        if let Some(bounds) = self.bounds {
            if !bounds.audience.is_empty() {
                members.insert("aud".to_owned(), json!(bounds.audience));
            }
            if let Some(actor) = &bounds.actor {
                members.insert("act".to_owned(), actor.clone());
            }
        }
        claims
    }

    /// What the JOSE header and the claims are signed as: see [`signing_input`].
    #[must_use]
    pub fn signing_input(&self, key: KeyName<'_>) -> String {
        signing_input(ACCESS_TOKEN_TYPE, key, &self.claims())
    }

    /// The answer around the signed token.
    #[must_use]
    pub fn response(&self, access_token: String, refresh_token: Option<String>) -> TokenResponse {
        TokenResponse {
            access_token,
            refresh_token,
            id_token: None,
            scope: self.scopes.join(" "),
            token_type: if self.bound_to.is_some() {
                "DPoP"
            } else {
                "Bearer"
            },
            expires_in: self.ends_at().saturating_sub(self.issued_at()).max(0),
            issued_token_type: None,
        }
    }

    /// `exp`.
    fn ends_at(&self) -> i64 {
        let own = self.issued_at().saturating_add(self.seconds);
        let bound = self.bounds.and_then(|bounds| bounds.expires_at);
        bound.map_or(own, |bound| own.min(bound.seconds()))
    }

    fn issued_at(&self) -> i64 {
        let now = self.now.seconds();
        self.not_issued_before
            .map_or(now, |moment| now.max(moment.plus_ms(999).seconds()))
    }
}

/// A publisher's trial key for one API, about to be signed.
#[derive(Clone, Copy, Debug)]
pub struct InternalKey<'a> {
    /// `iss`.
    pub issuer: &'a str,
    /// `sub`: the publisher.
    pub user: &'a str,
    /// `jti`.
    pub id: &'a str,
    /// `organization`.
    pub organization: &'a str,
    /// The API: id, name, version, context.
    pub api: [&'a str; 4],
    /// Now.
    pub now: Timestamp,
    /// Lifetime.
    pub seconds: i64,
}

impl InternalKey<'_> {
    /// What the JOSE header and the claims are signed as.
    #[must_use]
    pub fn signing_input(&self, key: KeyName<'_>) -> String {
        let [id, name, version, context] = self.api;
        let issued = self.now.seconds();
        let claims = json!({
            "iss": self.issuer,
            "sub": self.user,
            "jti": self.id,
            "iat": issued,
            "exp": issued.saturating_add(self.seconds),
            "token_type": "InternalKey",
            "organization": self.organization,
            "keytype": KeyType::Production.as_str(),
            "api": {"id": id, "name": name, "version": version, "context": context},
        });
        signing_input(INTERNAL_KEY_TYPE, key, &claims)
    }
}

/// Header and claims in the form that is signed (RFC 7515 section 5.1).
#[must_use]
pub fn signing_input(kind: &str, key: KeyName<'_>, claims: &Value) -> String {
    let header = json!({"alg": key.algorithm.as_str(), "typ": kind, "kid": key.kid});
    format!(
        "{}.{}",
        encode(header.to_string()),
        encode(claims.to_string())
    )
}

/// The token: what was signed, with its signature.
#[must_use]
pub fn compact(signing_input: &str, signature: &[u8]) -> String {
    format!("{signing_input}.{}", encode(signature))
}

fn encode(bytes: impl AsRef<[u8]>) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// `typ` of an access token (RFC 9068 section 2.1).
const ACCESS_TOKEN_TYPE: &str = "at+jwt";
/// `typ` of an internal key.
pub const INTERNAL_KEY_TYPE: &str = "internal-key+jwt";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ClientMetadata, Settings};

    fn client() -> Client {
        Client {
            id: "c1".into(),
            organization: "default".into(),
            owner: "ann".into(),
            application: None,
            grants: Vec::new(),
            settings: Settings::default(),
            metadata: ClientMetadata::default(),
        }
    }

    fn issue<'a>(client: &'a Client, subject: Subject<'a>) -> Issue<'a> {
        Issue {
            issuer: "i",
            client,
            subject,
            scopes: &[],
            id: "j",
            now: Timestamp(1_000_700),
            not_issued_before: None,
            seconds: 60,
            bound_to: None,
            certificate: None,
            bounds: None,
        }
    }

    #[test]
    fn claims_say_whose_token_it_is() {
        let client = client();
        let own = issue(&client, Subject::Client).claims();
        assert_eq!(
            (&own["sub"], &own["aut"]),
            (&json!("c1"), &json!("APPLICATION"))
        );
        let users = issue(&client, Subject::User("ann")).claims();
        assert_eq!(
            (&users["sub"], &users["aut"]),
            (&json!("ann"), &json!("APPLICATION_USER"))
        );
        assert_eq!((&users["iat"], &users["exp"]), (&json!(1000), &json!(1060)));
    }

    #[test]
    fn new_token_survives_the_revocation_before_it() {
        let client = client();
        let mut issue = issue(&client, Subject::Client);
        let revoked_before = Timestamp(1_000_500);
        issue.not_issued_before = Some(revoked_before);
        let issued = issue.claims()["iat"].as_i64().unwrap();
        assert!(Timestamp::from_seconds(issued) >= revoked_before);
        assert!(issued <= issue.now.seconds() + 1);
    }

    #[test]
    fn bound_token_names_its_key() {
        let client = client();
        let mut issue = issue(&client, Subject::Client);
        assert_eq!(issue.claims().get("cnf"), None);
        assert_eq!(issue.response("t".into(), None).token_type, "Bearer");
        issue.certificate = Some("x5t");
        assert_eq!(issue.claims()["cnf"], json!({"x5t#S256": "x5t"}));
        assert_eq!(issue.response("t".into(), None).token_type, "Bearer");
        issue.bound_to = Some("thumb");
        assert_eq!(issue.claims()["cnf"], json!({"jkt": "thumb"}));
        assert_eq!(issue.response("t".into(), None).token_type, "DPoP");
    }

    #[test]
    fn bounds_narrow_a_token() {
        let client = client();
        let mut issue = issue(&client, Subject::User("ann"));
        let narrow = Bounds {
            audience: vec!["https://x".into()],
            actor: Some(json!({"sub": "c1"})),
            expires_at: Some(Timestamp::from_seconds(1_020)),
        };
        issue.bounds = Some(&narrow);
        let claims = issue.claims();
        assert_eq!(claims["aud"], json!(["https://x"]));
        assert_eq!(
            (&claims["act"], &claims["exp"]),
            (&json!({"sub": "c1"}), &json!(1020))
        );
        assert_eq!(issue.response("t".into(), None).expires_in, 20);
        let wide = Bounds {
            expires_at: Some(Timestamp::from_seconds(2_000)),
            ..Bounds::default()
        };
        issue.bounds = Some(&wide);
        let claims = issue.claims();
        assert_eq!(
            (&claims["aud"], &claims["exp"]),
            (&json!("c1"), &json!(1060))
        );
        assert_eq!(claims.get("act"), None);
    }

    #[test]
    fn application_token_has_no_refresh_token() {
        let client = client();
        let response = issue(&client, Subject::Client).response("t".into(), None);
        let text = serde_json::to_string(&response).unwrap();
        assert!(!text.contains("refresh_token"), "{text}");
    }
}
