//! Two key-encryption keys, so that one can be replaced: what is sealed names its key.

use js_sys::Uint8Array;
use wasm_bindgen_futures::JsFuture;

use super::{broken, seal::OneKey, subtle};
use crate::Outcome;

/// The key-encryption keys as secrets have them: 32 bytes in base64 each.
pub struct KeyEncryptionKeys {
    /// Seals and opens.
    pub current: String,
    /// Opens what was sealed before the current one came.
    pub previous: Option<String>,
}

/// The key that seals now, and the one that did before, which only opens.
pub struct SealingKey {
    current: (String, OneKey),
    previous: Option<(String, OneKey)>,
}

impl SealingKey {
    /// Imports them.
    ///
    /// # Errors
    /// 909001 (not configured) when one is not 32 bytes in base64.
    pub async fn import(keys: &KeyEncryptionKeys) -> Outcome<Self> {
        let previous = match &keys.previous {
            Some(text) => Some(named(text).await?),
            None => None,
        };
        Ok(Self {
            current: named(&keys.current).await?,
            previous,
        })
    }

    /// The name of the key that seals now.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.current.0
    }

    /// Seals under the current key, with its name before it.
    ///
    /// # Errors
    /// When the platform fails.
    pub async fn seal(&self, plain: &[u8], context: &str) -> Outcome<String> {
        let (id, key) = &self.current;
        Ok(format!("{id}:{}", key.seal(plain, context).await?))
    }

    /// Opens by the key that the value names. Values of before 0008 name none and are tried with both.
    ///
    /// # Errors
    /// Internal when neither key opens it.
    pub async fn open(&self, sealed: &str, context: &str) -> Outcome<Vec<u8>> {
        let (current, key) = &self.current;
        match (sealed.split_once(':'), &self.previous) {
            (Some((id, value)), Some((previous, old))) if id == previous && id != current => {
                old.open(value, context).await
            }
            (Some((_, value)), _) => key.open(value, context).await,
            (None, None) => key.open(sealed, context).await,
            (None, Some((_, old))) => match key.open(sealed, context).await {
                Ok(plain) => Ok(plain),
                Err(_) => old.open(sealed, context).await,
            },
        }
    }

    /// Is it sealed under the current key, by its name?
    #[must_use]
    pub fn is_current(&self, sealed: &str) -> bool {
        sealed
            .split_once(':')
            .is_some_and(|(id, _)| id == self.current.0)
    }
}

/// A key under its name: twelve digits of its digest, which tell nothing of 256 random bits.
async fn named(text: &str) -> Outcome<(String, OneKey)> {
    let key = OneKey::import(text).await?;
    let named = format!("{NAMED_BY}{}", text.trim());
    let promise = subtle()?
        .digest_with_str_and_js_u8_array("SHA-256", &Uint8Array::from(named.as_bytes()))
        .map_err(|error| broken(&error))?;
    let digest = JsFuture::from(promise)
        .await
        .map_err(|error| broken(&error))?;
    let id = Uint8Array::new(&digest)
        .to_vec()
        .into_iter()
        .take(6)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    Ok((id, key))
}

/// Keeps the digest apart from any other use of one.
const NAMED_BY: &str = "postern key-encryption key ";
