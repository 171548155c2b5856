//! Is this signature by that key?

use js_sys::{Object, Uint8Array};
use model::VerificationKey;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::CryptoKey;

use super::{algorithm, broken, jwk, subtle, usages};
use crate::Outcome;

/// A public key that the platform can verify with. Cheap to clone.
#[derive(Clone, Debug)]
pub struct VerifyingKey {
    key: CryptoKey,
    algorithm: Object,
}

impl VerifyingKey {
    /// Imports a key for the one algorithm that it is for. `credential::choose` has found it suitable.
    ///
    /// # Errors
    /// For an algorithm that is not `ES256`, `RS256` or `EdDSA`, and when the platform refuses the JWK.
    pub async fn import(key: &VerificationKey) -> Outcome<Self> {
        let algorithm = algorithm(&key.alg)?;
        let subtle = subtle()?;
        let promise = subtle
            .import_key_with_object(
                "jwk",
                &jwk(&bare(&key.jwk))?,
                &algorithm,
                false,
                &usages(&["verify"]),
            )
            .map_err(|error| broken(&error))?;
        let key: CryptoKey = JsFuture::from(promise)
            .await
            .map_err(|error| broken(&error))?
            .unchecked_into();
        Ok(Self { key, algorithm })
    }

    /// Is `signature` by this key over `signed`?
    ///
    /// # Errors
    /// When the platform fails; a wrong signature is `false`.
    pub async fn verifies(&self, signed: &[u8], signature: &[u8]) -> Outcome<bool> {
        let promise = subtle()?
            .verify_with_object_and_js_u8_array_and_js_u8_array(
                &self.algorithm,
                &self.key,
                &Uint8Array::from(signature),
                &Uint8Array::from(signed),
            )
            .map_err(|error| broken(&error))?;
        let verdict = JsFuture::from(promise)
            .await
            .map_err(|error| broken(&error))?;
        Ok(verdict.is_truthy())
    }
}

/// The JWK without what limits its use: that was judged before, and engines differ in what they demand of `key_ops`.
fn bare(jwk: &serde_json::Value) -> serde_json::Value {
    let mut jwk = jwk.clone();
    if let Some(members) = jwk.as_object_mut() {
        for name in ["use", "key_ops", "alg", "ext"] {
            members.remove(name);
        }
    }
    jwk
}
