//! What is good once: the names of assertions and proofs.

use credential::sha256_hex;
use model::Timestamp;
use runtime::{Outcome, db::sql};

use crate::call::Call;

/// Takes a name, which nobody else gets until `expires_at`: was it free? Of two requests at once, one is told so.
pub(crate) async fn claim(call: &Call, name: &str, expires_at: Timestamp) -> Outcome<bool> {
    let statement = sql("INSERT INTO shown_once (digest, expires_at) VALUES (?, ?) \
         ON CONFLICT (digest) DO UPDATE SET expires_at = excluded.expires_at WHERE expires_at <= ?");
    let statement = statement
        .bind(sha256_hex(name))
        .bind(expires_at)
        .bind(call.now);
    Ok(call.db.batch(vec![statement]).await?.first() == Some(&1))
}
