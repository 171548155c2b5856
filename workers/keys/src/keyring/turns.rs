//! Carrying out whose turn it is. Several isolates may do so at once: each statement asks whether the step was taken
//! already, and the database has one announced and one signing key at the most.

use model::Timestamp;
use oauth::{KeyState, SigningAlgorithm, Turn};
use runtime::{
    Db, Failure, Outcome, clock,
    crypto::{NewKey, SealingKey},
    db::{Statement, sql},
    id,
};
use worker::Env;

use super::{Ring, forget, ring, timing};
use crate::{
    call::{ORGANIZATION, kek},
    guard, trust,
};

/// Takes the turns that are due.
pub(super) async fn take(env: &Env, db: &Db, now: Timestamp) -> Outcome<()> {
    let known = Ring::read(db, now).await?;
    for turn in known.due(timing(env), now) {
        let batch = statements(env, &turn, now).await?;
        match db.batch(batch).await {
            // Another isolate was faster.
            Err(failure) if guard::has_refused(&failure) || is_conflict(&failure) => {}
            other => {
                other?;
                worker::console_log!("signing keys: {turn:?}");
            }
        }
        forget();
        let issuer = env.var("ISSUER")?.to_string();
        trust::publish_or_log(env, db, &issuer, clock::now()).await;
    }
    Ok(())
}

/// The same where nobody waits.
pub(super) async fn take_or_log(env: &Env) {
    let taken = async { take(env, &Db::of(env)?, clock::now()).await };
    if let Err(failure) = taken.await {
        worker::console_error!("signing keys: {failure:?}");
    }
}

async fn statements(env: &Env, turn: &Turn, now: Timestamp) -> Outcome<Vec<Statement>> {
    let mut batch = match turn {
        Turn::Announce(algorithm) => {
            let key = fresh(env, *algorithm).await?;
            vec![key.row(KeyState::Announced, now)]
        }
        Turn::Promote(kid) => promotion(kid, now),
        Turn::Retire(kid) => vec![
            still(kid, KeyState::Retiring),
            sql("UPDATE signing_key SET state = 'RETIRED', retired_at = ? WHERE organization = ? AND kid = ?")
                .bind(now)
                .bind(ORGANIZATION)
                .bind(kid),
        ],
    };
    batch.push(audit(turn, now));
    batch.extend(trust::noted(now));
    Ok(batch)
}

fn promotion(kid: &str, now: Timestamp) -> Vec<Statement> {
    vec![
        still(kid, KeyState::Announced),
        sql("UPDATE signing_key SET state = 'RETIRING', replaced_at = ?, sealed_private = '' \
             WHERE organization = ? AND state = 'SIGNING'")
        .bind(now)
        .bind(ORGANIZATION),
        sql("UPDATE signing_key SET state = 'SIGNING', active_from = ? WHERE organization = ? AND kid = ?")
            .bind(now)
            .bind(ORGANIZATION)
            .bind(kid),
    ]
}

/// Breaks the batch when the key is elsewhere in its life by now.
pub(super) fn still(kid: &str, state: KeyState) -> Statement {
    guard::unless_found(
        "SELECT 1 FROM signing_key WHERE organization = ? AND kid = ? AND state = ?",
    )
    .bind(ORGANIZATION)
    .bind(kid)
    .bind(name(state))
}

/// A key pair that was just made, sealed.
pub(super) struct Fresh {
    pub(super) kid: String,
    algorithm: SigningAlgorithm,
    public: String,
    sealed: String,
}

/// Makes a key pair.
pub(super) async fn fresh(env: &Env, algorithm: SigningAlgorithm) -> Outcome<Fresh> {
    let pair = NewKey::generate(algorithm.as_str()).await?;
    let kid = id::uuid()?;
    let sealing = SealingKey::import(&kek(env)?).await?;
    let sealed = sealing
        .seal(pair.private.to_string().as_bytes(), &ring::context(&kid))
        .await?;
    Ok(Fresh {
        kid,
        algorithm,
        public: pair.public.to_string(),
        sealed,
    })
}

impl Fresh {
    /// The statement that keeps it. Beside another one of its state it breaks the batch.
    pub(super) fn row(&self, state: KeyState, now: Timestamp) -> Statement {
        self.row_where("true", state, now)
    }

    fn row_where(&self, condition: &str, state: KeyState, now: Timestamp) -> Statement {
        sql(format!(
            "INSERT INTO signing_key \
             (kid, organization, alg, public_jwk, sealed_private, created_at, active_from, state) \
             SELECT ?, ?, ?, ?, ?, ?, ?, ? WHERE {condition}"
        ))
        .bind(&self.kid)
        .bind(ORGANIZATION)
        .bind(self.algorithm.as_str())
        .bind(&self.public)
        .bind(&self.sealed)
        .bind(now)
        .bind(now)
        .bind(name(state))
    }
}

/// The statement that keeps the first key of a platform, unless there is one.
pub(crate) async fn first(env: &Env, now: Timestamp) -> Outcome<Statement> {
    let key = fresh(env, SigningAlgorithm::default()).await?;
    let none =
        "NOT EXISTS (SELECT 1 FROM signing_key WHERE organization = ? AND state = 'SIGNING')";
    let row = key.row_where(none, KeyState::Signing, now);
    Ok(row.bind(ORGANIZATION))
}

/// As the column has it.
pub(super) const fn name(state: KeyState) -> &'static str {
    match state {
        KeyState::Announced => "ANNOUNCED",
        KeyState::Signing => "SIGNING",
        KeyState::Retiring => "RETIRING",
        KeyState::Retired => "RETIRED",
        KeyState::Withdrawn => "WITHDRAWN",
    }
}

fn audit(turn: &Turn, now: Timestamp) -> Statement {
    let (action, subject) = match turn {
        Turn::Announce(algorithm) => ("signing-key.announce", algorithm.as_str()),
        Turn::Promote(kid) => ("signing-key.promote", kid.as_str()),
        Turn::Retire(kid) => ("signing-key.retire", kid.as_str()),
    };
    sql("INSERT INTO audit (organization, actor, action, subject, at) VALUES (?, 'schedule', ?, ?, ?)")
        .bind(ORGANIZATION)
        .bind(action)
        .bind(subject)
        .bind(now)
}

/// Did one of the unique indexes refuse?
pub(super) fn is_conflict(failure: &Failure) -> bool {
    matches!(failure, Failure::Problem(problem) if problem.status() == 409)
}
