//! Passwords as argon2id hashes: 19 MiB, 2 passes, 1 lane (OWASP's first recommendation). The computing is done by the
//! pool of [`crate::hashing`].

use std::cell::Cell;

use model::Timestamp;
use runtime::{Failure, Outcome, clock, id};
use wasm_bindgen::JsValue;
use worker::{Env, Headers, Method, Request, RequestInit};

use crate::hashing::{Done, Work};

/// The PHC string of a password under a fresh salt.
pub(crate) async fn hash(env: &Env, password: &str) -> Outcome<String> {
    let work = Work::Hash {
        password: password.to_owned(),
    };
    match ask(env, &work).await? {
        Done::Hash(hash) => Ok(hash),
        Done::Verdict(_) => Err(confused()),
    }
}

/// Is this the password of the hash? Without a hash, because there is no such user, it takes as long to say no.
pub(crate) async fn matches(env: &Env, password: &str, hash: Option<&str>) -> Outcome<bool> {
    let work = Work::Verify {
        password: password.to_owned(),
        hash: hash.map(ToOwned::to_owned),
    };
    match ask(env, &work).await? {
        Done::Verdict(verdict) => Ok(verdict),
        Done::Hash(_) => Err(confused()),
    }
}

/// Refuses while hashers have more to do than they get done. Asked first of all, so that who is to be told to come again
/// costs no look into the database: under a rush that is most of the work that stands before tokens.
///
/// # Errors
/// 503 for [`PAUSE_MS`] after a hasher has refused.
pub(crate) fn require_room(now: Timestamp) -> Outcome<()> {
    let refused_at = REFUSED_AT.get();
    if refused_at.is_some_and(|at| (0..PAUSE_MS).contains(&now.ms_since(at))) {
        return Err(crowded());
    }
    Ok(())
}

async fn ask(env: &Env, work: &Work) -> Outcome<Done> {
    let hashers = env.var("PASSWORD_HASHERS").map(|value| value.to_string());
    let hashers: u8 = hashers.ok().and_then(|text| text.parse().ok()).unwrap_or(1);
    let [lot] = id::random::<1>()?;
    let object = env
        .durable_object("HASHERS")?
        .get_by_name(&format!("hasher-{}", lot % hashers.max(1)))?;
    let headers = Headers::new();
    headers.set("content-type", "application/json")?;
    let mut init = RequestInit::new();
    init.with_method(Method::Post)
        .with_headers(headers)
        .with_body(Some(JsValue::from_str(&serde_json::to_string(work)?)));
    let request = Request::new_with_init("http://hashers/", &init)?;
    let mut answer = object.fetch_with_request(request).await?;
    match answer.status_code() {
        200 => Ok(serde_json::from_str(&answer.text().await?)?),
        503 => {
            REFUSED_AT.set(Some(clock::now()));
            Err(crowded())
        }
        status => Err(Failure::Internal(format!("a hasher answered {status}"))),
    }
}

fn crowded() -> Failure {
    Failure::because(
        "503",
        "too many people sign in at once; try again in a few seconds",
    )
}

fn confused() -> Failure {
    Failure::Internal("a hasher answered something else than was asked".into())
}

thread_local! {
    /// When a hasher last had no room.
    static REFUSED_AT: Cell<Option<Timestamp>> = const { Cell::new(None) };
}

/// A hasher has done some ten more by then.
const PAUSE_MS: i64 = 500;
