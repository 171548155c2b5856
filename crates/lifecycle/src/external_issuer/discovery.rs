//! What a provider's metadata (OpenID Connect Discovery, RFC 8414) says of a key manager.

use serde::Deserialize;

use super::{CertificateKind, Certificates, ExternalIssuer};
use crate::Fault;

/// The members that we read; a provider may have more, of any kind.
#[derive(Deserialize)]
struct Metadata {
    issuer: String,
    jwks_uri: Option<String>,
    authorization_endpoint: Option<String>,
    token_endpoint: Option<String>,
    introspection_endpoint: Option<String>,
    registration_endpoint: Option<String>,
    revocation_endpoint: Option<String>,
    userinfo_endpoint: Option<String>,
    grant_types_supported: Option<Vec<String>>,
}

/// The key manager that the text at `address` describes, for an administrator to look at and to complete.
///
/// # Errors
/// When the text is not such metadata, or is that of an issuer who does not stand behind the address (RFC 8414
/// section 3.3): whoever can put a file somewhere must not speak for somebody else.
pub fn discovered(address: &str, text: &str) -> Result<ExternalIssuer, Fault> {
    let refuse = |message: &str| crate::draft::fault("url", message);
    let metadata: Metadata = serde_json::from_str(text)
        .map_err(|_| refuse("what is there is not the metadata of an OpenID Connect provider"))?;
    if !stands_behind(&metadata.issuer, address) {
        return Err(refuse(
            "the metadata names an issuer that this is not the address of",
        ));
    }
    Ok(ExternalIssuer {
        issuer: Some(metadata.issuer),
        well_known_endpoint: Some(address.to_owned()),
        certificates: metadata.jwks_uri.map(|value| Certificates {
            kind: CertificateKind::Jwks,
            value,
        }),
        authorize_endpoint: metadata.authorization_endpoint,
        token_endpoint: metadata.token_endpoint,
        introspection_endpoint: metadata.introspection_endpoint,
        client_registration_endpoint: metadata.registration_endpoint,
        revoke_endpoint: metadata.revocation_endpoint,
        user_info_endpoint: metadata.userinfo_endpoint,
        available_grant_types: metadata.grant_types_supported,
        ..ExternalIssuer::default()
    })
}

/// OpenID Connect puts the path behind the issuer, RFC 8414 puts it between host and path.
fn stands_behind(issuer: &str, address: &str) -> bool {
    let base = issuer.trim_end_matches('/');
    if address == format!("{base}{OPENID}") {
        return true;
    }
    let Some((scheme, rest)) = base.split_once("://") else {
        return false;
    };
    let (host, path) = match rest.split_once('/') {
        Some((host, path)) => (host, format!("/{path}")),
        None => (rest, String::new()),
    };
    address == format!("{scheme}://{host}{OAUTH}{path}")
}

const OPENID: &str = "/.well-known/openid-configuration";
const OAUTH: &str = "/.well-known/oauth-authorization-server";
