//! Who asks: OAuth clients and how they authenticate (RFC 6749 section 2.3).

use base64::{Engine as _, prelude::BASE64_STANDARD};
use model::{ApplicationId, ClientId, OrganizationId};

use crate::{ClientMetadata, ErrorKind, Form, GrantKind, OauthError, Settings};

/// A registered client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// Its id (consumer key).
    pub id: ClientId,
    /// Whose it is.
    pub organization: OrganizationId,
    /// The user who registered it, or owns its application.
    pub owner: String,
    /// The application that it belongs to; `None` for one that was registered by itself, which alone may hold system
    /// scopes.
    pub application: Option<ApplicationId>,
    /// Names of the grants that it may use.
    pub grants: Vec<String>,
    /// Its lifetimes, and what it has to prove.
    pub settings: Settings,
    /// What it has registered about itself.
    pub metadata: ClientMetadata,
}

/// What a client showed to authenticate.
#[derive(Clone, PartialEq, Eq)]
pub struct ClientCredential {
    /// Which client it claims to be.
    pub id: String,
    /// Its secret as shown.
    pub secret: String,
}

/// The way in which a request authenticates.
#[derive(Clone, PartialEq, Eq)]
pub enum ShownClient {
    /// By a secret.
    Secret(ClientCredential),
    /// By an assertion that the client has signed (RFC 7523 section 2.2).
    Assertion {
        /// The JWT.
        text: String,
        /// `client_id`, when it is given too.
        id: Option<String>,
    },
    /// By nothing: the client says its id, and may be one that could keep no secret.
    Public(String),
}

impl Client {
    /// Does the client authenticate by nothing, because it could keep no secret?
    #[must_use]
    pub fn is_public(&self) -> bool {
        self.metadata.is_public() || self.settings.is_public
    }

    /// May the client get system scopes for this person by a browser or a device? Anybody can register a client and send
    /// others its consent page; so it does only for who registered it, unless the platform vouches for it.
    #[must_use]
    pub fn manages_for(&self, username: &str, is_first_party: bool) -> bool {
        self.application.is_none() && (is_first_party || self.owner == username)
    }

    /// May the client use this grant?
    ///
    /// # Errors
    /// `unauthorized_client`.
    pub fn require_grant(&self, kind: GrantKind) -> Result<(), OauthError> {
        if self.is_public() && kind == GrantKind::ClientCredentials {
            return Err(OauthError::new(
                ErrorKind::UnauthorizedClient,
                "a client without credentials gets no token for itself",
            ));
        }
        if self.grants.iter().any(|name| name == kind.as_str()) {
            return Ok(());
        }
        Err(OauthError::new(
            ErrorKind::UnauthorizedClient,
            format!(
                "the client is not registered for `{}`; it may use `{}`",
                kind.as_str(),
                self.grants.join("`, `")
            ),
        ))
    }
}

/// Finds what a client showed: in the `Authorization` header or in the body, never in both.
///
/// # Errors
/// `invalid_request` when both are used, `invalid_client` when neither is, or one is malformed.
pub fn client_credential(
    authorization: Option<&str>,
    form: &Form,
) -> Result<ClientCredential, OauthError> {
    let in_body = form.get("client_id").zip(form.get("client_secret"));
    let Some(authorization) = authorization else {
        let (id, secret) = in_body.ok_or_else(OauthError::client)?;
        return Ok(ClientCredential {
            id: id.to_owned(),
            secret: secret.to_owned(),
        });
    };
    if form.get("client_secret").is_some() {
        return Err(OauthError::new(
            ErrorKind::InvalidRequest,
            "authenticate by the `Authorization` header or in the body, not both",
        ));
    }
    let (id, secret) = basic(authorization).ok_or_else(OauthError::client)?;
    if form.get("client_id").is_some_and(|other| other != id) {
        return Err(OauthError::new(
            ErrorKind::InvalidRequest,
            "`client_id` is not the client of the `Authorization` header",
        ));
    }
    Ok(ClientCredential { id, secret })
}

/// Finds the one way in which a request authenticates.
///
/// # Errors
/// `invalid_request` for two ways at once (RFC 6749 section 2.3) and for an assertion of another kind; else as
/// [`client_credential`].
pub fn shown_client(authorization: Option<&str>, form: &Form) -> Result<ShownClient, OauthError> {
    let refuse = |text: &str| OauthError::new(ErrorKind::InvalidRequest, text);
    let Some(text) = form.get("client_assertion") else {
        if form.get("client_assertion_type").is_some() {
            return Err(refuse("`client_assertion` is missing"));
        }
        if let (None, None, Some(id)) = (
            authorization,
            form.get("client_secret"),
            form.get("client_id"),
        ) {
            return Ok(ShownClient::Public(id.to_owned()));
        }
        return client_credential(authorization, form).map(ShownClient::Secret);
    };
    if form.get("client_assertion_type") != Some(ASSERTION_TYPE) {
        return Err(refuse(&format!(
            "`client_assertion_type` has to be `{ASSERTION_TYPE}`"
        )));
    }
    if authorization.is_some() || form.get("client_secret").is_some() {
        return Err(refuse(
            "authenticate by an assertion or by a secret, not both",
        ));
    }
    Ok(ShownClient::Assertion {
        text: text.to_owned(),
        id: form.get("client_id").map(ToOwned::to_owned),
    })
}

/// The one kind of assertion (RFC 7523 section 2.2).
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// Name and password of a `Basic` credential (RFC 7617). Consumer keys and secrets have no character that RFC 6749
/// would have escaped before, so what is decoded is what was meant.
#[must_use]
pub fn basic(authorization: &str) -> Option<(String, String)> {
    let (scheme, value) = authorization.trim().split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(BASE64_STANDARD.decode(value.trim()).ok()?).ok()?;
    let (name, password) = decoded.split_once(':')?;
    Some((name.to_owned(), password.to_owned()))
}

impl std::fmt::Debug for ClientCredential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ClientCredential({})", self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_method_of_authentication_only() {
        let header = format!("Basic {}", BASE64_STANDARD.encode("c:s:x"));
        let check = |header: Option<&str>, body: &str, expected: Result<&str, ErrorKind>| {
            let form = Form::parse(body).unwrap();
            let found = client_credential(header, &form);
            let found = found
                .map(|credential| format!("{}|{}", credential.id, credential.secret))
                .map_err(|error| error.kind);
            assert_eq!(found, expected.map(ToOwned::to_owned), "{header:?} {body}");
        };
        check(Some(&header), "", Ok("c|s:x"));
        check(Some(&header), "client_id=c", Ok("c|s:x"));
        check(Some(&header), "client_id=d", Err(ErrorKind::InvalidRequest));
        check(
            Some(&header),
            "client_id=c&client_secret=s",
            Err(ErrorKind::InvalidRequest),
        );
        check(None, "client_id=c&client_secret=s", Ok("c|s"));
        check(None, "client_id=c", Err(ErrorKind::InvalidClient));
        check(None, "", Err(ErrorKind::InvalidClient));
        check(Some("Basic"), "", Err(ErrorKind::InvalidClient));
        check(Some("Basic !!"), "", Err(ErrorKind::InvalidClient));
        check(Some("Bearer abc"), "", Err(ErrorKind::InvalidClient));
    }

    #[test]
    fn strangers_clients_manage_nothing() {
        let check = |application: Option<&str>, username: &str, is_first_party, expected| {
            let client = Client {
                application: application.map(Into::into),
                ..client()
            };
            let found = client.manages_for(username, is_first_party);
            assert_eq!(
                found, expected,
                "{application:?} {username} {is_first_party}"
            );
        };
        check(None, "admin", false, true);
        check(None, "ann", false, false);
        check(None, "ann", true, true);
        check(Some("a"), "admin", false, false);
        check(Some("a"), "admin", true, false);
    }

    fn client() -> Client {
        Client {
            id: "c".into(),
            organization: "default".into(),
            owner: "admin".into(),
            application: None,
            grants: vec!["password".into()],
            settings: Settings::default(),
            metadata: ClientMetadata::default(),
        }
    }

    #[test]
    fn assertion_excludes_every_secret() {
        let header = format!("Basic {}", BASE64_STANDARD.encode("c:s"));
        let good = format!("client_assertion=a.b.c&client_assertion_type={ASSERTION_TYPE}");
        let check = |header: Option<&str>, body: &str, expected: Result<&str, ErrorKind>| {
            let found = shown_client(header, &Form::parse(body).unwrap());
            let found = found.map_err(|error| error.kind).map(|shown| match shown {
                ShownClient::Secret(credential) => credential.id,
                ShownClient::Assertion { text, id } => format!("{text} {}", id.unwrap_or_default()),
                ShownClient::Public(id) => format!("nobody says {id}"),
            });
            assert_eq!(found, expected.map(ToOwned::to_owned), "{header:?} {body}");
        };
        check(None, &good, Ok("a.b.c "));
        check(None, &format!("{good}&client_id=c"), Ok("a.b.c c"));
        check(Some(&header), "", Ok("c"));
        check(Some(&header), &good, Err(ErrorKind::InvalidRequest));
        check(
            None,
            &format!("{good}&client_id=c&client_secret=s"),
            Err(ErrorKind::InvalidRequest),
        );
        check(
            None,
            "client_assertion=a.b.c",
            Err(ErrorKind::InvalidRequest),
        );
        check(
            None,
            "client_assertion=a&client_assertion_type=saml",
            Err(ErrorKind::InvalidRequest),
        );
        check(
            Some(&header),
            &format!("client_assertion_type={ASSERTION_TYPE}"),
            Err(ErrorKind::InvalidRequest),
        );
        check(None, "", Err(ErrorKind::InvalidClient));
        check(None, "client_id=c", Ok("nobody says c"));
        check(None, "client_id=c&client_secret=s", Ok("c"));
        check(Some(&header), "client_id=c", Ok("c"));
        check(None, "client_secret=s", Err(ErrorKind::InvalidClient));
    }

    #[test]
    fn public_client_gets_no_token_for_itself() {
        let check = |method: Option<&str>, is_public, expected: bool| {
            let mut client = client();
            client.grants = vec!["client_credentials".into(), "refresh_token".into()];
            client.metadata.token_endpoint_auth_method = method.map(ToOwned::to_owned);
            client.settings.is_public = is_public;
            let found = client.require_grant(GrantKind::ClientCredentials).is_ok();
            assert_eq!(found, expected, "{method:?} {is_public}");
            assert!(client.require_grant(GrantKind::RefreshToken).is_ok());
        };
        check(None, false, true);
        check(Some("private_key_jwt"), false, true);
        check(Some("none"), false, false);
        check(None, true, false);
    }

    #[test]
    fn unregistered_grant_is_refused() {
        let client = client();
        assert!(client.require_grant(GrantKind::Password).is_ok());
        let refusal = client.require_grant(GrantKind::RefreshToken).unwrap_err();
        assert_eq!(refusal.kind, ErrorKind::UnauthorizedClient);
    }
}
