//! Signatures (RFC 7518 section 3, RFC 8037) and the keys that make them.

use js_sys::{Object, Reflect, Uint8Array};
use serde_json::Value;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::CryptoKey;

use super::{algorithm, broken, jwk, subtle, usages};
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
    /// The public JWK: `kty` and what its kind has.
    pub public: Value,
}

impl SigningKey {
    /// Imports a private JWK for the one algorithm that it is for: `ES256`, `RS256` or `EdDSA`.
    ///
    /// # Errors
    /// For another algorithm, and when the platform refuses the JWK.
    pub async fn import(name: &str, private: &Value) -> Outcome<Self> {
        let algorithm = algorithm(name)?;
        let promise = subtle()?
            .import_key_with_object("jwk", &jwk(private)?, &algorithm, false, &usages(&["sign"]))
            .map_err(|error| broken(&error))?;
        let key: CryptoKey = JsFuture::from(promise)
            .await
            .map_err(|error| broken(&error))?
            .unchecked_into();
        Ok(Self { key, algorithm })
    }

    /// The bytes of a signature over `message`, as a JWS has them.
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
    /// Makes a key pair for `ES256`, `RS256` or `EdDSA` of the platform's randomness.
    ///
    /// # Errors
    /// For another algorithm, and when the platform fails.
    pub async fn generate(name: &str) -> Outcome<Self> {
        let promise = subtle()?
            .generate_key_with_object(&parameters(name)?, true, &usages(&["sign", "verify"]))
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
        let exported: Value = serde_json::from_str(&String::from(text))?;
        Ok(Self {
            private: keep(&exported, &[PUBLIC, PRIVATE].concat()),
            public: keep(&exported, PUBLIC),
        })
    }
}

/// What a key is made by: the algorithm, and the size of an RSA key.
fn parameters(name: &str) -> Outcome<Object> {
    let parameters = algorithm(name)?;
    if name == "RS256" {
        let exponent = Uint8Array::from(EXPONENT);
        for (name, value) in [
            ("modulusLength", JsValue::from(MODULUS_BITS)),
            ("publicExponent", exponent.into()),
        ] {
            Reflect::set(&parameters, &JsValue::from_str(name), &value)
                .map_err(|error| broken(&error))?;
        }
    }
    Ok(parameters)
}

fn keep(jwk: &Value, names: &[&str]) -> Value {
    names
        .iter()
        .filter_map(|name| Some(((*name).to_owned(), jwk.get(name)?.clone())))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

/// What a public key consists of, of any kind (RFC 7518 section 6, RFC 8037 section 2).
const PUBLIC: &[&str] = &["kty", "crv", "x", "y", "n", "e"];
/// What a private key has beyond it.
const PRIVATE: &[&str] = &["d", "p", "q", "dp", "dq", "qi"];
/// The least that RFC 7518 section 3.3 allows; more makes each token dearer to sign.
const MODULUS_BITS: u32 = 2048;
/// 65537.
const EXPONENT: &[u8] = &[1, 0, 1];
