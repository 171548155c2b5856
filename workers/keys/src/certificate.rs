//! The certificate that a client comes with, as whoever ends TLS before us tells it (RFC 8705).

use credential::{
    Claims, TokenFault, certificate_subject, certificate_thumbprint, is_own_certificate,
};
use oauth::{CertificateMethod, ErrorKind, OauthError};
use runtime::Outcome;

use crate::{
    call::{Call, optional},
    clients::Registered,
    stop::Step,
};

/// Does the operator have certificates told?
pub(crate) fn is_told(call: &Call) -> bool {
    !source(call).is_empty()
}

/// The thumbprint of the certificate that a token request's tokens will be bound to: for clients that are registered for
/// that, and for no others.
///
/// # Errors
/// `invalid_request` when the client comes without a certificate.
pub(crate) fn of_request(call: &Call, registered: &Registered) -> Step<Option<String>> {
    let metadata = &registered.client.metadata;
    if !metadata.tls_client_certificate_bound_access_tokens {
        return Ok(None);
    }
    match shown(call)? {
        Some(thumbprint) => Ok(Some(thumbprint)),
        None if registered.bound_to.is_some() => Ok(None),
        None => {
            let why = "the client is registered for tokens that are bound to its certificate; come with one";
            Err(OauthError::new(ErrorKind::InvalidRequest, why).into())
        }
    }
}

/// Does the client come with the certificate by which it is registered to authenticate?
pub(crate) fn authenticates(call: &Call, registered: &Registered) -> Outcome<bool> {
    Ok(match registered.client.metadata.certificate_method() {
        None => false,
        Some(CertificateMethod::Subject(name)) => subject(call)?.as_deref() == Some(name),
        Some(CertificateMethod::Own(set)) => {
            shown(call)?.is_some_and(|thumbprint| is_own_certificate(&thumbprint, set))
        }
    })
}

/// Does whoever shows the token come with its certificate? A token that is bound to none is anybody's.
pub(crate) fn with_token(call: &Call, claims: &Claims) -> Outcome<Result<(), TokenFault>> {
    let Some(thumbprint) = &claims.certificate else {
        return Ok(Ok(()));
    };
    if shown(call)?.as_ref() == Some(thumbprint) {
        Ok(Ok(()))
    } else {
        Ok(Err(TokenFault::Claim("cnf")))
    }
}

/// The thumbprint of the certificate of this request.
fn shown(call: &Call) -> Outcome<Option<String>> {
    let source = source(call);
    let told = match source.as_str() {
        "" => None,
        "cf" => call
            .request
            .cf()
            .and_then(worker::Cf::tls_client_auth)
            .filter(|tls| tls.cert_presented() == "1" && tls.cert_verified() == "SUCCESS")
            .map(|tls| tls.cert_fingerprint_sha256()),
        header => call.header(header)?,
    };
    Ok(told.as_deref().and_then(certificate_thumbprint))
}

/// Whom the certificate of this request is about, as RFC 4514 writes it.
fn subject(call: &Call) -> Outcome<Option<String>> {
    Ok(match source(call).as_str() {
        "" => None,
        "cf" => call
            .request
            .cf()
            .and_then(worker::Cf::tls_client_auth)
            .filter(|tls| tls.cert_presented() == "1" && tls.cert_verified() == "SUCCESS")
            .map(|tls| tls.cert_subject_dn_rfc2253()),
        header => call
            .header(header)?
            .as_deref()
            .and_then(certificate_subject),
    })
}

/// The variable `CLIENT_CERTIFICATE`: `cf`, the name of a header, or nothing.
fn source(call: &Call) -> String {
    optional(&call.env, "CLIENT_CERTIFICATE")
        .map(|text| text.trim().to_ascii_lowercase())
        .unwrap_or_default()
}
