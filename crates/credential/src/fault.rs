//! Why a token is refused.

use std::fmt;

/// Why a token is refused. Says nothing about HTTP; callers map it to a code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenFault {
    /// Not a compact JWS as RFC 7515 writes it; the text says what is wrong.
    Malformed(&'static str),
    /// The header demands or carries what we refuse (`crit`, `zip`, `enc`, `b64`).
    UnsupportedHeader(&'static str),
    /// No key of the issuer has this `kid`, or there is no `kid` and more than one key.
    UnknownKey,
    /// The header's `alg` is not the algorithm that the key is for.
    AlgorithmMismatch,
    /// The key may not verify signatures, or is too weak to.
    UnsuitableKey(&'static str),
    /// The signature is not by the key.
    BadSignature,
    /// The `typ` of the header is not what is expected here: an ID token is no access token.
    WrongType,
    /// A claim is absent or has the wrong form.
    Claim(&'static str),
    /// The token is somebody else's.
    IssuerMismatch,
    /// The token is for somebody else.
    AudienceMismatch,
    /// `exp` has passed.
    Expired,
    /// `nbf` or `iat` is still to come.
    NotYetValid,
    /// Taken back, alone or with all of its client's.
    Revoked,
}

impl fmt::Display for TokenFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(what) => write!(f, "the token is malformed: {what}"),
            Self::UnsupportedHeader(name) => {
                write!(f, "the token's header has `{name}`, which is refused")
            }
            Self::UnknownKey => f.write_str("the token is signed by an unknown key"),
            Self::AlgorithmMismatch => f.write_str("the token's `alg` is not that of the key"),
            Self::UnsuitableKey(why) => write!(f, "the key may not verify tokens: {why}"),
            Self::BadSignature => f.write_str("the token's signature is wrong"),
            Self::WrongType => f.write_str("the token's `typ` is not accepted here"),
            Self::Claim(name) => write!(f, "the claim `{name}` is absent or has the wrong form"),
            Self::IssuerMismatch => f.write_str("the token is of another issuer"),
            Self::AudienceMismatch => f.write_str("the token was issued for another audience"),
            Self::Expired => f.write_str("the token has expired"),
            Self::NotYetValid => f.write_str("the token is not valid yet"),
            Self::Revoked => f.write_str("the token was revoked"),
        }
    }
}

impl std::error::Error for TokenFault {}
