//! Exchanging a person's token for a narrower one of another client (RFC 8693).

use model::Timestamp;
use serde_json::{Value, json};

use crate::{Client, ErrorKind, Form, OauthError, parse_resources};

/// What an exchange asks for.
#[derive(Clone, PartialEq, Eq)]
pub struct ExchangeRequest {
    /// The token whose person the new one is for.
    pub subject_token: String,
    /// Where the new token is meant to be used (RFC 8707); empty for wherever its client may.
    pub targets: Vec<String>,
}

/// What is known of the subject token, which is a good one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExchangedToken {
    /// `client_id`.
    pub client: String,
    /// `scope`.
    pub scopes: Vec<String>,
    /// `aud`.
    pub audience: Vec<String>,
    /// `exp`.
    pub expires_at: Timestamp,
    /// `cnf.jkt`.
    pub bound_to: Option<String>,
    /// `act`: who acts already.
    pub actor: Option<Value>,
    /// It is a client's, and no person's.
    pub is_clients_own: bool,
}

/// How a token is narrower than its client's others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bounds {
    /// `aud`; the client when there is none.
    pub audience: Vec<String>,
    /// `act`: who acts for the person.
    pub actor: Option<Value>,
    /// The token ends no later than this.
    pub expires_at: Option<Timestamp>,
}

impl Bounds {
    /// Narrower only in where the token is for.
    #[must_use]
    pub const fn to(audience: Vec<String>) -> Self {
        Self {
            audience,
            actor: None,
            expires_at: None,
        }
    }
}

impl ExchangeRequest {
    /// Reads the parameters.
    ///
    /// # Errors
    /// `invalid_request` for kinds of tokens that are not ours and for an actor's token: who acts is the client, which
    /// has authenticated. `invalid_target` for a malformed resource.
    pub fn read(form: &Form) -> Result<Self, OauthError> {
        let subject_token = form.require("subject_token")?.to_owned();
        let kind = form.require("subject_token_type")?;
        if !ACCEPTED.contains(&kind) {
            return Err(refuse(
                "`subject_token_type` has to be that of an access token",
            ));
        }
        let wanted = form
            .get("requested_token_type")
            .unwrap_or(ACCESS_TOKEN_KIND);
        if !ACCEPTED.contains(&wanted) {
            return Err(refuse(
                "only access tokens are given; leave `requested_token_type` out",
            ));
        }
        if form.get("actor_token").is_some() || form.get("actor_token_type").is_some() {
            return Err(refuse(
                "leave `actor_token` out; the client that asks is who acts",
            ));
        }
        let mut targets = parse_resources(form)?;
        if !form.all("audience").all(is_audience) {
            return Err(OauthError::new(
                ErrorKind::InvalidTarget,
                format!(
                    "an `audience` is a name of 1 to {MAX_NAME} printable characters without spaces"
                ),
            ));
        }
        targets.extend(form.all("audience").map(ToOwned::to_owned));
        if targets.len() > MAX_TARGETS {
            return Err(OauthError::new(
                ErrorKind::InvalidTarget,
                format!("name at most {MAX_TARGETS} resources and audiences"),
            ));
        }
        Ok(Self {
            subject_token,
            targets,
        })
    }
}

impl ExchangedToken {
    /// Which scopes the new token may have, and its bounds: nothing that the old one has not, and no longer. `key` is
    /// what the request proves.
    ///
    /// # Errors
    /// `invalid_scope`, `invalid_target`, or `invalid_grant` for a token that is bound to another key, was handed on too
    /// often, or is another client's own.
    pub fn narrowed(
        &self,
        scopes: &[String],
        targets: &[String],
        client: &Client,
        key: Option<&str>,
    ) -> Result<(Vec<String>, Bounds), OauthError> {
        if self.bound_to.is_some() && self.bound_to.as_deref() != key {
            return Err(OauthError::new(
                ErrorKind::InvalidGrant,
                "the subject token is bound to a key; send a proof of the same key",
            ));
        }
        if self.is_clients_own && self.client != client.id.as_str() {
            return Err(OauthError::new(
                ErrorKind::InvalidGrant,
                "a client's own token is exchanged by that client only; nobody acts for it",
            ));
        }
        if let Some(scope) = scopes.iter().find(|scope| !self.scopes.contains(scope)) {
            return Err(OauthError::new(
                ErrorKind::InvalidScope,
                format!("the subject token has no scope `{scope}`"),
            ));
        }
        let granted = if scopes.is_empty() {
            &self.scopes
        } else {
            scopes
        };
        let bounds = Bounds {
            audience: self.audience(targets)?,
            actor: match self.is_clients_own {
                true => None,
                false => Some(self.actor(client)?),
            },
            expires_at: Some(self.expires_at),
        };
        Ok((granted.to_vec(), bounds))
    }

    /// A token for its own client is good wherever that client may go; one for resources stays with them.
    fn audience(&self, targets: &[String]) -> Result<Vec<String>, OauthError> {
        let is_free = self.audience.iter().all(|name| *name == self.client);
        if is_free || targets.iter().all(|target| self.audience.contains(target)) {
            let kept = if is_free || !targets.is_empty() {
                targets
            } else {
                &self.audience
            };
            return Ok(kept.to_vec());
        }
        Err(OauthError::new(
            ErrorKind::InvalidTarget,
            "the subject token is for other resources",
        ))
    }

    fn actor(&self, client: &Client) -> Result<Value, OauthError> {
        let mut actor = json!({"sub": client.id.as_str()});
        let Some(before) = &self.actor else {
            return Ok(actor);
        };
        if depth(before) >= MAX_ACTORS {
            return Err(OauthError::new(
                ErrorKind::InvalidGrant,
                format!("a token is handed on at most {MAX_ACTORS} times"),
            ));
        }
        if let Some(members) = actor.as_object_mut() {
            members.insert("act".to_owned(), before.clone());
        }
        Ok(actor)
    }
}

fn depth(actor: &Value) -> usize {
    let mut count = 1;
    let mut current = actor;
    while let Some(before) = current.get("act") {
        count += 1;
        current = before;
    }
    count
}

/// Says nothing of the token.
impl std::fmt::Debug for ExchangeRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ExchangeRequest({})", self.targets.join(" "))
    }
}

/// The logical name of a service: whatever it calls itself, as long as a token can carry it.
fn is_audience(name: &str) -> bool {
    (1..=MAX_NAME).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_graphic())
}

fn refuse(description: &str) -> OauthError {
    OauthError::new(ErrorKind::InvalidRequest, description)
}

/// The kind of what is given (RFC 8693 section 3).
pub const ACCESS_TOKEN_KIND: &str = "urn:ietf:params:oauth:token-type:access_token";
const ACCEPTED: [&str; 2] = [ACCESS_TOKEN_KIND, "urn:ietf:params:oauth:token-type:jwt"];
const MAX_TARGETS: usize = 10;
const MAX_NAME: usize = 255;
/// A chain of services that calls another four times is somebody's design.
const MAX_ACTORS: usize = 4;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ClientMetadata, Settings};

    fn client() -> Client {
        Client {
            id: "b".into(),
            organization: "default".into(),
            owner: "ann".into(),
            application: None,
            grants: Vec::new(),
            settings: Settings::default(),
            metadata: ClientMetadata::default(),
        }
    }

    fn shown() -> ExchangedToken {
        ExchangedToken {
            client: "a".into(),
            scopes: vec!["read".into(), "write".into()],
            audience: vec!["a".into()],
            expires_at: Timestamp(9_000),
            bound_to: None,
            actor: None,
            is_clients_own: false,
        }
    }

    fn list(text: &str) -> Vec<String> {
        text.split_ascii_whitespace()
            .map(ToOwned::to_owned)
            .collect()
    }

    #[test]
    fn parameters_are_those_of_access_tokens() {
        let good =
            "subject_token=t&subject_token_type=urn:ietf:params:oauth:token-type:access_token";
        let check = |more: &str, expected: Result<usize, ErrorKind>| {
            let form = Form::parse(&format!("{good}{more}")).unwrap();
            let read = ExchangeRequest::read(&form).map(|request| request.targets.len());
            assert_eq!(read.map_err(|error| error.kind), expected, "{more}");
        };
        check("", Ok(0));
        check("&resource=https://a&audience=b&resource=https://c", Ok(3));
        check(
            "&requested_token_type=urn:ietf:params:oauth:token-type:jwt",
            Ok(0),
        );
        check(
            "&requested_token_type=urn:ietf:params:oauth:token-type:refresh_token",
            Err(ErrorKind::InvalidRequest),
        );
        check("&actor_token=x", Err(ErrorKind::InvalidRequest));
        check("&resource=nowhere", Err(ErrorKind::InvalidTarget));
        check(&"&audience=x".repeat(11), Err(ErrorKind::InvalidTarget));
        for bad in ["a b", "%00", "%C3%A4", &"x".repeat(256)] {
            check(&format!("&audience={bad}"), Err(ErrorKind::InvalidTarget));
        }
        for bad in [
            "subject_token=t",
            "subject_token=t&subject_token_type=x",
            "subject_token_type=x",
        ] {
            let refusal = ExchangeRequest::read(&Form::parse(bad).unwrap()).unwrap_err();
            assert_eq!(refusal.kind, ErrorKind::InvalidRequest, "{bad}");
        }
    }

    #[test]
    fn new_token_has_nothing_that_the_old_one_has_not() {
        let check = |token: &ExchangedToken,
                     scopes: &str,
                     targets: &str,
                     expected: Result<(&str, &str), ErrorKind>| {
            let found = token.narrowed(&list(scopes), &list(targets), &client(), None);
            let found = found
                .map(|(scopes, bounds)| (scopes.join(" "), bounds.audience.join(" ")))
                .map_err(|error| error.kind);
            let expected =
                expected.map(|(scopes, audience)| (scopes.to_owned(), audience.to_owned()));
            assert_eq!(found, expected, "{scopes} {targets}");
        };
        let free = shown();
        check(&free, "", "", Ok(("read write", "")));
        check(&free, "read", "https://x", Ok(("read", "https://x")));
        check(&free, "read admin", "", Err(ErrorKind::InvalidScope));
        let tied = ExchangedToken {
            audience: list("https://x https://y"),
            ..shown()
        };
        check(&tied, "", "", Ok(("read write", "https://x https://y")));
        check(&tied, "", "https://y", Ok(("read write", "https://y")));
        check(&tied, "", "https://z", Err(ErrorKind::InvalidTarget));
        check(
            &tied,
            "",
            "https://y https://z",
            Err(ErrorKind::InvalidTarget),
        );
    }

    #[test]
    fn bound_token_is_exchanged_by_its_key_only() {
        let bound = ExchangedToken {
            bound_to: Some("k".into()),
            ..shown()
        };
        let by = |key| bound.narrowed(&[], &[], &client(), key).map(|_| ());
        assert!(by(Some("k")).is_ok());
        assert_eq!(by(Some("l")).unwrap_err().kind, ErrorKind::InvalidGrant);
        assert_eq!(by(None).unwrap_err().kind, ErrorKind::InvalidGrant);
    }

    #[test]
    fn own_token_is_narrowed_by_its_own_client() {
        let own = |client: &str| ExchangedToken {
            client: client.into(),
            audience: list(client),
            is_clients_own: true,
            ..shown()
        };
        let by = |token: ExchangedToken| {
            token.narrowed(&list("read"), &list("https://x"), &client(), None)
        };
        let (scopes, bounds) = by(own("b")).unwrap();
        assert_eq!((scopes, bounds.audience), (list("read"), list("https://x")));
        assert_eq!(
            (bounds.actor, bounds.expires_at),
            (None, Some(Timestamp(9_000)))
        );
        assert_eq!(by(own("a")).unwrap_err().kind, ErrorKind::InvalidGrant);
    }

    #[test]
    fn everybody_who_acts_is_named() {
        let mut token = shown();
        for count in 1..=MAX_ACTORS {
            let (_, bounds) = token.narrowed(&[], &[], &client(), None).unwrap();
            assert_eq!(bounds.expires_at, Some(Timestamp(9_000)));
            token.actor = bounds.actor;
            let actor = token.actor.as_ref().unwrap();
            assert_eq!((depth(actor), &actor["sub"]), (count, &json!("b")));
        }
        let refusal = token.narrowed(&[], &[], &client(), None).unwrap_err();
        assert_eq!(refusal.kind, ErrorKind::InvalidGrant);
    }
}
