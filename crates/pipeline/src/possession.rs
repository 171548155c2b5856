//! Does whoever shows a bound token hold its key (RFC 9449 section 7)? A token that is bound to none costs nothing here.

use credential::{Claims, DpopProof, Jwt, Proven, TokenFault, certificate_thumbprint};
use model::{Security, Timestamp};

use crate::{Facts, Need, Request, decision::Stop, facts::Use, refusal::unauthorized};

/// How a token came, with what is needed to judge its proof.
#[derive(Clone, Copy)]
pub(crate) struct Shown<'a> {
    pub(crate) request: &'a Request<'a>,
    pub(crate) token: &'a str,
    /// Under the scheme `DPoP`, and not `Bearer`.
    pub(crate) is_bound: bool,
}

/// Refuses a bound token that comes as a bearer token, without a proof or with another's; and a token that is bound to
/// nothing where a proof was to stand for something.
pub(crate) fn check(
    claims: &Claims,
    shown: Shown<'_>,
    security: &Security,
    facts: &mut Facts,
    now: Timestamp,
) -> Result<(), Stop> {
    if let Some(thumbprint) = &claims.certificate {
        return if !shown.is_bound && comes_with(shown.request, thumbprint) {
            Ok(())
        } else {
            Err(unauthorized("900901", security))
        };
    }
    match (&claims.bound_to, shown.is_bound) {
        (None, false) => Ok(()),
        (Some(thumbprint), true) => proven(thumbprint, shown, facts, now)
            .unwrap_or_else(|fault| Err(refused(&fault, security))),
        (None, true) | (Some(_), false) => Err(refused(&TokenFault::UnknownKey, security)),
    }
}

/// Is the client's certificate the one with this thumbprint? The shell tells it under a name that no header can have.
fn comes_with(request: &Request<'_>, thumbprint: &str) -> bool {
    let told = request.header(CERTIFICATE);
    told.and_then(certificate_thumbprint).as_deref() == Some(thumbprint)
}

/// See `entry.js` of the gateway.
pub(crate) const CERTIFICATE: &str = ":client-certificate";

/// 401 that says that a proof is what is wanted (RFC 9449 section 7.1).
fn refused(fault: &TokenFault, security: &Security) -> Stop {
    let error = if *fault == TokenFault::UnknownKey {
        "invalid_token"
    } else {
        "invalid_dpop_proof"
    };
    let mut stop = unauthorized("900901", security);
    if let Stop::Rejected(rejection) = &mut stop {
        let challenge =
            format!("DPoP realm=\"Postern\", algs=\"ES256 RS256 EdDSA\", error=\"{error}\"");
        rejection.headers = vec![("www-authenticate", challenge)];
    }
    stop
}

/// The outer refusal is about the proof; the inner one is what has to be fetched first.
fn proven(
    thumbprint: &str,
    shown: Shown<'_>,
    facts: &mut Facts,
    now: Timestamp,
) -> Result<Result<(), Stop>, TokenFault> {
    let request = shown.request;
    let text = request.header("dpop").ok_or(TokenFault::Claim("ath"))?;
    if facts.is_forged(text) {
        return Err(TokenFault::BadSignature);
    }
    let url = format!(
        "{}://{}{}",
        request.scheme(),
        request.host(),
        request.raw_path()
    );
    let proven = Proven {
        method: request.method,
        url: &url,
        access_token: Some(shown.token),
    };
    let proof = DpopProof::check(&Jwt::parse(text)?, &proven, now)?;
    if proof.thumbprint != thumbprint {
        return Err(TokenFault::UnknownKey);
    }
    let name = format!("{thumbprint} {}", proof.id);
    match facts.use_proof(text, name, request.request_id) {
        Use::First => Ok(Ok(())),
        Use::Again => Err(TokenFault::Revoked),
        Use::Unverified => Ok(Err(Stop::missing(Need::Signature {
            token: text.to_owned(),
            key: Box::new(proof.key),
            key_manager: None,
        }))),
    }
}
