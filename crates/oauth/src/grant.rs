//! What a client may ask the token endpoint for.

use crate::{ErrorKind, ExchangeRequest, Form, OauthError, parse_resources, parse_scopes};

/// A token request whose parameters are in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenRequest {
    /// On what grounds.
    pub grant: Grant,
    /// What for; empty when nothing is asked.
    pub scopes: Vec<String>,
    /// Where the token is meant to be used (RFC 8707); empty when nothing is said.
    pub resources: Vec<String>,
}

/// The grounds with what proves them.
#[derive(Clone, PartialEq, Eq)]
pub enum Grant {
    /// The client itself.
    ClientCredentials,
    /// A person's name and password.
    Password {
        /// As typed, with a `@carbon.super` of WSO2's tooling taken off.
        username: String,
        /// As typed.
        password: String,
    },
    /// A refresh token.
    RefreshToken(String),
    /// A code that the browser brought.
    AuthorizationCode {
        /// The code.
        code: String,
        /// Where it was sent.
        redirect_uri: Option<String>,
        /// What its challenge was made of.
        verifier: Option<String>,
    },
    /// A device that waits for its person.
    DeviceCode(String),
    /// A token, for a narrower one.
    TokenExchange(ExchangeRequest),
    /// What somebody has signed about a person (RFC 7523).
    JwtBearer(String),
}

/// The grants by name. The ones that we do not serve yet may be registered, as WSO2's clients do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GrantKind {
    /// `client_credentials`.
    ClientCredentials,
    /// `password`.
    Password,
    /// `refresh_token`.
    RefreshToken,
    /// `authorization_code`.
    AuthorizationCode,
    /// `implicit`: may be registered, and is never served (RFC 9700).
    Implicit,
    /// `urn:ietf:params:oauth:grant-type:jwt-bearer`.
    JwtBearer,
    /// `urn:ietf:params:oauth:grant-type:token-exchange`.
    TokenExchange,
    /// `urn:ietf:params:oauth:grant-type:device_code`.
    DeviceCode,
    /// `urn:ietf:params:oauth:grant-type:saml2-bearer`: may be registered.
    Saml2Bearer,
}

impl TokenRequest {
    /// Reads the parameters of a token request.
    ///
    /// # Errors
    /// `invalid_request`, `unsupported_grant_type`, `invalid_scope` or `invalid_target`.
    pub fn read(form: &Form) -> Result<Self, OauthError> {
        let grant = match GrantKind::named(form.require("grant_type")?) {
            Some(GrantKind::ClientCredentials) => Grant::ClientCredentials,
            Some(GrantKind::Password) => Grant::Password {
                username: local_name(form.require("username")?).to_owned(),
                password: form.require("password")?.to_owned(),
            },
            Some(GrantKind::RefreshToken) => {
                Grant::RefreshToken(form.require("refresh_token")?.to_owned())
            }
            Some(GrantKind::AuthorizationCode) => Grant::AuthorizationCode {
                code: form.require("code")?.to_owned(),
                redirect_uri: form.get("redirect_uri").map(ToOwned::to_owned),
                verifier: form.get("code_verifier").map(ToOwned::to_owned),
            },
            Some(GrantKind::DeviceCode) => {
                Grant::DeviceCode(form.require("device_code")?.to_owned())
            }
            Some(GrantKind::TokenExchange) => Grant::TokenExchange(ExchangeRequest::read(form)?),
            Some(GrantKind::JwtBearer) => Grant::JwtBearer(form.require("assertion")?.to_owned()),
            _ => {
                return Err(OauthError::new(
                    ErrorKind::UnsupportedGrantType,
                    "use one of the `grant_types_supported` of `/.well-known/oauth-authorization-server`",
                ));
            }
        };
        let scopes = parse_scopes(form.get("scope").unwrap_or_default())?;
        Ok(Self {
            grant,
            scopes,
            resources: parse_resources(form)?,
        })
    }
}

impl Grant {
    /// Its name.
    #[must_use]
    pub const fn kind(&self) -> GrantKind {
        match self {
            Self::ClientCredentials => GrantKind::ClientCredentials,
            Self::Password { .. } => GrantKind::Password,
            Self::RefreshToken(_) => GrantKind::RefreshToken,
            Self::AuthorizationCode { .. } => GrantKind::AuthorizationCode,
            Self::DeviceCode(_) => GrantKind::DeviceCode,
            Self::TokenExchange(_) => GrantKind::TokenExchange,
            Self::JwtBearer(_) => GrantKind::JwtBearer,
        }
    }
}

/// Says the kind only: the rest are secrets.
impl std::fmt::Debug for Grant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Grant({})", self.kind().as_str())
    }
}

impl GrantKind {
    /// The grant of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        ALL.iter().copied().find(|kind| kind.as_str() == name)
    }

    /// The name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ClientCredentials => "client_credentials",
            Self::Password => "password",
            Self::RefreshToken => "refresh_token",
            Self::AuthorizationCode => "authorization_code",
            Self::Implicit => "implicit",
            Self::JwtBearer => "urn:ietf:params:oauth:grant-type:jwt-bearer",
            Self::TokenExchange => "urn:ietf:params:oauth:grant-type:token-exchange",
            Self::DeviceCode => "urn:ietf:params:oauth:grant-type:device_code",
            Self::Saml2Bearer => "urn:ietf:params:oauth:grant-type:saml2-bearer",
        }
    }
}

/// WSO2's clients write the organization behind the name; a single-tenant install has one.
fn local_name(username: &str) -> &str {
    username.strip_suffix("@carbon.super").unwrap_or(username)
}

const ALL: &[GrantKind] = &[
    GrantKind::ClientCredentials,
    GrantKind::Password,
    GrantKind::RefreshToken,
    GrantKind::AuthorizationCode,
    GrantKind::Implicit,
    GrantKind::JwtBearer,
    GrantKind::TokenExchange,
    GrantKind::DeviceCode,
    GrantKind::Saml2Bearer,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_grant_needs_its_parameters() {
        let check = |body: &str, expected: Result<GrantKind, ErrorKind>| {
            let read = Form::parse(body).and_then(|form| TokenRequest::read(&form));
            let kind = read
                .map(|request| request.grant.kind())
                .map_err(|error| error.kind);
            assert_eq!(kind, expected, "{body}");
        };
        check(
            "grant_type=client_credentials",
            Ok(GrantKind::ClientCredentials),
        );
        check(
            "grant_type=password&username=a&password=b",
            Ok(GrantKind::Password),
        );
        check(
            "grant_type=password&username=a",
            Err(ErrorKind::InvalidRequest),
        );
        check("grant_type=refresh_token", Err(ErrorKind::InvalidRequest));
        check(
            "grant_type=refresh_token&refresh_token=r",
            Ok(GrantKind::RefreshToken),
        );
        check(
            "grant_type=authorization_code",
            Err(ErrorKind::InvalidRequest),
        );
        check(
            "grant_type=authorization_code&code=c",
            Ok(GrantKind::AuthorizationCode),
        );
        let device = "grant_type=urn:ietf:params:oauth:grant-type:device_code";
        check(device, Err(ErrorKind::InvalidRequest));
        check(
            &format!("{device}&device_code=d"),
            Ok(GrantKind::DeviceCode),
        );
        let bearer = "grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer";
        check(bearer, Err(ErrorKind::InvalidRequest));
        check(&format!("{bearer}&assertion=a"), Ok(GrantKind::JwtBearer));
        check("grant_type=implicit", Err(ErrorKind::UnsupportedGrantType));
        check("grant_type=magic", Err(ErrorKind::UnsupportedGrantType));
        check("", Err(ErrorKind::InvalidRequest));
        check(
            "grant_type=client_credentials&scope=a%22b",
            Err(ErrorKind::InvalidScope),
        );
        check(
            "grant_type=client_credentials&resource=nowhere",
            Err(ErrorKind::InvalidTarget),
        );
    }

    #[test]
    fn debug_text_hides_passwords() {
        let form = Form::parse("grant_type=password&username=u&password=hush").unwrap();
        let shown = format!("{:?}", TokenRequest::read(&form).unwrap());
        assert!(!shown.contains("hush"), "{shown}");
    }
}
