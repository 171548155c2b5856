//! Passwords are hashed in Durable Objects, away from the isolates that issue tokens: a hash is tens of milliseconds of
//! computing that nothing may interrupt. Objects are spread over the platform's machines, each does one hash at a time,
//! and between two hashes it lets whatever else is on its thread have a turn.

use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    time::Duration,
};

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash},
};
use futures_channel::oneshot;
use model::Timestamp;
use runtime::{Failure, Outcome, body, clock, id, reply};
use serde::{Deserialize, Serialize};
use worker::{Delay, DurableObject, Env, Request, Response, State, durable_object};

/// One of the pool.
#[durable_object(fetch)]
pub struct PasswordHasher {
    queue: Queue,
}

impl DurableObject for PasswordHasher {
    fn new(_state: State, _env: Env) -> Self {
        Self {
            queue: Queue::default(),
        }
    }

    async fn fetch(&self, request: Request) -> worker::Result<Response> {
        Ok(reply::finish(self.answer(&request).await, ""))
    }
}

/// What is to be done.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Work {
    /// A hash under a fresh salt.
    Hash { password: String },
    /// Is this the password of the hash? Without a hash, because there is no such person, it takes as long to say no.
    Verify {
        password: String,
        hash: Option<String>,
    },
}

/// What came of it.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Done {
    /// The PHC string.
    Hash(String),
    /// The verdict.
    Verdict(bool),
}

impl PasswordHasher {
    async fn answer(&self, request: &Request) -> Outcome<Response> {
        let work: Work = body::json(request).await?;
        let _turn = self.queue.turn().await?;
        // Long enough for what waits on the same thread: a token takes some milliseconds of it.
        Delay::from(Duration::from_millis(GAP_MS)).await;
        reply::json(200, &work.done()?)
    }
}

impl Work {
    fn done(&self) -> Outcome<Done> {
        match self {
            Self::Hash { password } => {
                let salt: [u8; 16] = id::random()?;
                let hash = argon2()?
                    .hash_password_with_salt(password.as_bytes(), &salt)
                    .map_err(|error| broken(&error))?;
                Ok(Done::Hash(hash.to_string()))
            }
            Self::Verify { password, hash } => {
                let kept = hash.as_deref().unwrap_or(NOBODY);
                let kept = PasswordHash::new(kept).map_err(|error| broken(&error))?;
                let verdict = argon2()?.verify_password(password.as_bytes(), &kept);
                Ok(Done::Verdict(verdict.is_ok() && hash.is_some()))
            }
        }
    }
}

/// One at a time, in the order of arrival.
#[derive(Default)]
struct Queue {
    waiting: RefCell<VecDeque<oneshot::Sender<()>>>,
    /// When the one who has the turn got it.
    taken_at: Cell<Option<Timestamp>>,
}

impl Queue {
    async fn turn(&self) -> Outcome<Turn<'_>> {
        let now = clock::now();
        // Whoever has it for longer than any hash takes is gone.
        let is_free = self
            .taken_at
            .get()
            .is_none_or(|since| now.ms_since(since) > LONGEST_TURN_MS);
        if !is_free {
            if self.waiting.borrow().len() >= LONGEST_QUEUE {
                return Err(Failure::because(
                    "503",
                    "too many people sign in at once; try again",
                ));
            }
            let (sender, receiver) = oneshot::channel();
            self.waiting.borrow_mut().push_back(sender);
            let _ = receiver.await;
        }
        self.taken_at.set(Some(clock::now()));
        Ok(Turn(self))
    }

    /// Hands the turn to the next who still waits.
    fn pass_on(&self) {
        self.taken_at.set(None);
        loop {
            let next = self.waiting.borrow_mut().pop_front();
            let Some(next) = next else { return };
            if next.send(()).is_ok() {
                self.taken_at.set(Some(clock::now()));
                return;
            }
        }
    }
}

struct Turn<'a>(&'a Queue);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.pass_on();
    }
}

fn argon2() -> Outcome<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).map_err(|error| broken(&error))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn broken(error: &impl std::fmt::Display) -> Failure {
    Failure::Internal(format!("argon2: {error}"))
}

const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
/// The hash of nobody's password, made with the same cost as everybody's.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
const GAP_MS: u64 = 8;
const LONGEST_TURN_MS: i64 = 5_000;
/// Some ten seconds of waiting; who comes then is better told at once.
const LONGEST_QUEUE: usize = 256;
