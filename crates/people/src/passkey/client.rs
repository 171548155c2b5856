//! What the browser says it was asked (WebAuthn section 5.8.1): type, challenge, origin.

use serde::Deserialize;
use subtle::ConstantTimeEq as _;

use super::{Expected, PasskeyFault};

/// Which of the two ceremonies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ceremony {
    /// Registration.
    Create,
    /// Assertion.
    Get,
}

/// Unknown members are allowed: the specification promises more of them.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ClientData {
    #[serde(rename = "type")]
    kind: String,
    challenge: String,
    origin: String,
    #[serde(default)]
    cross_origin: bool,
    top_origin: Option<String>,
}

/// Compares what was asked with what the browser says.
pub(super) fn check(
    bytes: &[u8],
    ceremony: Ceremony,
    expected: Expected<'_>,
) -> Result<(), PasskeyFault> {
    let told: ClientData =
        serde_json::from_slice(bytes).map_err(|_| "the client data is malformed")?;
    let kind = match ceremony {
        Ceremony::Create => "webauthn.create",
        Ceremony::Get => "webauthn.get",
    };
    if told.kind != kind {
        return Err("the answer is to another question");
    }
    let challenge = told.challenge.trim_end_matches('=').as_bytes();
    if !bool::from(challenge.ct_eq(expected.challenge.as_bytes())) {
        return Err("the answer is to another challenge; start again");
    }
    if told.origin != expected.origin || told.cross_origin || told.top_origin.is_some() {
        return Err("the answer comes from another site");
    }
    Ok(())
}
