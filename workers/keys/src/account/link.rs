//! Links in mails: a random token, kept by its digest, good once and for a while.

use credential::{Secret, sha256_hex};
use model::Timestamp;
use problem::Problem;
use runtime::{
    Failure, Outcome,
    db::{Statement, sql},
    id,
};

use crate::{call::ORGANIZATION, guard};

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// A new password.
    Recovery,
    /// The address of somebody who registers.
    ConfirmEmail,
}

/// A new link, and the statements that keep it in place of older ones of its kind.
pub(super) fn make(
    purpose: Purpose,
    user_id: &str,
    now: Timestamp,
    life_ms: i64,
) -> Outcome<(Secret, [Statement; 2])> {
    let token = Secret::generate(&id::random()?);
    let forget = sql("DELETE FROM one_time_link WHERE user_id = ? AND purpose = ?")
        .bind(user_id)
        .bind(purpose.word());
    let keep = sql(
        "INSERT INTO one_time_link (digest, organization, purpose, user_id, created_at, expires_at) \
         VALUES (?, ?, ?, ?, ?, ?)",
    )
    .bind(token.digest())
    .bind(ORGANIZATION)
    .bind(purpose.word())
    .bind(user_id)
    .bind(now)
    .bind(now.plus_ms(life_ms));
    Ok((token, [forget, keep]))
}

/// A link that somebody has followed.
pub(super) struct Followed {
    digest: String,
    purpose: Purpose,
    now: Timestamp,
}

impl Followed {
    pub(super) fn new(token: &str, purpose: Purpose, now: Timestamp) -> Self {
        Self {
            digest: sha256_hex(token),
            purpose,
            now,
        }
    }

    /// Finds whose link it is, as long as it is good.
    pub(super) fn owner(&self) -> Statement {
        self.good(
            "SELECT l.user_id, u.username FROM one_time_link l JOIN user u ON u.id = l.user_id",
            "l.",
        )
    }

    /// The first statements of the batch that uses the link up: of several at once, one batch gets through.
    pub(super) fn spending(&self) -> [Statement; 2] {
        let guard = guard::unless_found(&format!("SELECT 1 FROM one_time_link WHERE {GOOD}"))
            .bind(&self.digest)
            .bind(self.purpose.word())
            .bind(self.now);
        let spend = sql("UPDATE one_time_link SET used_at = ? WHERE digest = ?")
            .bind(self.now)
            .bind(&self.digest);
        [guard, spend]
    }

    fn good(&self, select: &str, alias: &str) -> Statement {
        let good = GOOD.replace("digest", &format!("{alias}digest"));
        sql(format!("{select} WHERE {good}"))
            .bind(&self.digest)
            .bind(self.purpose.word())
            .bind(self.now)
    }
}

/// A batch that was undone because the link was used meanwhile says so as a link that never was.
pub(super) fn stale_if_refused(failure: Failure) -> Failure {
    if guard::has_refused(&failure) {
        return stale();
    }
    failure
}

pub(super) fn stale() -> Failure {
    Problem::new("400")
        .fault(
            "token",
            "the link was used or is too old; ask for a new one",
        )
        .into()
}

impl Purpose {
    const fn word(self) -> &'static str {
        match self {
            Self::Recovery => "recovery",
            Self::ConfirmEmail => "confirm-email",
        }
    }
}

const GOOD: &str = "digest = ? AND purpose = ? AND used_at IS NULL AND expires_at > ?";
