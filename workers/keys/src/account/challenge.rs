//! What a browser was asked to answer, kept by its digest. One answer is taken.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use credential::sha256_hex;
use runtime::{Failure, Outcome, db::sql, id};
use serde::Deserialize;

use crate::call::{Call, ORGANIZATION};

/// What the answer is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// The second step of a sign-in.
    SecondFactor,
    /// A sign-in by passkey alone.
    PasskeySignIn,
    /// A new passkey.
    PasskeyRegister,
}

/// A challenge that was found.
pub(crate) struct Asked {
    /// Empty for a sign-in by passkey, where nobody is known yet.
    pub(crate) user_id: String,
    /// What was proved before.
    pub(crate) amr: Vec<String>,
}

/// Makes one: 32 random bytes in base64url, which a passkey signs as they are.
pub(crate) async fn ask(
    call: &Call,
    purpose: Purpose,
    user_id: Option<&str>,
    amr: &[&str],
) -> Outcome<String> {
    let challenge = BASE64_URL_SAFE_NO_PAD.encode(id::random::<32>()?);
    let insert = sql(
        "INSERT INTO sign_in_challenge (digest, organization, purpose, user_id, amr, expires_at) \
         VALUES (?, ?, ?, ?, ?, ?)",
    )
    .bind(sha256_hex(&challenge))
    .bind(ORGANIZATION)
    .bind(purpose.word())
    .bind(user_id)
    .bind(serde_json::to_string(amr)?)
    .bind(call.now.plus_ms(LIFE_MS));
    call.db.run(insert).await?;
    Ok(challenge)
}

/// The challenge, if it is one for this purpose that was not answered yet.
///
/// # Errors
/// 401.
pub(crate) async fn find(call: &Call, challenge: &str, purpose: Purpose) -> Outcome<Asked> {
    let find = sql(
        "SELECT coalesce(user_id, '') AS user_id, amr FROM sign_in_challenge \
         WHERE digest = ? AND purpose = ? AND used_at IS NULL AND expires_at > ?",
    )
    .bind(sha256_hex(challenge))
    .bind(purpose.word())
    .bind(call.now);
    let row: Option<Row> = call.db.first(find).await?;
    let row = row.ok_or_else(expired)?;
    Ok(Asked {
        amr: serde_json::from_str(&row.amr)?,
        user_id: row.user_id,
    })
}

/// Takes the one answer to a challenge: of several at once, one gets through.
///
/// # Errors
/// 401 for the others.
pub(crate) async fn spend(call: &Call, challenge: &str) -> Outcome<()> {
    let spend = sql("UPDATE sign_in_challenge SET used_at = ? \
         WHERE digest = ? AND used_at IS NULL AND expires_at > ?")
    .bind(call.now)
    .bind(sha256_hex(challenge))
    .bind(call.now);
    if call.db.run(spend).await? == 1 {
        return Ok(());
    }
    Err(expired())
}

fn expired() -> Failure {
    Failure::because(
        "401",
        "this took too long or was answered already; start again",
    )
}

impl Purpose {
    const fn word(self) -> &'static str {
        match self {
            Self::SecondFactor => "second-factor",
            Self::PasskeySignIn => "passkey-sign-in",
            Self::PasskeyRegister => "passkey-register",
        }
    }
}

#[derive(Deserialize)]
struct Row {
    user_id: String,
    amr: String,
}

/// Five minutes: long enough to look for a phone.
const LIFE_MS: i64 = 5 * 60_000;
