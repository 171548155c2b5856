//! Clients that register themselves: RFC 7591, and RFC 7592 for what becomes of a registration.
//!
//! What a client says of itself is parsed here, with all faults named. Names that we do not know are left out, as
//! section 2 of RFC 7591 asks; what we know and cannot keep is refused rather than dropped.

mod keys;

use serde::Deserialize;
use serde_json::{Map, Value, json};
use url::Url;

use crate::{ClientMetadata, ErrorKind, GrantKind, OauthError, redirect::is_redirect_uri};

/// A registration in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientRegistration {
    /// Names of the grants that it may use.
    pub grants: Vec<String>,
    /// What it says of itself.
    pub metadata: ClientMetadata,
}

/// A registration with what the server made for it.
#[derive(Clone, Copy)]
pub struct RegisteredClient<'a> {
    /// The client's id.
    pub id: &'a str,
    /// Since when, in seconds.
    pub issued_at_seconds: i64,
    /// A secret that was made just now: it is told once.
    pub secret: Option<&'a str>,
    /// The token that opens the registration from now on.
    pub token: &'a str,
    /// Where it opens it.
    pub address: &'a str,
}

impl ClientRegistration {
    /// Reads the body of a registration.
    ///
    /// # Errors
    /// `invalid_redirect_uri`, `invalid_client_metadata`, `invalid_software_statement` or
    /// `unapproved_software_statement`, with every fault in the description.
    pub fn parse(text: &str) -> Result<Self, OauthError> {
        Self::read(object(text)?)
    }

    /// Reads the body of a change, which replaces all that the client said before (RFC 7592 section 2.2).
    ///
    /// # Errors
    /// As [`Self::parse`]; `invalid_client_metadata` also for another `client_id`, and for names that only the server
    /// gives.
    pub fn parse_change(text: &str, client_id: &str) -> Result<Self, OauthError> {
        let members = object(text)?;
        if members.get("client_id").and_then(Value::as_str) != Some(client_id) {
            return Err(metadata_fault("give the `client_id` of this registration"));
        }
        if let Some(name) = SERVERS_OWN.iter().find(|name| members.contains_key(**name)) {
            return Err(metadata_fault(&format!(
                "leave out `{name}`: the server gives it"
            )));
        }
        Self::read(members)
    }

    pub(crate) fn read(members: Map<String, Value>) -> Result<Self, OauthError> {
        if let Some(statement) = members.get("software_statement") {
            return Err(statement_fault(statement));
        }
        let wish: Wish = serde_json::from_value(Value::Object(members))
            .map_err(|error| metadata_fault(&error.to_string()))?;
        let mut faults = Faults::default();
        let method = wish.method(&mut faults);
        let grants = wish.grants(method == "none", &mut faults);
        let has_code = grants.iter().any(|grant| grant == CODE_GRANT);
        wish.check_response_types(has_code, &mut faults);
        wish.check_redirects(has_code, &mut faults);
        wish.check_keys(&method, &mut faults);
        wish.check_texts(&mut faults);
        faults.end()?;
        Ok(Self {
            metadata: ClientMetadata {
                redirect_uris: wish.redirect_uris.unwrap_or_default(),
                post_logout_redirect_uris: wish.post_logout_redirect_uris.unwrap_or_default(),
                token_endpoint_auth_method: Some(method),
                require_pushed_authorization_requests: wish
                    .require_pushed_authorization_requests
                    .unwrap_or_default(),
                dpop_bound_access_tokens: wish.dpop_bound_access_tokens.unwrap_or_default(),
                tls_client_certificate_bound_access_tokens: wish
                    .tls_client_certificate_bound_access_tokens
                    .unwrap_or_default(),
                tls_client_auth_subject_dn: wish.tls_client_auth_subject_dn,
                jwks: wish.jwks,
                jwks_uri: wish.jwks_uri,
                default_max_age: wish.default_max_age,
                client_name: wish.client_name,
                client_uri: wish.client_uri,
                logo_uri: wish.logo_uri,
                policy_uri: wish.policy_uri,
                tos_uri: wish.tos_uri,
                contacts: wish.contacts.unwrap_or_default(),
                software_id: wish.software_id,
                software_version: wish.software_version,
            },
            grants,
        })
    }

    /// The answer of RFC 7591 section 3.2.1: all that was registered, and what the server made.
    #[must_use]
    pub fn answer(&self, made: &RegisteredClient<'_>) -> Value {
        let mut answer = json!(self.metadata);
        let Some(members) = answer.as_object_mut() else {
            return answer;
        };
        let has_code = self.grants.iter().any(|grant| grant == CODE_GRANT);
        let codes: &[&str] = if has_code { &["code"] } else { &[] };
        let mut put = |name: &str, value: Value| members.insert(name.to_owned(), value);
        put("client_id", json!(made.id));
        put("client_id_issued_at", json!(made.issued_at_seconds));
        put("grant_types", json!(self.grants));
        put("response_types", json!(codes));
        put("registration_access_token", json!(made.token));
        put("registration_client_uri", json!(made.address));
        if let Some(secret) = made.secret {
            put("client_secret", json!(secret));
            put("client_secret_expires_at", json!(0));
        }
        answer
    }
}

/// The body as sent.
#[derive(Deserialize)]
struct Wish {
    redirect_uris: Option<Vec<String>>,
    post_logout_redirect_uris: Option<Vec<String>>,
    token_endpoint_auth_method: Option<String>,
    grant_types: Option<Vec<String>>,
    response_types: Option<Vec<String>>,
    client_name: Option<String>,
    client_uri: Option<String>,
    logo_uri: Option<String>,
    policy_uri: Option<String>,
    tos_uri: Option<String>,
    contacts: Option<Vec<String>>,
    software_id: Option<String>,
    software_version: Option<String>,
    require_pushed_authorization_requests: Option<bool>,
    dpop_bound_access_tokens: Option<bool>,
    tls_client_certificate_bound_access_tokens: Option<bool>,
    tls_client_auth_subject_dn: Option<String>,
    jwks: Option<Value>,
    jwks_uri: Option<String>,
    default_max_age: Option<i64>,
}

impl Wish {
    fn method(&self, faults: &mut Faults) -> String {
        let method = self
            .token_endpoint_auth_method
            .as_deref()
            .unwrap_or("client_secret_basic");
        if !METHODS.contains(&method) {
            faults.metadata(format!(
                "`token_endpoint_auth_method` is one of `{}`",
                METHODS.join("`, `")
            ));
        }
        method.to_owned()
    }

    fn grants(&self, is_public: bool, faults: &mut Faults) -> Vec<String> {
        let Some(asked) = &self.grant_types else {
            return vec![CODE_GRANT.to_owned()];
        };
        let mut grants: Vec<String> = Vec::new();
        for name in asked {
            if !GrantKind::named(name).is_some_and(may_register) {
                faults.metadata(format!("`grant_types` has no `{}`", shortened(name)));
            } else if is_public && name == GrantKind::ClientCredentials.as_str() {
                faults.metadata(format!("a public client has no use of `{name}`"));
            } else if !grants.contains(name) {
                grants.push(name.clone());
            }
        }
        if asked.is_empty() {
            faults.metadata("`grant_types` names at least one grant".into());
        }
        grants
    }

    fn check_response_types(&self, has_code: bool, faults: &mut Faults) {
        let Some(asked) = &self.response_types else {
            return;
        };
        if asked.iter().any(|kind| kind != "code") {
            faults.metadata("`response_types` has nothing but `code`".into());
        } else if asked.is_empty() == has_code {
            faults.metadata(
                "`code` of `response_types` and `authorization_code` of `grant_types` go together"
                    .into(),
            );
        }
    }

    fn check_redirects(&self, has_code: bool, faults: &mut Faults) {
        let redirects = self.redirect_uris.as_deref().unwrap_or_default();
        let after_logout = self
            .post_logout_redirect_uris
            .as_deref()
            .unwrap_or_default();
        if has_code && redirects.is_empty() {
            faults.redirect("`authorization_code` needs one of `redirect_uris`".into());
        }
        if redirects.len().max(after_logout.len()) > MAX_URIS {
            faults.redirect(format!("give at most {MAX_URIS} addresses"));
        }
        for uri in redirects.iter().chain(after_logout).take(2 * MAX_URIS) {
            if !is_redirect_uri(uri) || !is_owned(uri) {
                faults.redirect(format!(
                    "nobody can be sent to `{}`: {REDIRECT_RULE}",
                    shortened(uri)
                ));
            }
        }
    }

    fn check_texts(&self, faults: &mut Faults) {
        for (name, uri) in [
            ("client_uri", &self.client_uri),
            ("logo_uri", &self.logo_uri),
            ("policy_uri", &self.policy_uri),
            ("tos_uri", &self.tos_uri),
        ] {
            if uri
                .as_deref()
                .is_some_and(|uri| !is_redirect_uri(uri) || !uri.starts_with("https://"))
            {
                faults.metadata(format!("`{name}` is an `https` address without a fragment"));
            }
        }
        for (name, text) in [
            ("client_name", &self.client_name),
            ("software_id", &self.software_id),
            ("software_version", &self.software_version),
        ] {
            if text.as_deref().is_some_and(|text| !is_label(text)) {
                faults.metadata(format!("`{name}` has {LABEL_RULE}"));
            }
        }
        let contacts = self.contacts.as_deref().unwrap_or_default();
        if contacts.len() > MAX_URIS || contacts.iter().any(|contact| !is_label(contact)) {
            faults.metadata(format!(
                "`contacts` are at most {MAX_URIS}, each with {LABEL_RULE}"
            ));
        }
        if self.default_max_age.is_some_and(|seconds| seconds < 0) {
            faults.metadata("`default_max_age` is a number of seconds".into());
        }
    }
}

/// Faults so far: RFC 7591 has a word of its own for those of redirect URIs.
#[derive(Default)]
struct Faults {
    of_redirects: bool,
    texts: Vec<String>,
}

impl Faults {
    fn redirect(&mut self, text: String) {
        self.of_redirects = true;
        self.texts.push(text);
    }

    fn metadata(&mut self, text: String) {
        self.texts.push(text);
    }

    fn end(self) -> Result<(), OauthError> {
        if self.texts.is_empty() {
            return Ok(());
        }
        let kind = if self.of_redirects {
            ErrorKind::InvalidRedirectUri
        } else {
            ErrorKind::InvalidClientMetadata
        };
        Err(OauthError::new(kind, self.texts.join("; ")))
    }
}

fn object(text: &str) -> Result<Map<String, Value>, OauthError> {
    serde_json::from_str(text).map_err(|_| metadata_fault("send a JSON object"))
}

fn metadata_fault(text: &str) -> OauthError {
    OauthError::new(ErrorKind::InvalidClientMetadata, text)
}

/// Nobody's statements are trusted; one that is no JWT at all is told apart, as RFC 7591 does.
fn statement_fault(statement: &Value) -> OauthError {
    let is_jwt = statement
        .as_str()
        .is_some_and(|text| text.split('.').filter(|part| !part.is_empty()).count() == 3);
    let kind = if is_jwt {
        ErrorKind::UnapprovedSoftwareStatement
    } else {
        ErrorKind::InvalidSoftwareStatement
    };
    OauthError::new(
        kind,
        "leave out `software_statement`: nobody's are trusted here",
    )
}

/// No password of a person goes to a client that nobody knows, and what is not served is not registered.
const fn may_register(kind: GrantKind) -> bool {
    match kind {
        GrantKind::AuthorizationCode
        | GrantKind::RefreshToken
        | GrantKind::ClientCredentials
        | GrantKind::DeviceCode
        | GrantKind::TokenExchange
        | GrantKind::JwtBearer => true,
        GrantKind::Password | GrantKind::Implicit | GrantKind::Saml2Bearer => false,
    }
}

/// A scheme of an installed application is its owner's domain backwards (RFC 8252 section 7.1).
fn is_owned(uri: &str) -> bool {
    Url::parse(uri)
        .is_ok_and(|url| matches!(url.scheme(), "https" | "http") || url.scheme().contains('.'))
}

fn is_label(text: &str) -> bool {
    (1..=100).contains(&text.chars().count())
        && text.trim() == text
        && !text.chars().any(|c| c.is_control() || is_invisible(c))
}

/// Characters that turn the direction of a text, or are not seen: a name may not look like another's by them.
const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

fn shortened(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(100).collect()
}

const CODE_GRANT: &str = "authorization_code";
const METHODS: [&str; 6] = [
    "client_secret_basic",
    "client_secret_post",
    "none",
    "private_key_jwt",
    "self_signed_tls_client_auth",
    "tls_client_auth",
];
const SERVERS_OWN: [&str; 4] = [
    "registration_access_token",
    "registration_client_uri",
    "client_secret_expires_at",
    "client_id_issued_at",
];
const MAX_URIS: usize = 20;
const LABEL_RULE: &str = "1 to 100 visible characters";
const REDIRECT_RULE: &str =
    "give `https`, `http` on a loopback address, or a scheme with a dot, without user and fragment";

#[cfg(test)]
mod tests;
