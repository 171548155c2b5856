//! What was shown, and is it well formed, in time and meant for us: bearer tokens, API keys, consumer secrets.
//!
//! A token is judged in four steps, each of which only the one before makes possible:
//! [`find`] takes the credential out of the request, [`Jwt::parse`] reads it strictly, [`choose`] finds the one key that
//! may have signed it, and [`check`] weighs its claims against what is expected. The signature itself is verified
//! between the last two by the shell, with WebCrypto: RSA and ECDSA in Wasm are ten times slower. An [`ApiKey`] is
//! refused offline when its checksum is wrong, and looked up by its digest otherwise.

#![warn(missing_docs)]

mod api_key;
mod assertion;
mod base62;
mod basic;
mod bearer_assertion;
mod certificate;
mod claims;
mod der;
mod digest;
mod dpop;
mod external;
mod fault;
mod json;
mod jwt;
mod key;
mod key_set;
mod nonce;
mod pem;
mod presented;
mod reference_token;
mod restriction;
mod secret;
mod subject;
mod thumbprint;
mod x509;

pub use api_key::{ApiKey, ApiKeyFault};
pub use assertion::ClientAssertion;
pub use basic::Basic;
pub use bearer_assertion::BearerAssertion;
pub use certificate::{certificate_thumbprint, is_own_certificate};
pub use claims::{ApiClaim, Claims, Expectations, LEEWAY_MS, TokenUse, check, is_revoked};
pub use digest::{hex, sha256_hex};
pub use dpop::{DpopProof, PROOF_LIFE_MS, Proven, token_hash};
pub use external::{
    check_external, choose_external, claimed_issuer, external_client, read_external,
};
pub use fault::TokenFault;
pub use json::strict;
pub use jwt::{Jwt, MAX_TOKEN_BYTES};
pub use key::{choose, unsuitable};
pub use key_set::{KeySetFault, issuer_keys, key_set, public_key};
pub use nonce::Nonces;
pub use pem::pem_key;
pub use presented::{Presented, Shown, find};
pub use reference_token::ReferenceToken;
pub use restriction::{permits_address, permits_referrer};
pub use secret::Secret;
pub use subject::certificate_subject;
pub use thumbprint::thumbprint;
pub use x509::ReadCertificate;
