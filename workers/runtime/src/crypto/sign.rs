//! ES256 signatures (RFC 7518 section 3.4) and the keys that make them.

use js_sys::{Object, Reflect, Uint8Array};
use serde_json::Value;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::CryptoKey;

use super::{broken, ecdsa, jwk, subtle, usages};
use crate::Outcome;

/// A private key that the platform can sign with; it can't be read back. Cheap to clone.
#[derive(Clone, Debug)]
pub struct SigningKey {
    key: CryptoKey,
    algorithm: Object,
}

/// A fresh key pair as JWKs, to be sealed and published.
pub struct NewKey {
    /// The private JWK: a secret.
    pub private: Value,
    /// The public JWK: `kty`, `crv`, `x`, `y`.
    pub public: Value,
}

impl SigningKey {
    /// Imports a private P-256 JWK.
    ///
    /// # Errors
    /// When the platform refuses the JWK.
    pub async fn import(private: &Value) -> Outcome<Self> {
        let algorithm = ecdsa()?;
        let promise = subtle()?
            .import_key_with_object("jwk", &jwk(private)?, &algorithm, false, &usages(&["sign"]))
            .map_err(|error| broken(&error))?;
        let key: CryptoKey = JsFuture::from(promise)
            .await
            .map_err(|error| broken(&error))?
            .unchecked_into();
        Ok(Self { key, algorithm })
    }

    /// The 64 bytes of a signature over `message`.
    ///
    /// # Errors
    /// When the platform fails.
    pub async fn sign(&self, message: &[u8]) -> Outcome<Vec<u8>> {
        let promise = subtle()?
            .sign_with_object_and_js_u8_array(
                &self.algorithm,
                &self.key,
                &Uint8Array::from(message),
            )
            .map_err(|error| broken(&error))?;
        let signature = JsFuture::from(promise)
            .await
            .map_err(|error| broken(&error))?;
        Ok(Uint8Array::new(&signature).to_vec())
    }
}

impl NewKey {
    /// Makes a P-256 key pair of the platform's randomness.
    ///
    /// # Errors
    /// When the platform fails.
    pub async fn generate() -> Outcome<Self> {
        let promise = subtle()?
            .generate_key_with_object(&ecdsa()?, true, &usages(&["sign", "verify"]))
            .map_err(|error| broken(&error))?;
        let pair = JsFuture::from(promise)
            .await
            .map_err(|error| broken(&error))?;
        let private = Reflect::get(&pair, &JsValue::from_str("privateKey"))
            .map_err(|error| broken(&error))?;
        let exported = subtle()?
            .export_key("jwk", &private.unchecked_into())
            .map_err(|error| broken(&error))?;
        let exported = JsFuture::from(exported)
            .await
            .map_err(|error| broken(&error))?;
        let text = js_sys::JSON::stringify(&exported).map_err(|error| broken(&error))?;
        let mut private: Value = serde_json::from_str(&String::from(text))?;
        let public = keep(&private, &["kty", "crv", "x", "y"]);
        private = keep(&private, &["kty", "crv", "x", "y", "d"]);
        Ok(Self { private, public })
    }
}

fn keep(jwk: &Value, names: &[&str]) -> Value {
    names
        .iter()
        .filter_map(|name| Some(((*name).to_owned(), jwk.get(name)?.clone())))
        .collect::<serde_json::Map<_, _>>()
        .into()
}
