//! What clients discover by themselves: RFC 8414 and `OpenID` Connect Discovery.

use serde_json::{Value, json};

use crate::{SigningAlgorithm, authorize::ACR_VALUES, consent::PERSON_SCOPES};

/// The authorization server's addresses, all below one origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoints {
    issuer: String,
    origin: String,
}

impl Endpoints {
    /// From the issuer, which ends in `/oauth2/token` as WSO2's does; another issuer is its own origin.
    #[must_use]
    pub fn of(issuer: &str) -> Self {
        let origin = issuer.strip_suffix("/oauth2/token").unwrap_or(issuer);
        Self {
            issuer: issuer.to_owned(),
            origin: origin.trim_end_matches('/').to_owned(),
        }
    }

    /// Scheme, host and port of the platform.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// `/.well-known/oauth-authorization-server`. `signing` is what the published keys sign by.
    #[must_use]
    pub fn authorization_server(&self, signing: &[SigningAlgorithm]) -> Value {
        let origin = &self.origin;
        json!({
            "issuer": self.issuer,
            "authorization_endpoint": format!("{origin}/oauth2/authorize"),
            "pushed_authorization_request_endpoint": format!("{origin}/oauth2/par"),
            "device_authorization_endpoint": format!("{origin}/oauth2/device_authorization"),
            "token_endpoint": format!("{origin}/oauth2/token"),
            "revocation_endpoint": format!("{origin}/oauth2/revoke"),
            "introspection_endpoint": format!("{origin}/oauth2/introspect"),
            "jwks_uri": format!("{origin}/oauth2/jwks"),
            "registration_endpoint": format!("{origin}/oauth2/register"),
            "scopes_supported": PERSON_SCOPES,
            "grant_types_supported": GRANTS,
            "response_types_supported": ["code"],
            "response_modes_supported": ["query", "form_post"],
            "code_challenge_methods_supported": ["S256"],
            "prompt_values_supported": ["none", "login", "consent", "select_account"],
            "acr_values_supported": ACR_VALUES,
            "authorization_response_iss_parameter_supported": true,
            "require_pushed_authorization_requests": false,
            "request_parameter_supported": false,
            "request_uri_parameter_supported": false,
            "claims_parameter_supported": false,
            "token_endpoint_auth_methods_supported": AUTHENTICATION_OR_NONE,
            "token_endpoint_auth_signing_alg_values_supported": PROOF_ALGORITHMS,
            "revocation_endpoint_auth_methods_supported": AUTHENTICATION_OR_NONE,
            "revocation_endpoint_auth_signing_alg_values_supported": PROOF_ALGORITHMS,
            "introspection_endpoint_auth_methods_supported": AUTHENTICATION,
            "introspection_endpoint_auth_signing_alg_values_supported": PROOF_ALGORITHMS,
            "dpop_signing_alg_values_supported": PROOF_ALGORITHMS,
            "introspection_signing_alg_values_supported": signing,
            "service_documentation": format!("{origin}/docs/"),
        })
    }

    /// `/.well-known/openid-configuration`: the same, with what `OpenID` Connect adds.
    #[must_use]
    pub fn openid(&self, signing: &[SigningAlgorithm]) -> Value {
        let mut document = self.authorization_server(signing);
        if let Some(members) = document.as_object_mut() {
            let origin = &self.origin;
            members.insert(
                "userinfo_endpoint".into(),
                json!(format!("{origin}/oauth2/userinfo")),
            );
            members.insert("subject_types_supported".into(), json!(["public"]));
            members.insert(
                "id_token_signing_alg_values_supported".into(),
                json!(signing),
            );
            members.insert(
                "end_session_endpoint".into(),
                json!(format!("{origin}/oidc/logout")),
            );
            members.insert("claim_types_supported".into(), json!(["normal"]));
            members.insert("claims_supported".into(), json!(CLAIMS));
        }
        document
    }
}

const GRANTS: [&str; 7] = [
    "authorization_code",
    "client_credentials",
    "password",
    "refresh_token",
    "urn:ietf:params:oauth:grant-type:device_code",
    "urn:ietf:params:oauth:grant-type:jwt-bearer",
    "urn:ietf:params:oauth:grant-type:token-exchange",
];
const CLAIMS: [&str; 17] = [
    "iss",
    "sub",
    "aud",
    "exp",
    "iat",
    "auth_time",
    "nonce",
    "acr",
    "amr",
    "azp",
    "at_hash",
    "sid",
    "name",
    "preferred_username",
    "email",
    "groups",
    "roles",
];
/// What `credential::public_key` takes.
const PROOF_ALGORITHMS: [&str; 3] = ["ES256", "RS256", "EdDSA"];
const AUTHENTICATION: [&str; 3] = [
    "client_secret_basic",
    "client_secret_post",
    "private_key_jwt",
];
/// The same, with public clients: a code or a token that they show is proof enough.
const AUTHENTICATION_OR_NONE: [&str; 4] = [
    "client_secret_basic",
    "client_secret_post",
    "private_key_jwt",
    "none",
];

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Endpoints, SigningAlgorithm};

    #[test]
    fn every_address_is_below_the_issuers_origin() {
        let endpoints = Endpoints::of("https://a.example/oauth2/token");
        let document = endpoints.openid(&[SigningAlgorithm::Es256]);
        for (name, value) in document.as_object().unwrap() {
            if name.ends_with("_endpoint") || name.ends_with("_uri") {
                let address = value.as_str().unwrap();
                assert!(
                    address.starts_with("https://a.example/"),
                    "{name}: {address}"
                );
            }
        }
    }

    /// RFC 8414 section 2 wants them wherever clients may sign; Authlib refused the document without them.
    #[test]
    fn each_signing_endpoint_names_its_algorithms() {
        let document =
            Endpoints::of("https://a.example/oauth2/token").openid(&[SigningAlgorithm::Es256]);
        for endpoint in ["token", "revocation", "introspection"] {
            let methods = &document[format!("{endpoint}_endpoint_auth_methods_supported")];
            assert!(
                methods.to_string().contains("private_key_jwt"),
                "{endpoint}"
            );
            let name = format!("{endpoint}_endpoint_auth_signing_alg_values_supported");
            assert!(document[&name].is_array(), "{name}");
        }
    }

    #[test]
    fn addresses_are_below_the_issuers_origin() {
        let endpoints = Endpoints::of("https://a.example/oauth2/token");
        assert_eq!(endpoints.origin(), "https://a.example");
        let document = endpoints.openid(&[SigningAlgorithm::Es256]);
        assert_eq!(document["issuer"], "https://a.example/oauth2/token");
        assert_eq!(document["jwks_uri"], "https://a.example/oauth2/jwks");
    }
    #[test]
    fn algorithms_are_those_of_the_published_keys() {
        let signing = [SigningAlgorithm::EdDsa, SigningAlgorithm::Rs256];
        let document = Endpoints::of("i").openid(&signing);
        for name in ["id_token", "introspection"] {
            let values = &document[format!("{name}_signing_alg_values_supported")];
            assert_eq!(*values, json!(["EdDSA", "RS256"]), "{name}");
        }
    }
}
