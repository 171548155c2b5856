//! What clients discover by themselves: RFC 8414 and `OpenID` Connect Discovery.

use serde_json::{Value, json};

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

    /// `/.well-known/oauth-authorization-server`.
    #[must_use]
    pub fn authorization_server(&self) -> Value {
        let origin = &self.origin;
        json!({
            "issuer": self.issuer,
            "token_endpoint": format!("{origin}/oauth2/token"),
            "revocation_endpoint": format!("{origin}/oauth2/revoke"),
            "introspection_endpoint": format!("{origin}/oauth2/introspect"),
            "jwks_uri": format!("{origin}/oauth2/jwks"),
            "registration_endpoint": format!("{origin}/client-registration/v0.17/register"),
            "grant_types_supported": ["client_credentials", "password", "refresh_token"],
            "response_types_supported": [],
            "token_endpoint_auth_methods_supported": AUTHENTICATION,
            "revocation_endpoint_auth_methods_supported": AUTHENTICATION,
            "introspection_endpoint_auth_methods_supported": AUTHENTICATION,
            "service_documentation": format!("{origin}/docs/"),
        })
    }

    /// `/.well-known/openid-configuration`: the same, with what `OpenID` Connect adds. No ID tokens are issued yet, and
    /// the document says so by having no response types.
    #[must_use]
    pub fn openid(&self) -> Value {
        let mut document = self.authorization_server();
        if let Some(members) = document.as_object_mut() {
            let origin = &self.origin;
            members.insert(
                "userinfo_endpoint".into(),
                json!(format!("{origin}/oauth2/userinfo")),
            );
            members.insert("subject_types_supported".into(), json!(["public"]));
            members.insert(
                "id_token_signing_alg_values_supported".into(),
                json!(["ES256"]),
            );
            members.insert("scopes_supported".into(), json!(["openid"]));
            members.insert(
                "claims_supported".into(),
                json!(["sub", "email", "name", "preferred_username"]),
            );
        }
        document
    }
}

const AUTHENTICATION: [&str; 2] = ["client_secret_basic", "client_secret_post"];

#[cfg(test)]
mod tests {
    use super::Endpoints;

    #[test]
    fn addresses_are_below_the_issuers_origin() {
        let endpoints = Endpoints::of("https://a.example/oauth2/token");
        assert_eq!(endpoints.origin(), "https://a.example");
        let document = endpoints.openid();
        assert_eq!(document["issuer"], "https://a.example/oauth2/token");
        assert_eq!(document["jwks_uri"], "https://a.example/oauth2/jwks");
    }
}
