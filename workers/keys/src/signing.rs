//! Every signature of the issuer: by the key whose turn it is.

use oauth::{KeyName, compact};
use runtime::Outcome;

use crate::{call::Call, keyring};

/// Signs what a token says; the whole token. `input` gets the name of the key, and what it signs by.
pub(crate) async fn sign(
    call: &Call,
    input: impl FnOnce(KeyName<'_>) -> String,
) -> Outcome<String> {
    let signer = keyring::of(call).await?.signer(call).await?;
    let input = input(KeyName {
        kid: &signer.kid,
        algorithm: signer.algorithm,
    });
    let signature = signer.key.sign(input.as_bytes()).await?;
    Ok(compact(&input, &signature))
}
