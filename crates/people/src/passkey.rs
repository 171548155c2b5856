//! Passkeys: WebAuthn level 3, sections 7.1 (registration) and 7.2 (assertion), with attestation `none` or by the key
//! itself. Everything but the signature is judged here; the signature is for the platform's WebCrypto.

mod authenticator;
mod client;
mod cose;
mod signature;
#[cfg(test)]
mod tests;

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use ciborium::Value;
use serde::Deserialize;
use serde_json::{Value as Json, json};
use sha2::{Digest as _, Sha256};

use authenticator::AuthenticatorData;
pub use client::Ceremony;
pub use cose::PublicKey;

/// What a browser has to have answered for.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// The challenge in base64url, as it was handed out.
    pub challenge: &'a str,
    /// `https://host[:port]` of our pages.
    pub origin: &'a str,
    /// Has the authenticator to have seen who it is (PIN, finger, face), or only that somebody is there?
    pub user_verification: bool,
}

/// `response` of a new credential, every member in base64url.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Attestation {
    #[serde(rename = "clientDataJSON")]
    client_data: String,
    attestation_object: String,
}

/// `response` of an assertion, every member in base64url.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Assertion {
    #[serde(rename = "clientDataJSON")]
    client_data: String,
    authenticator_data: String,
    signature: String,
    #[serde(default)]
    user_handle: Option<String>,
}

/// A credential to be kept, once `proof` is verified.
#[derive(Clone, Debug)]
pub struct NewPasskey {
    /// Base64url.
    pub credential_id: String,
    /// The key to verify assertions with.
    pub key: PublicKey,
    /// The authenticator's counter; 0 when it counts nothing.
    pub sign_count: i64,
    /// A signature by the key itself, where the authenticator gives one.
    pub proof: Option<Signed>,
}

/// An assertion that is good, once `proof` is verified by the credential's key.
#[derive(Clone, Debug)]
pub struct Asserted {
    /// The authenticator's counter.
    pub sign_count: i64,
    /// Whether the authenticator has seen who it is.
    pub user_verified: bool,
    /// The user handle that a discoverable credential tells, base64url of our user id.
    pub user_handle: Option<String>,
    /// What is signed, and how.
    pub proof: Signed,
}

/// Bytes and the signature over them, in the form that WebCrypto takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// What was signed.
    pub bytes: Vec<u8>,
    /// The signature; for ES256 the two 32-byte numbers.
    pub signature: Vec<u8>,
}

/// What is wrong with an answer, for the client.
pub type PasskeyFault = &'static str;

/// Judges a new credential.
///
/// # Errors
/// The first fault in the order of section 7.1.
pub fn register(shown: &Attestation, expected: Expected<'_>) -> Result<NewPasskey, PasskeyFault> {
    let client_data = decode(&shown.client_data)?;
    client::check(&client_data, Ceremony::Create, expected)?;
    let object = decode(&shown.attestation_object)?;
    let (format, statement, data) = attestation(&object)?;
    let read = AuthenticatorData::read(&data)?;
    read.check(rp_id(expected.origin), expected.user_verification)?;
    let credential = read
        .credential
        .ok_or("the answer holds no new credential")?;
    let proof = match format.as_str() {
        "none" => None,
        "packed" => Some(self_attestation(
            &statement,
            &credential.key,
            &data,
            &client_data,
        )?),
        _ => return Err("the authenticator attests in a form that was not asked for"),
    };
    Ok(NewPasskey {
        credential_id: BASE64_URL_SAFE_NO_PAD.encode(credential.id),
        key: credential.key,
        sign_count: read.sign_count,
        proof,
    })
}

/// Judges an assertion by a credential of this algorithm.
///
/// # Errors
/// The first fault in the order of section 7.2.
pub fn assert(
    shown: &Assertion,
    alg: &str,
    expected: Expected<'_>,
) -> Result<Asserted, PasskeyFault> {
    let client_data = decode(&shown.client_data)?;
    client::check(&client_data, Ceremony::Get, expected)?;
    let data = decode(&shown.authenticator_data)?;
    let read = AuthenticatorData::read(&data)?;
    read.check(rp_id(expected.origin), expected.user_verification)?;
    Ok(Asserted {
        sign_count: read.sign_count,
        user_verified: read.user_verified,
        user_handle: shown
            .user_handle
            .clone()
            .filter(|handle| !handle.is_empty()),
        proof: signed(&data, &client_data, &decode(&shown.signature)?, alg)?,
    })
}

/// Has the counter gone on? An authenticator that counts and goes back was copied. One that never counts says 0.
#[must_use]
pub const fn counter_goes_on(kept: i64, shown: i64) -> bool {
    (kept == 0 && shown == 0) || shown > kept
}

/// `publicKey` of `navigator.credentials.create`: the browser decodes base64url by itself
/// (`parseCreationOptionsFromJSON`).
#[must_use]
pub fn creation_options(
    challenge: &str,
    origin: &str,
    user: (&str, &str, &str),
    known: &[String],
) -> Json {
    let (id, username, display_name) = user;
    let algorithms: Vec<Json> = cose::ALGORITHMS
        .iter()
        .map(|(number, _)| json!({"type": "public-key", "alg": number}))
        .collect();
    json!({
        "rp": {"id": rp_id(origin), "name": "Postern"},
        "user": {"id": user_handle(id), "name": username, "displayName": display_name},
        "challenge": challenge,
        "pubKeyCredParams": algorithms,
        "timeout": TIMEOUT_MS,
        "attestation": "none",
        "authenticatorSelection": {"residentKey": "preferred", "userVerification": "preferred"},
        "excludeCredentials": descriptors(known),
    })
}

/// `publicKey` of `navigator.credentials.get`; without `known`, any passkey of this site may answer, and has to have
/// seen who it is.
#[must_use]
pub fn request_options(challenge: &str, origin: &str, known: &[String]) -> Json {
    json!({
        "challenge": challenge,
        "rpId": rp_id(origin),
        "timeout": TIMEOUT_MS,
        "userVerification": if known.is_empty() { "required" } else { "preferred" },
        "allowCredentials": descriptors(known),
    })
}

/// The user handle of a person: their id in base64url.
#[must_use]
pub fn user_handle(user_id: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(user_id)
}

/// The host of our pages, which the authenticator binds a passkey to.
fn rp_id(origin: &str) -> &str {
    let host = origin.split_once("://").map_or(origin, |(_, host)| host);
    host.split([':', '/']).next().unwrap_or(host)
}

fn descriptors(ids: &[String]) -> Vec<Json> {
    ids.iter()
        .map(|id| json!({"type": "public-key", "id": id}))
        .collect()
}

/// `{fmt, attStmt, authData}` in CBOR.
fn attestation(object: &[u8]) -> Result<(String, Value, Vec<u8>), PasskeyFault> {
    let members = cose::map(object)?.0;
    let member = |name: &str| {
        let found = members.iter().find(|(key, _)| key.as_text() == Some(name));
        found.map(|(_, value)| value)
    };
    let format = member("fmt").and_then(Value::as_text).ok_or(NO_OBJECT)?;
    let statement = member("attStmt").ok_or(NO_OBJECT)?;
    let data = member("authData")
        .and_then(Value::as_bytes)
        .ok_or(NO_OBJECT)?;
    Ok((format.to_owned(), statement.clone(), data.clone()))
}

/// Section 8.2 without a certificate: the new key has signed for itself.
fn self_attestation(
    statement: &Value,
    key: &PublicKey,
    data: &[u8],
    client_data: &[u8],
) -> Result<Signed, PasskeyFault> {
    let members = statement.as_map().ok_or(NO_OBJECT)?;
    let member = |name: &str| {
        let found = members.iter().find(|(key, _)| key.as_text() == Some(name));
        found.map(|(_, value)| value)
    };
    if member("x5c").is_some() {
        return Err("the authenticator attests in a form that was not asked for");
    }
    let alg = member("alg").and_then(Value::as_integer).ok_or(NO_OBJECT)?;
    if cose::name_of(i128::from(alg)) != Some(key.alg) {
        return Err("the attestation is for another algorithm than the key");
    }
    let signature = member("sig").and_then(Value::as_bytes).ok_or(NO_OBJECT)?;
    signed(data, client_data, signature, key.alg)
}

fn signed(
    data: &[u8],
    client_data: &[u8],
    signature: &[u8],
    alg: &str,
) -> Result<Signed, PasskeyFault> {
    let mut bytes = data.to_vec();
    bytes.extend(Sha256::digest(client_data));
    let signature = match alg {
        "ES256" => signature::raw_of_der(signature).ok_or("the signature is malformed")?,
        _ => signature.to_vec(),
    };
    Ok(Signed { bytes, signature })
}

fn decode(text: &str) -> Result<Vec<u8>, PasskeyFault> {
    if text.len() > MAX_CHARACTERS {
        return Err("a member is longer than 16 KiB");
    }
    BASE64_URL_SAFE_NO_PAD
        .decode(text.trim_end_matches('='))
        .map_err(|_| "a member is not base64url")
}

const NO_OBJECT: PasskeyFault = "the attestation object is malformed";
const TIMEOUT_MS: i64 = 120_000;
const MAX_CHARACTERS: usize = 16 * 1024;
