//! What a client has registered about itself, under RFC 7591's names.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The parts that this server looks at. Stored as JSON; a name that is not there has its default.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ClientMetadata {
    /// Where answers of the front channel may go.
    pub redirect_uris: Vec<String>,
    /// Where people may go after signing out.
    pub post_logout_redirect_uris: Vec<String>,
    /// How the client authenticates; `none` for a public client. Without it: by a secret.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_endpoint_auth_method: Option<String>,
    /// Its public keys (RFC 7517), for what it signs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jwks: Option<Value>,
    /// Where its public keys are, instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jwks_uri: Option<String>,
    /// Every authorization request of the client is pushed (RFC 9126).
    pub require_pushed_authorization_requests: bool,
    /// Every token of the client is bound to a key (RFC 9449).
    pub dpop_bound_access_tokens: bool,
    /// Every token of the client is bound to its certificate (RFC 8705).
    pub tls_client_certificate_bound_access_tokens: bool,
    /// Whose certificate authenticates the client (RFC 8705 section 2.1): the name as RFC 4514 writes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls_client_auth_subject_dn: Option<String>,
    /// `max_age` of requests that name none, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_max_age: Option<i64>,
    /// What people are told that it is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_name: Option<String>,
    /// Its picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logo_uri: Option<String>,
    /// How to reach whoever answers for it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contacts: Vec<String>,
    /// What all installations of the software have in common.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub software_id: Option<String>,
    /// Which version of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub software_version: Option<String>,
    /// Its home page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_uri: Option<String>,
    /// What it does with what it learns.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy_uri: Option<String>,
    /// Its terms.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tos_uri: Option<String>,
}

/// How a certificate authenticates a client (RFC 8705 section 2).
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum CertificateMethod<'a> {
    /// Whoever ends TLS has verified it, and it is about this subject.
    Subject(&'a str),
    /// It is one of this key set.
    Own(&'a Value),
}

impl ClientMetadata {
    /// Reads what was stored. Unreadable text is the defaults: what is stored was parsed before it was stored.
    #[must_use]
    pub fn stored(text: &str) -> Self {
        serde_json::from_str(text).unwrap_or_default()
    }

    /// Would people take this for another client than before: by its name, or by where it sends them?
    #[must_use]
    pub fn looks_other(&self, after: &Self) -> bool {
        self.client_name != after.client_name || self.redirect_uris != after.redirect_uris
    }

    /// Does the client authenticate by nothing?
    #[must_use]
    pub fn is_public(&self) -> bool {
        self.token_endpoint_auth_method.as_deref() == Some("none")
    }

    /// Does the client authenticate by what it signs, and by nothing else?
    #[must_use]
    pub fn signs_assertions(&self) -> bool {
        self.token_endpoint_auth_method.as_deref() == Some("private_key_jwt")
    }

    /// Does the client authenticate by its certificate, and how?
    #[must_use]
    pub fn certificate_method(&self) -> Option<CertificateMethod<'_>> {
        match self.token_endpoint_auth_method.as_deref()? {
            "tls_client_auth" => {
                let subject = self.tls_client_auth_subject_dn.as_deref()?;
                Some(CertificateMethod::Subject(subject))
            }
            "self_signed_tls_client_auth" => self.jwks.as_ref().map(CertificateMethod::Own),
            _ => None,
        }
    }

    /// Does the client authenticate by a secret? Without a registered method it does.
    #[must_use]
    pub fn has_secret(&self) -> bool {
        matches!(
            self.token_endpoint_auth_method.as_deref(),
            None | Some("client_secret_basic" | "client_secret_post")
        )
    }
}

#[cfg(test)]
mod tests {
    use super::{CertificateMethod, ClientMetadata};
    use serde_json::json;

    #[test]
    fn each_method_excludes_the_others() {
        let check = |method: Option<&str>, expected: [bool; 3]| {
            let metadata: ClientMetadata = match method {
                Some(method) => {
                    serde_json::from_value(json!({"token_endpoint_auth_method": method})).unwrap()
                }
                None => ClientMetadata::default(),
            };
            let found = [
                metadata.has_secret(),
                metadata.is_public(),
                metadata.signs_assertions(),
            ];
            assert_eq!(found, expected, "{method:?}");
        };
        check(None, [true, false, false]);
        check(Some("client_secret_basic"), [true, false, false]);
        check(Some("client_secret_post"), [true, false, false]);
        check(Some("none"), [false, true, false]);
        check(Some("private_key_jwt"), [false, false, true]);
        check(Some("tls_client_auth"), [false, false, false]);
        check(Some("self_signed_tls_client_auth"), [false, false, false]);
    }

    #[test]
    fn certificate_authenticates_by_what_is_registered() {
        let read = |value| serde_json::from_value::<ClientMetadata>(value).unwrap();
        let set = json!({"keys": []});
        for (metadata, expected) in [
            (
                json!({"token_endpoint_auth_method": "tls_client_auth", "tls_client_auth_subject_dn": "CN=a"}),
                Some(CertificateMethod::Subject("CN=a")),
            ),
            (
                json!({"token_endpoint_auth_method": "self_signed_tls_client_auth", "jwks": set}),
                Some(CertificateMethod::Own(&set)),
            ),
            (
                json!({"token_endpoint_auth_method": "tls_client_auth", "jwks": set}),
                None,
            ),
            (
                json!({"token_endpoint_auth_method": "private_key_jwt", "jwks": set}),
                None,
            ),
            (json!({"tls_client_auth_subject_dn": "CN=a"}), None),
        ] {
            let metadata = read(metadata);
            assert_eq!(metadata.certificate_method(), expected, "{metadata:?}");
        }
    }
}
