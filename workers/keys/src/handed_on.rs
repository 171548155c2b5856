//! Which token was exchanged for which: what takes the one back takes the other back too.

use model::Timestamp;
use runtime::db::{Statement, sql};

use crate::call::{Call, ORGANIZATION};

/// A token that is exchanged, and what comes of it.
pub(crate) struct HandedOn<'a> {
    pub(crate) origin: &'a str,
    pub(crate) id: &'a str,
    pub(crate) expires_at: Timestamp,
}

impl HandedOn<'_> {
    /// The statement that writes it down, unless the old token was taken back meanwhile: then nothing is changed, and
    /// nothing may be given.
    pub(crate) fn row(&self) -> Statement {
        sql(format!(
            "INSERT INTO exchanged_token (jti, origin, expires_at) SELECT ?, ?, ? {UNLESS_REVOKED}"
        ))
        .bind(self.id)
        .bind(self.origin)
        .bind(self.expires_at)
        .bind(self.origin)
    }
}

/// Takes a token back, and every one that came of it.
pub(crate) fn revoking(call: &Call, jti: &str, expires_at: Timestamp) -> Statement {
    sql(
        "WITH RECURSIVE taken (jti, expires_at) AS (SELECT ?, ? UNION \
         SELECT e.jti, e.expires_at FROM exchanged_token e JOIN taken t ON e.origin = t.jti) \
         INSERT OR IGNORE INTO revoked_token (jti, organization, expires_at, revoked_at) \
         SELECT jti, ?, expires_at, ? FROM taken",
    )
    .bind(jti)
    .bind(expires_at)
    .bind(ORGANIZATION)
    .bind(call.now)
}

/// A condition with the old token's name still to be bound.
pub(crate) const UNLESS_REVOKED: &str =
    "WHERE NOT EXISTS (SELECT 1 FROM revoked_token WHERE jti = ?)";
