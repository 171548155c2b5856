//! A public key in PEM (RFC 7468): a certificate's, or by itself. Of a certificate only the key counts: whoever configures
//! it vouches for it, and takes it away when it is no longer to be believed.

use base64::{
    Engine as _,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use model::VerificationKey;
use serde_json::{Value, json};

use crate::{
    der::{BIT_STRING, Element, INTEGER, OBJECT_ID, SEQUENCE, key},
    public_key,
};

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

/// The key of a certificate.
fn certified(der: &[u8]) -> Option<Value> {
    jwk(key(der)?)
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

const BEGIN: &str = "-----BEGIN ";
/// A point with both its coordinates.
const UNCOMPRESSED: u8 = 0x04;
const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
const EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
const P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
const ED25519: &[u8] = &[0x2b, 0x65, 0x70];

#[cfg(test)]
mod tests;
