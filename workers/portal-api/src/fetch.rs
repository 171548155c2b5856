//! Fetches a definition from an address that a user names.

use runtime::{Outcome, body::UPLOAD_LIMIT, outbound::Outbound};

use crate::{call::Call, refusal};

/// The text at `address`.
///
/// # Errors
/// 900756 with the reason as far as the caller may know it.
pub(crate) async fn definition(call: &Call, address: &str) -> Outcome<String> {
    Outbound::new(call.allow_private())
        .within(UPLOAD_LIMIT)
        .get(address)
        .await
        .map_err(|fault| refusal::one("900756", "url", fault.to_string()))
}
