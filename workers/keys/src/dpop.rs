//! Proofs of possession (`DPoP`, RFC 9449) before the Key Manager: at the token endpoint, and with a token at userinfo.

use credential::{Claims, DpopProof, Jwt, Nonces, PROOF_LIFE_MS, Proven, TokenFault};
use oauth::{ErrorKind, OauthError};
use runtime::{Outcome, crypto::VerifyingKey, reply};
use worker::Response;

use crate::{
    call::{Call, kek},
    clients::Registered,
    once,
    stop::{self, Step, Stop},
};

/// The thumbprint of the key that a token request proves; `None` for a request without a proof, of a client that may
/// come without.
///
/// # Errors
/// `invalid_dpop_proof` or `use_dpop_nonce`.
pub(crate) async fn of_request(call: &Call, registered: &Registered) -> Step<Option<String>> {
    let proven = shown(call).await?;
    if proven.is_none() && registered.client.metadata.dpop_bound_access_tokens {
        let why = "the client is registered for bound tokens; send a proof in the header `DPoP`";
        return Err(OauthError::new(ErrorKind::InvalidDpopProof, why).into());
    }
    Ok(proven)
}

/// The thumbprint of the key that a request without a token proves. A proof has to repeat a nonce of ours, so that none
/// is made in advance, and is good once.
///
/// # Errors
/// `invalid_dpop_proof` or `use_dpop_nonce`.
pub(crate) async fn shown(call: &Call) -> Step<Option<String>> {
    let Some(text) = call.header("dpop")? else {
        return Ok(None);
    };
    let proof = verified(call, &text, None).await?;
    let proof = proof.map_err(|fault| {
        let why = format!("the proof is refused: {fault}");
        OauthError::new(ErrorKind::InvalidDpopProof, why)
    })?;
    let nonces = Nonces::under(&kek(&call.env)?.current);
    if !proof
        .nonce
        .is_some_and(|nonce| nonces.knows(&nonce, call.now))
    {
        let why = "repeat the nonce of the header `DPoP-Nonce` in a new proof";
        return Err(OauthError::new(ErrorKind::UseDpopNonce, why).into());
    }
    if !first(call, &proof.thumbprint, &proof.id).await? {
        let why = "the proof was shown before; make one for each request";
        return Err(OauthError::new(ErrorKind::InvalidDpopProof, why).into());
    }
    Ok(Some(proof.thumbprint))
}

/// The answer, with the nonce of the proof to come where this request has a proof or needs one.
pub(crate) fn answer(call: &Call, step: Step<Response>) -> Outcome<Response> {
    let is_about_proofs = call.header("dpop")?.is_some()
        || matches!(&step, Err(Stop::Oauth(error)) if error.kind == ErrorKind::InvalidDpopProof);
    let response = stop::answer(step)?;
    if is_about_proofs {
        with_nonce(call, response)
    } else {
        Ok(response)
    }
}

/// The answer with the nonce to come, where a proof was shown or is missing.
pub(crate) fn with_nonce(call: &Call, response: Response) -> Outcome<Response> {
    let nonce = Nonces::under(&kek(&call.env)?.current).at(call.now);
    let response = reply::with_header(response, "access-control-expose-headers", "DPoP-Nonce")?;
    reply::with_header(response, "dpop-nonce", &nonce)
}

/// Does whoever shows the token hold its key? A token that is bound to none may not come under the scheme `DPoP`, nor a
/// bound one as a bearer token.
pub(crate) async fn with_token(
    call: &Call,
    token: &str,
    claims: &Claims,
    is_bound: bool,
) -> Outcome<Result<(), TokenFault>> {
    let thumbprint = match (&claims.bound_to, is_bound) {
        (None, false) => return Ok(Ok(())),
        (Some(thumbprint), true) => thumbprint,
        (None, true) | (Some(_), false) => return Ok(Err(TokenFault::Claim("cnf"))),
    };
    let Some(text) = call.header("dpop")? else {
        return Ok(Err(TokenFault::Claim("ath")));
    };
    let proof = match verified(call, &text, Some(token)).await? {
        Ok(proof) => proof,
        Err(fault) => return Ok(Err(fault)),
    };
    if proof.thumbprint != *thumbprint {
        return Ok(Err(TokenFault::UnknownKey));
    }
    if first(call, &proof.thumbprint, &proof.id).await? {
        Ok(Ok(()))
    } else {
        Ok(Err(TokenFault::Revoked))
    }
}

/// A proof about this request, by the key that it names.
async fn verified(
    call: &Call,
    text: &str,
    access_token: Option<&str>,
) -> Outcome<Result<DpopProof, TokenFault>> {
    let method = call.request.method().to_string();
    let url = format!("{}{}", call.endpoints().origin(), call.request.path());
    let proven = Proven {
        method: &method,
        url: &url,
        access_token,
    };
    let jwt = match Jwt::parse(text) {
        Ok(jwt) => jwt,
        Err(fault) => return Ok(Err(fault)),
    };
    let proof = match DpopProof::check(&jwt, &proven, call.now) {
        Ok(proof) => proof,
        Err(fault) => return Ok(Err(fault)),
    };
    // A point that is on no curve is the client's fault, and the platform's refusal the first to see it.
    let Ok(key) = VerifyingKey::import(&proof.key).await else {
        return Ok(Err(TokenFault::UnsuitableKey("the platform refuses it")));
    };
    if key
        .verifies(jwt.signing_input.as_bytes(), &jwt.signature)
        .await?
    {
        Ok(Ok(proof))
    } else {
        Ok(Err(TokenFault::BadSignature))
    }
}

async fn first(call: &Call, thumbprint: &str, id: &str) -> Outcome<bool> {
    let name = format!("dpop {thumbprint} {id}");
    // `iat` may be as far ahead of us as it may lie behind.
    once::claim(call, &name, call.now.plus_ms(2 * PROOF_LIFE_MS)).await
}
