//! Is this token good: signature, type, issuer, time, not taken back? Ours by our rules, those of external issuers by
//! theirs; which rules count is for the issuer's name to say, and for nothing else in the token.

use std::rc::Rc;

use credential::{
    Claims, Expectations, Jwt, LEEWAY_MS, ReferenceToken, TokenFault, check, check_external,
    choose, choose_external, claimed_issuer, is_revoked,
};
use model::{RESIDENT_KEY_MANAGER, Timestamp, Trust, TrustedIssuer};

use crate::{Facts, Need, decision::Stop, locate::Located, refusal::unauthorized};

/// The claims of a token that is good for an API.
pub(crate) fn claims(
    token: &str,
    kind: &'static str,
    located: &Located,
    facts: &mut Facts,
    now: Timestamp,
) -> Result<Rc<Claims>, Stop> {
    let security = &located.deployment.security;
    let refuse = |fault: &TokenFault| unauthorized(code(fault), security);
    let trust = facts.trust(now)?;
    if let Some((claims, must_compare)) = facts.verified(token)
        && is_believed(&claims, kind, &trust, located, now)
    {
        let is_expected = claims.api.is_some() == (kind == Expectations::INTERNAL_KEY);
        if !is_expected {
            return Err(refuse(&TokenFault::WrongType));
        }
        if now >= claims.expires_at {
            return Err(refuse(&TokenFault::Expired));
        }
        if must_compare && is_revoked(&claims, &trust.revocations) {
            facts.forget_token(token);
            return Err(refuse(&TokenFault::Revoked));
        }
        return Ok(claims);
    }
    if facts.is_forged(token) {
        return Err(refuse(&TokenFault::BadSignature));
    }
    if ReferenceToken::is_meant(token) {
        if !is_taken(kind, located) {
            return Err(refuse(&TokenFault::IssuerMismatch));
        }
        return Err(opaque(token, kind).map_or_else(|fault| refuse(&fault), Stop::missing));
    }
    let jwt = Jwt::parse(token).map_err(|fault| refuse(&fault))?;
    let need = match external_issuer(&jwt, &trust, located) {
        Some(issuer) => external(&jwt, kind, issuer, &trust, now),
        None if is_taken(kind, located) => own(&jwt, kind, &trust, now),
        None => Err(TokenFault::IssuerMismatch.into()),
    };
    match need {
        Ok(signature) => Err(Stop::missing(signature.of(token))),
        Err(Unsigned::Refused(fault)) => Err(refuse(&fault)),
        Err(Unsigned::NoKey(fault, issuer)) => {
            facts.recheck(Need::Trust, now)?;
            if let Some(issuer) = issuer {
                facts.ask_for_keys(issuer, now)?;
            }
            Err(refuse(&fault))
        }
    }
}

/// Whose key may have signed a token that is good but for its signature.
struct Signature<'t> {
    key: &'t model::VerificationKey,
    issuer: Option<&'t TrustedIssuer>,
}

impl Signature<'_> {
    fn of(self, token: &str) -> Need {
        Need::Signature {
            token: token.to_owned(),
            key: Box::new(self.key.clone()),
            key_manager: self.issuer.map(|issuer| issuer.id.clone()),
        }
    }
}

/// Why no signature is looked at.
enum Unsigned<'t> {
    Refused(TokenFault),
    /// There may be a key by now that is not here yet; with whom to ask for it, if it is not us.
    NoKey(TokenFault, Option<&'t TrustedIssuer>),
}

impl From<TokenFault> for Unsigned<'_> {
    fn from(fault: TokenFault) -> Self {
        Self::Refused(fault)
    }
}

fn own<'t>(
    jwt: &Jwt<'_>,
    kind: &'static str,
    trust: &'t Trust,
    now: Timestamp,
) -> Result<Signature<'t>, Unsigned<'t>> {
    let expected = Expectations {
        issuer: &trust.issuer,
        audiences: &[],
        kind,
        leeway_ms: LEEWAY_MS,
    };
    if is_revoked(&check(jwt, &expected, now)?, &trust.revocations) {
        return Err(TokenFault::Revoked.into());
    }
    let key = choose(&trust.keys, jwt).map_err(|fault| Unsigned::NoKey(fault, None))?;
    Ok(Signature { key, issuer: None })
}

/// Access tokens only: nobody else makes internal keys.
fn external<'t>(
    jwt: &Jwt<'_>,
    kind: &'static str,
    issuer: &'t TrustedIssuer,
    trust: &'t Trust,
    now: Timestamp,
) -> Result<Signature<'t>, Unsigned<'t>> {
    if kind != Expectations::ACCESS_TOKEN {
        return Err(TokenFault::WrongType.into());
    }
    if is_revoked(&check_external(jwt, issuer, now)?, &trust.revocations) {
        return Err(TokenFault::Revoked.into());
    }
    if now >= issuer.good_until {
        return Err(Unsigned::NoKey(TokenFault::UnknownKey, Some(issuer)));
    }
    let key = choose_external(&issuer.keys, jwt).map_err(|fault| {
        let issuer = (fault == TokenFault::UnknownKey).then_some(issuer);
        Unsigned::NoKey(fault, issuer)
    })?;
    Ok(Signature {
        key,
        issuer: Some(issuer),
    })
}

/// The external issuer that a token names, if the API's organization trusts it. Nobody else can have our own name.
fn external_issuer<'t>(
    jwt: &Jwt<'_>,
    trust: &'t Trust,
    located: &Located,
) -> Option<&'t TrustedIssuer> {
    if trust.external.is_empty() {
        return None;
    }
    let name = claimed_issuer(jwt).filter(|name| *name != trust.issuer)?;
    let organization = &located.deployment.organization;
    let mut external = trust.external.iter();
    external.find(|issuer| {
        issuer.issuer == name
            && issuer.organization == *organization
            && located.deployment.security.takes_tokens_of(&issuer.name)
    })
}

/// Are our own tokens of this kind taken here? Internal keys are not the API's to choose.
fn is_taken(kind: &'static str, located: &Located) -> bool {
    kind == Expectations::INTERNAL_KEY
        || located
            .deployment
            .security
            .takes_tokens_of(RESIDENT_KEY_MANAGER)
}

/// Is a token that was found good good for this API, now? Ours are where the API takes them; an external issuer's are
/// where it is trusted too, and as long as its keys are.
fn is_believed(
    claims: &Claims,
    kind: &'static str,
    trust: &Trust,
    located: &Located,
    now: Timestamp,
) -> bool {
    let Some(id) = &claims.key_manager else {
        return is_taken(kind, located);
    };
    let organization = &located.deployment.organization;
    let security = &located.deployment.security;
    let mut external = trust.external.iter();
    external.any(|issuer| {
        issuer.id == *id
            && issuer.organization == *organization
            && now < issuer.good_until
            && security.takes_tokens_of(&issuer.name)
    })
}

/// What has to be fetched of an opaque token that is not known yet; it may only be an access token.
fn opaque(token: &str, kind: &'static str) -> Result<Need, TokenFault> {
    if kind != Expectations::ACCESS_TOKEN {
        return Err(TokenFault::WrongType);
    }
    ReferenceToken::parse(token)
        .map(Need::Reference)
        .ok_or(TokenFault::Malformed("the checksum"))
}

/// What the client is told of a token: never which check it failed, beyond what it needs to know.
const fn code(fault: &TokenFault) -> &'static str {
    match fault {
        TokenFault::Expired => "900903",
        TokenFault::Revoked => "900904",
        TokenFault::AudienceMismatch => "900914",
        TokenFault::Malformed(_)
        | TokenFault::UnsupportedHeader(_)
        | TokenFault::UnknownKey
        | TokenFault::AlgorithmMismatch
        | TokenFault::UnsuitableKey(_)
        | TokenFault::BadSignature
        | TokenFault::WrongType
        | TokenFault::Claim(_)
        | TokenFault::IssuerMismatch
        | TokenFault::NotYetValid => "900901",
    }
}
