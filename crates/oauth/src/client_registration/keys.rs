//! What a client says of the keys and certificates that it proves itself by.

use serde_json::Value;

use super::{Faults, Wish};
use crate::redirect::is_redirect_uri;

impl Wish {
    /// A client that signs has keys, in one place, and keeps their private halves.
    pub(super) fn check_keys(&self, method: &str, faults: &mut Faults) {
        let places = usize::from(self.jwks.is_some()) + usize::from(self.jwks_uri.is_some());
        if places == 2 || (places == 0 && method == "private_key_jwt") {
            faults.metadata("give either `jwks` or `jwks_uri`".into());
        }
        if method == "self_signed_tls_client_auth" && self.jwks.is_none() {
            faults.metadata(
                "`self_signed_tls_client_auth` needs `jwks`, with the certificate in `x5c`".into(),
            );
        }
        let subject = self.tls_client_auth_subject_dn.as_deref();
        if subject.is_some() != (method == "tls_client_auth") {
            faults
                .metadata("`tls_client_auth` and `tls_client_auth_subject_dn` go together".into());
        }
        if subject.is_some_and(|name| name.len() > MAX_SUBJECT_BYTES || !name.contains('=')) {
            faults.metadata("`tls_client_auth_subject_dn` is a name as RFC 4514 writes it".into());
        }
        // `http` is let pass on loopback addresses, where the shell has the last word.
        let is_address = |uri: &str| {
            is_redirect_uri(uri) && (uri.starts_with("https://") || uri.starts_with("http://"))
        };
        if self.jwks_uri.as_deref().is_some_and(|uri| !is_address(uri)) {
            faults.metadata("`jwks_uri` is an `https` address without a fragment".into());
        }
        if self.jwks.as_ref().is_some_and(|set| !is_key_set(set)) {
            faults.metadata("`jwks` has `keys`, 1 to 20 public ones".into());
        }
    }
}

fn is_key_set(set: &Value) -> bool {
    let keys = set.get("keys").and_then(Value::as_array);
    keys.is_some_and(|keys| {
        let is_public = |key: &Value| {
            key.get("kty").is_some_and(Value::is_string)
                && key.get("d").is_none()
                && key.get("k").is_none()
        };
        (1..=20).contains(&keys.len()) && keys.iter().all(is_public)
    })
}

const MAX_SUBJECT_BYTES: usize = 500;
