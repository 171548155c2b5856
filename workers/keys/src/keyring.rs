//! The signing keys: what this isolate knows of them, whose turn it is, and what administrators may do about it.

mod admin;
mod resealing;
mod ring;
mod turns;

pub(crate) use admin::answer;
use ring::Ring;
pub(crate) use ring::{forget, knowing, of};
pub(crate) use turns::first;

use oauth::Timing;
use runtime::{Db, Outcome, clock};
use worker::Env;

use crate::{call::optional, revoke::LONGEST_LIFE_MS};

/// Takes the turns that are due, and seals anew what is sealed under the previous key-encryption key.
pub(crate) async fn keep(env: &Env, db: &Db) -> Outcome<()> {
    turns::take(env, db, clock::now()).await?;
    resealing::run(env, db).await
}

/// How long a key is known before and after it signs.
pub(crate) fn timing(env: &Env) -> Timing {
    Timing {
        announcement_ms: announcement_seconds(env) * 1000,
        overlap_ms: LONGEST_LIFE_MS + SLACK_MS,
    }
}

/// For how long readers may keep what `/oauth2/jwks` says, in seconds: a quarter of an announcement at the most, so that
/// all of them know a key long before it signs.
pub(crate) fn cached_seconds(env: &Env) -> i64 {
    (announcement_seconds(env) / 4).clamp(1, MOST_CACHED_SECONDS)
}

fn announcement_seconds(env: &Env) -> i64 {
    optional(env, "KEY_ANNOUNCEMENT_SECONDS")
        .and_then(|text| text.parse().ok())
        .filter(|seconds| *seconds >= LEAST_ANNOUNCED_SECONDS)
        .unwrap_or(ANNOUNCED_SECONDS)
}

/// A day: what readers who keep keys without asking for how long are known to take.
const ANNOUNCED_SECONDS: i64 = 24 * 3600;
/// Twice what gateways of a local platform take.
const LEAST_ANNOUNCED_SECONDS: i64 = 8;
const MOST_CACHED_SECONDS: i64 = 300;
/// Other isolates sign with a key until they look again; and clocks differ.
const SLACK_MS: i64 = 120_000;
