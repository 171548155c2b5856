//! A compact JWS read strictly, before anything in it is believed.

use base64::{
    Engine as _,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use jsonwebtoken::{Algorithm, Header};
use serde_json::{Map, Value};

use crate::{TokenFault, json::strict};

/// A well-formed token: its parts are decoded, its signature is not yet verified.
#[derive(Clone, Debug)]
pub struct Jwt<'a> {
    /// The header; `jku`, `jwk`, `x5u` and `x5c` are left out, because no key is ever taken from a token: [`crate::DpopProof`] alone asks for its own.
    pub header: Header,
    /// The claims as they stand; [`crate::Claims::read`] gives them types.
    pub claims: Map<String, Value>,
    /// What the signature is over: the first two parts with their dot.
    pub signing_input: &'a str,
    /// The signature's bytes; for ES256 the two 32-byte numbers (RFC 7518 section 3.4).
    pub signature: Vec<u8>,
}

impl<'a> Jwt<'a> {
    /// Reads a token: length, alphabet, three parts, canonical base64url, strict JSON, and no header that would change
    /// the meaning of the rest.
    ///
    /// # Errors
    /// [`TokenFault::Malformed`] or [`TokenFault::UnsupportedHeader`].
    pub fn parse(text: &'a str) -> Result<Self, TokenFault> {
        if text.len() > MAX_TOKEN_BYTES {
            return Err(TokenFault::Malformed("it is longer than 8 KiB"));
        }
        let (signing_input, signature) = text.rsplit_once('.').ok_or(NOT_THREE_PARTS)?;
        let (header, claims) = signing_input.split_once('.').ok_or(NOT_THREE_PARTS)?;
        if claims.contains('.') {
            return Err(NOT_THREE_PARTS);
        }
        let header = decode(header)?;
        if header.len() > MAX_HEADER_BYTES {
            return Err(TokenFault::Malformed("its header is longer than 2 KiB"));
        }
        let header = read_header(object(&header)?)?;
        let claims = object(&decode(claims)?)?;
        let signature = decode(signature)?;
        if signature.is_empty() {
            return Err(TokenFault::Malformed("it is not signed"));
        }
        Ok(Self {
            header,
            claims,
            signing_input,
            signature,
        })
    }

    /// The name of the key that it says signed it.
    #[must_use]
    pub fn kid(&self) -> Option<&str> {
        self.header.kid.as_deref()
    }

    /// The public key that the header brings along. Good for a proof that somebody holds a key; never to believe a token
    /// by.
    pub(crate) fn embedded_key(&self) -> Option<Value> {
        let (header, _) = self.signing_input.split_once('.')?;
        object(&decode(header).ok()?).ok()?.remove("jwk")
    }

    /// The algorithm that it claims; good for nothing but to be compared with the key's.
    #[must_use]
    pub const fn claimed_algorithm(&self) -> Algorithm {
        self.header.alg
    }
}

fn read_header(mut header: Map<String, Value>) -> Result<Header, TokenFault> {
    for name in REFUSED {
        if header.contains_key(*name) {
            return Err(TokenFault::UnsupportedHeader(name));
        }
    }
    for name in IGNORED {
        header.remove(*name);
    }
    // `none` and every algorithm that we do not know end here.
    serde_json::from_value(Value::Object(header))
        .map_err(|_| TokenFault::Malformed("its header has no accepted `alg`, or a wrong type"))
}

fn decode(part: &str) -> Result<Vec<u8>, TokenFault> {
    STRICT
        .decode(part)
        .map_err(|_| TokenFault::Malformed("a part is not canonical base64url"))
}

fn object(bytes: &[u8]) -> Result<Map<String, Value>, TokenFault> {
    match strict(bytes) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(TokenFault::Malformed("a part is not a JSON object")),
        Err(_) => Err(TokenFault::Malformed(
            "a part is not JSON, or has a name twice",
        )),
    }
}

const NOT_THREE_PARTS: TokenFault = TokenFault::Malformed("it has not exactly three parts");

/// No padding accepted, and no stray bits in the last character: one token has one spelling.
const STRICT: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::URL_SAFE,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone)
        .with_decode_allow_trailing_bits(false),
);

/// 8 KiB: larger tokens do not pass common header limits anyway.
pub const MAX_TOKEN_BYTES: usize = 8 * 1024;
const MAX_HEADER_BYTES: usize = 2 * 1024;

/// Headers that change what the rest means: extensions (RFC 7515 4.1.11), compression, encryption, unencoded payload.
const REFUSED: &[&str] = &["crit", "zip", "enc", "b64"];
/// Headers that bring a key along; a key is only ever taken from the issuer's own set.
const IGNORED: &[&str] = &["jku", "jwk", "x5u", "x5c"];
