//! Secrets at rest: AES-256-GCM under a key that only the Worker's environment holds.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use js_sys::{Object, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::CryptoKey;

use super::{broken, object, subtle, usages};
use crate::{Failure, Outcome, id::random};

/// One key-encryption key.
pub(super) struct OneKey(CryptoKey);

impl OneKey {
    /// Imports 32 bytes in base64, as secrets are written.
    ///
    /// # Errors
    /// 909001 (not configured) when the text is not 32 bytes in base64.
    pub(super) async fn import(base64: &str) -> Outcome<Self> {
        let bytes = BASE64_STANDARD
            .decode(base64.trim())
            .ok()
            .filter(|bytes| bytes.len() == 32)
            .ok_or_else(|| {
                Failure::because(
                    "909001",
                    "`POSTERN_KEK` or `POSTERN_KEK_PREVIOUS` is not 32 bytes in base64",
                )
            })?;
        let promise = subtle()?
            .import_key_with_str(
                "raw",
                &Uint8Array::from(bytes.as_slice()),
                "AES-GCM",
                false,
                &usages(&["encrypt", "decrypt"]),
            )
            .map_err(|error| broken(&error))?;
        let key = JsFuture::from(promise)
            .await
            .map_err(|error| broken(&error))?;
        Ok(Self(key.unchecked_into()))
    }

    /// Seals `plain` together with `context`, which is not secret but must be the same at opening: base64 of a random
    /// 96-bit nonce, the ciphertext and the tag.
    ///
    /// # Errors
    /// When the platform fails.
    pub(super) async fn seal(&self, plain: &[u8], context: &str) -> Outcome<String> {
        let nonce: [u8; NONCE_BYTES] = random()?;
        let promise = subtle()?
            .encrypt_with_object_and_js_u8_array(
                &parameters(&nonce, context)?,
                &self.0,
                &Uint8Array::from(plain),
            )
            .map_err(|error| broken(&error))?;
        let sealed = JsFuture::from(promise)
            .await
            .map_err(|error| broken(&error))?;
        let mut bytes = nonce.to_vec();
        bytes.extend(Uint8Array::new(&sealed).to_vec());
        Ok(BASE64_STANDARD.encode(bytes))
    }

    /// Opens what [`Self::seal`] made with the same context.
    ///
    /// # Errors
    /// Internal when it was sealed under another key or context, or changed since.
    pub(super) async fn open(&self, sealed: &str, context: &str) -> Outcome<Vec<u8>> {
        let bytes = BASE64_STANDARD.decode(sealed).map_err(|_| wrong(context))?;
        let (nonce, ciphertext) = bytes
            .split_at_checked(NONCE_BYTES)
            .ok_or_else(|| wrong(context))?;
        let promise = subtle()?
            .decrypt_with_object_and_js_u8_array(
                &parameters(nonce, context)?,
                &self.0,
                &Uint8Array::from(ciphertext),
            )
            .map_err(|error| broken(&error))?;
        let plain = JsFuture::from(promise).await.map_err(|_| wrong(context))?;
        Ok(Uint8Array::new(&plain).to_vec())
    }
}

fn parameters(nonce: &[u8], context: &str) -> Outcome<Object> {
    object(&[
        ("name", "AES-GCM".into()),
        ("iv", Uint8Array::from(nonce).into()),
        (
            "additionalData",
            Uint8Array::from(context.as_bytes()).into(),
        ),
    ])
}

fn wrong(context: &str) -> Failure {
    Failure::Internal(format!(
        "`{context}` opens neither under `POSTERN_KEK` nor under `POSTERN_KEK_PREVIOUS`; was a secret changed?"
    ))
}

/// As NIST SP 800-38D recommends.
const NONCE_BYTES: usize = 12;
