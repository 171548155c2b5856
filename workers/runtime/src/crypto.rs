//! The platform's cryptography (WebCrypto): signatures and sealing in native code, ten times faster than in Wasm.
//!
//! Keys are imported once and may be kept for the life of an isolate: a `CryptoKey` is no I/O object.

mod seal;
mod sealing;
mod sign;
mod verify;

pub use sealing::{KeyEncryptionKeys, SealingKey};
pub use sign::{NewKey, SigningKey};
pub use verify::VerifyingKey;

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{SubtleCrypto, WorkerGlobalScope};

use crate::{Failure, Outcome};

/// `crypto.subtle` of the running isolate.
fn subtle() -> Outcome<SubtleCrypto> {
    let scope: WorkerGlobalScope = js_sys::global().unchecked_into();
    Ok(scope.crypto().map_err(|error| broken(&error))?.subtle())
}

/// A plain object of the given members.
fn object(members: &[(&str, JsValue)]) -> Outcome<Object> {
    let object = Object::new();
    for (name, value) in members {
        Reflect::set(&object, &JsValue::from_str(name), value).map_err(|error| broken(&error))?;
    }
    Ok(object)
}

/// What a key may be used for.
fn usages(names: &[&str]) -> JsValue {
    let list = Array::new();
    for name in names {
        list.push(&JsValue::from_str(name));
    }
    list.into()
}

/// What the platform calls a JWS algorithm.
fn algorithm(name: &str) -> Outcome<Object> {
    match name {
        "ES256" => object(&[
            ("name", "ECDSA".into()),
            ("namedCurve", "P-256".into()),
            ("hash", "SHA-256".into()),
        ]),
        "RS256" => object(&[
            ("name", "RSASSA-PKCS1-v1_5".into()),
            ("hash", "SHA-256".into()),
        ]),
        "EdDSA" => object(&[("name", "Ed25519".into())]),
        other => Err(Failure::Internal(format!(
            "no signatures by the algorithm `{other}`"
        ))),
    }
}

/// A JWK as the object that `importKey` wants.
fn jwk(value: &serde_json::Value) -> Outcome<Object> {
    js_sys::JSON::parse(&value.to_string())
        .map(JsCast::unchecked_into)
        .map_err(|error| broken(&error))
}

fn broken(error: &JsValue) -> Failure {
    Failure::Internal(format!("crypto: {error:?}"))
}
