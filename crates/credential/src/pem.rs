//! A public key in PEM (RFC 7468): a certificate's, or by itself. Of a certificate only the key counts: whoever configures
//! it vouches for it, and takes it away when it is no longer to be believed.

use base64::{
    Engine as _,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use model::VerificationKey;
use serde_json::{Value, json};

use crate::public_key;

/// The key of the one certificate or public key in a text, which may itself be in base64, as the peer has it.
///
/// # Errors
/// Why there is none, in words for whoever configures it.
pub fn pem_key(text: &str) -> Result<VerificationKey, &'static str> {
    let decoded = unwrapped(text);
    let der = block(decoded.as_deref().unwrap_or(text))?;
    let jwk = certified(&der)
        .or_else(|| jwk(&der))
        .ok_or("its key is none of RSA, P-256 and Ed25519, or it is damaged")?;
    public_key(&jwk).ok_or("its key is too weak to believe")
}

/// The text in a base64 text.
fn unwrapped(text: &str) -> Option<String> {
    if text.contains(BEGIN) {
        return None;
    }
    let compact: String = text.split_ascii_whitespace().collect();
    String::from_utf8(BASE64_STANDARD.decode(compact).ok()?).ok()
}

/// The content of the one block.
fn block(text: &str) -> Result<Vec<u8>, &'static str> {
    const NONE: &str = "it has no `CERTIFICATE` and no `PUBLIC KEY` in PEM";
    let mut blocks = text.split(BEGIN).skip(1);
    let block = blocks.next().ok_or(NONE)?;
    if blocks.next().is_some() {
        return Err("it has several certificates or keys; name the one that signs");
    }
    let (label, rest) = block.split_once("-----").ok_or(NONE)?;
    if !["CERTIFICATE", "PUBLIC KEY"].contains(&label) {
        return Err(NONE);
    }
    let (content, _) = rest
        .split_once(&format!("-----END {label}-----"))
        .ok_or(NONE)?;
    let compact: String = content.split_ascii_whitespace().collect();
    BASE64_STANDARD.decode(compact).map_err(|_| NONE)
}

/// The key of a certificate (RFC 5280 section 4.1).
fn certified(der: &[u8]) -> Option<Value> {
    let certificate = Element::only(der, SEQUENCE)?;
    let (to_be_signed, _) = Element::first(certificate)?.of(SEQUENCE)?;
    let mut rest = to_be_signed;
    let first = Element::first(rest)?;
    if first.tag == VERSION {
        rest = first.rest;
    }
    // Serial number, algorithm, issuer, validity, subject.
    for tag in [INTEGER, SEQUENCE, SEQUENCE, SEQUENCE, SEQUENCE] {
        (_, rest) = Element::first(rest)?.of(tag)?;
    }
    let key = Element::first(rest)?;
    let length = rest.len().checked_sub(key.rest.len())?;
    jwk(rest.get(..length)?)
}

/// A `SubjectPublicKeyInfo` as a JWK.
fn jwk(der: &[u8]) -> Option<Value> {
    let info = Element::only(der, SEQUENCE)?;
    let (algorithm, rest) = Element::first(info)?.of(SEQUENCE)?;
    let (kind, parameters) = Element::first(algorithm)?.of(OBJECT_ID)?;
    let bits = Element::only(rest, BIT_STRING)?.strip_prefix(&[0])?;
    match kind {
        RSA => {
            let (modulus, rest) = Element::first(Element::only(bits, SEQUENCE)?)?.of(INTEGER)?;
            let exponent = Element::only(rest, INTEGER)?;
            Some(json!({"kty": "RSA", "n": number(modulus), "e": number(exponent)}))
        }
        EC if Element::only(parameters, OBJECT_ID)? == P256 => {
            let (x, y) = bits.strip_prefix(&[UNCOMPRESSED])?.split_at_checked(32)?;
            let is_point = y.len() == 32;
            is_point.then(|| json!({"kty": "EC", "crv": "P-256", "x": encoded(x), "y": encoded(y)}))
        }
        ED25519 if bits.len() == 32 => {
            Some(json!({"kty": "OKP", "crv": "Ed25519", "x": encoded(bits)}))
        }
        _ => None,
    }
}

/// A whole number without the zero that keeps it from being negative.
fn number(bytes: &[u8]) -> String {
    encoded(bytes.strip_prefix(&[0]).unwrap_or(bytes))
}

fn encoded(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// One element of DER (X.690), and what follows it.
struct Element<'d> {
    tag: u8,
    content: &'d [u8],
    rest: &'d [u8],
}

impl<'d> Element<'d> {
    fn first(der: &'d [u8]) -> Option<Self> {
        let (tag, rest) = der.split_first()?;
        let (first, rest) = rest.split_first()?;
        let (length, rest) = if *first < 0x80 {
            (usize::from(*first), rest)
        } else {
            let (digits, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            // Three bytes are 16 MiB.
            if digits.is_empty() || digits.len() > 3 {
                return None;
            }
            let length = digits
                .iter()
                .fold(0, |sum, digit| sum << 8 | usize::from(*digit));
            (length, rest)
        };
        let (content, rest) = rest.split_at_checked(length)?;
        Some(Self {
            tag: *tag,
            content,
            rest,
        })
    }

    /// Content and rest, if it is of this kind.
    fn of(self, tag: u8) -> Option<(&'d [u8], &'d [u8])> {
        (self.tag == tag).then_some((self.content, self.rest))
    }

    /// The content of the one element that `der` is.
    fn only(der: &'d [u8], tag: u8) -> Option<&'d [u8]> {
        let (content, rest) = Self::first(der)?.of(tag)?;
        rest.is_empty().then_some(content)
    }
}

const BEGIN: &str = "-----BEGIN ";
const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const OBJECT_ID: u8 = 0x06;
const SEQUENCE: u8 = 0x30;
const VERSION: u8 = 0xa0;
/// A point with both its coordinates.
const UNCOMPRESSED: u8 = 0x04;
const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
const EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
const P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
const ED25519: &[u8] = &[0x2b, 0x65, 0x70];

#[cfg(test)]
mod tests;
