//! What this isolate knows of the keys: looked up again every few seconds, with its keys imported once.

use std::{cell::RefCell, collections::HashMap, rc::Rc};

use model::{Timestamp, VerificationKey};
use oauth::{KeySchedule, KeyState, RingKey, SigningAlgorithm, Timing, Turn, due_turns};
use runtime::{
    Db, Failure, Outcome,
    crypto::{SealingKey, SigningKey, VerifyingKey},
    db::sql,
};
use serde::Deserialize;

use super::{timing, turns};
use crate::call::{Call, ORGANIZATION, kek};

/// The published keys of one moment.
#[derive(Debug)]
pub(crate) struct Ring {
    read_at: Timestamp,
    rows: Vec<Row>,
    schedule: KeySchedule,
    /// In the order in which readers are told them: the one that signs last is the first.
    pub(crate) published: Vec<VerificationKey>,
}

/// What this isolate knows, or what the database says when that is too old. A turn that is due is taken when the answer
/// is out.
pub(crate) async fn of(call: &Call) -> Outcome<Rc<Ring>> {
    let held = RING.with_borrow(Clone::clone);
    match held.filter(|ring| call.now.ms_since(ring.read_at) < HELD_MS) {
        Some(ring) => Ok(ring),
        None => anew(call).await,
    }
}

/// As [`of`], and as the database has it when this key is not known: it may be a moment old.
pub(crate) async fn knowing(call: &Call, kid: Option<&str>) -> Outcome<Rc<Ring>> {
    let ring = of(call).await?;
    if kid.is_none_or(|kid| ring.knows(kid)) || ring.read_at == call.now {
        return Ok(ring);
    }
    anew(call).await
}

async fn anew(call: &Call) -> Outcome<Rc<Ring>> {
    let ring = Rc::new(Ring::read(&call.db, call.now).await?);
    forget_all_but(&ring);
    RING.set(Some(Rc::clone(&ring)));
    if !ring.due(timing(&call.env), call.now).is_empty() {
        let env = call.env.clone();
        call.later(async move { turns::take_or_log(&env).await });
    }
    Ok(ring)
}

/// After a change: the next look is at the database.
pub(crate) fn forget() {
    RING.set(None);
}

impl Ring {
    /// As the database has it.
    pub(crate) async fn read(db: &Db, now: Timestamp) -> Outcome<Self> {
        let statement = sql(
            "SELECT kid, alg, state, public_jwk, sealed_private, published_at, active_from, replaced_at, \
             (SELECT body FROM key_schedule s WHERE s.organization = k.organization) AS schedule FROM signing_key k WHERE organization = ? AND state IN ('ANNOUNCED', 'SIGNING', 'RETIRING') \
             ORDER BY active_from DESC, kid",
        );
        let rows: Vec<Row> = db.all(statement.bind(ORGANIZATION)).await?;
        let schedule = rows.first().and_then(|row| row.schedule.as_deref());
        let schedule = KeySchedule::stored(schedule);
        let published = rows
            .iter()
            .map(|row| {
                Ok(VerificationKey {
                    kid: row.kid.clone(),
                    alg: row.alg.clone(),
                    jwk: serde_json::from_str(&row.public_jwk)?,
                })
            })
            .collect::<Outcome<Vec<_>>>()?;
        Ok(Self {
            read_at: now,
            schedule,
            rows,
            published,
        })
    }

    fn knows(&self, kid: &str) -> bool {
        self.rows.iter().any(|row| row.kid == kid)
    }

    /// What the published keys sign by, each once, the present one first.
    pub(crate) fn algorithms(&self) -> Vec<SigningAlgorithm> {
        let is_first = |row: &&Row| row.state == KeyState::Signing;
        let (first, rest): (Vec<&Row>, Vec<&Row>) = self.rows.iter().partition(is_first);
        let mut found = Vec::new();
        for algorithm in first.into_iter().chain(rest).filter_map(Row::algorithm) {
            if !found.contains(&algorithm) {
                found.push(algorithm);
            }
        }
        found
    }

    /// The keys without their halves.
    pub(crate) fn keys(&self) -> Vec<RingKey> {
        self.rows.iter().filter_map(Row::key).collect()
    }

    /// Whose turn it is.
    pub(super) fn due(&self, timing: Timing, now: Timestamp) -> Vec<Turn> {
        due_turns(&self.keys(), &self.schedule, timing, now)
    }

    /// The key that signs, ready to.
    pub(crate) async fn signer(&self, call: &Call) -> Outcome<Signer> {
        let row = self.rows.iter().find(|row| row.state == KeyState::Signing);
        let row = row.ok_or_else(|| {
            Failure::because("909001", "there is no signing key yet; send `POST /setup`")
        })?;
        let held = SIGNER.with_borrow(Clone::clone);
        match held.filter(|signer| signer.kid == row.kid) {
            Some(signer) => Ok(signer),
            None => row.unseal(call).await,
        }
    }

    /// One of the published keys, ready to verify with.
    pub(crate) async fn verifier(&self, key: &VerificationKey) -> Outcome<VerifyingKey> {
        if let Some(known) = VERIFIERS.with_borrow(|known| known.get(&key.kid).cloned()) {
            return Ok(known);
        }
        let imported = VerifyingKey::import(key).await?;
        VERIFIERS.with_borrow_mut(|known| known.insert(key.kid.clone(), imported.clone()));
        Ok(imported)
    }
}

/// The key that signs.
#[derive(Clone, Debug)]
pub(crate) struct Signer {
    pub(crate) kid: String,
    pub(crate) algorithm: SigningAlgorithm,
    pub(crate) key: SigningKey,
}

thread_local! {
    static RING: RefCell<Option<Rc<Ring>>> = const { RefCell::new(None) };
    static SIGNER: RefCell<Option<Signer>> = const { RefCell::new(None) };
    static VERIFIERS: RefCell<HashMap<String, VerifyingKey>> = RefCell::default();
}

/// A key id is never used twice, so that what was imported stays good as long as the key is published.
fn forget_all_but(ring: &Ring) {
    VERIFIERS.with_borrow_mut(|known| known.retain(|kid, _| ring.knows(kid)));
    SIGNER.with_borrow_mut(|signer| signer.take_if(|signer| !ring.knows(&signer.kid)));
}

/// What a sealed key is bound to: it opens for this organization, under this name, for this purpose only.
pub(super) fn context(kid: &str) -> String {
    format!("{ORGANIZATION}/{kid}/signing")
}

#[derive(Debug, Deserialize)]
struct Row {
    kid: String,
    alg: String,
    state: KeyState,
    public_jwk: String,
    sealed_private: String,
    published_at: Option<i64>,
    active_from: i64,
    replaced_at: Option<i64>,
    schedule: Option<String>,
}

impl Row {
    fn algorithm(&self) -> Option<SigningAlgorithm> {
        SigningAlgorithm::named(&self.alg)
    }

    fn key(&self) -> Option<RingKey> {
        Some(RingKey {
            kid: self.kid.clone(),
            algorithm: self.algorithm()?,
            state: self.state,
            published_at: self.published_at.map(Timestamp),
            signing_from: Timestamp(self.active_from),
            replaced_at: self.replaced_at.map(Timestamp),
        })
    }

    async fn unseal(&self, call: &Call) -> Outcome<Signer> {
        let algorithm = self
            .algorithm()
            .ok_or_else(|| Failure::Internal(format!("nobody signs by `{}`", self.alg)))?;
        let sealing = SealingKey::import(&kek(&call.env)?).await?;
        let private = sealing
            .open(&self.sealed_private, &context(&self.kid))
            .await?;
        let signer = Signer {
            key: SigningKey::import(&self.alg, &serde_json::from_slice(&private)?).await?,
            algorithm,
            kid: self.kid.clone(),
        };
        SIGNER.set(Some(signer.clone()));
        Ok(signer)
    }
}

/// How long another isolate signs with a key that was withdrawn, and believes it.
const HELD_MS: i64 = 3_000;
