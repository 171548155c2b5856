//! Fetching what a decision lacks: KV values, signatures, leases. All of one round in parallel.

use std::{cell::RefCell, collections::HashMap};

use credential::Jwt;
use js_sys::Promise;
use model::{Timestamp, VerificationKey};
use pipeline::{Facts, Fetched, Need};
use runtime::{clock, crypto::VerifyingKey};
use serde::de::DeserializeOwned;
use throttle::{LeaseCall, LeaseReply, SlotCall, Turn};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use crate::{isolate, sources};

/// How long a value of KV is waited for, in milliseconds.
#[derive(Clone, Copy)]
pub(crate) enum Patience {
    /// A call waits. What is known serves on when nothing newer comes in time.
    OfCall = 1_500,
    /// Nobody waits; a late value is better than none.
    OfNobody = 10_000,
}

/// Fetches what a call of a client at this address waits for.
pub(crate) async fn ask(env: &JsValue, needs: &[Need], address: &str) -> Result<(), String> {
    let inquiry = isolate::with_facts(|facts| facts.ask(needs, address, clock::now()));
    let fetched = fetch(env, needs, Patience::OfCall).await;
    isolate::with_facts(|facts| facts.found(inquiry.unwrap_or_default(), address));
    fetched
}

/// Fetches all needs and puts them into the isolate's facts.
pub(crate) async fn fetch(env: &JsValue, needs: &[Need], patience: Patience) -> Result<(), String> {
    let environment = isolate::environment();
    let sent_at = clock::now();
    // Started before any is awaited, so that they are under way together.
    let started: Vec<Option<Promise>> = needs
        .iter()
        .map(|need| start(env, need, &environment, patience))
        .collect();
    for (need, promise) in needs.iter().zip(started) {
        match need {
            Need::Lease(call) => lease(env, call, promise, sent_at).await,
            Need::Turn(turn) => await_turn(turn).await,
            Need::Slots(call) => slots(call, promise, sent_at).await,
            Need::Login(_) | Need::Reference(_) | Need::Secret(_) | Need::Introduction(_) => {
                put(need, value(promise).await, clock::now())?;
            }
            Need::Signature { token, key, .. } => {
                put(need, signature(token, key).await, sent_at)?;
            }
            Need::IssuerKeys(_) => put(need, value(promise).await, clock::now())?,
            Need::Catalog
            | Need::Trust
            | Need::Shard(_)
            | Need::Deployment(_)
            | Need::Contract(_)
            | Need::Policies(_)
            | Need::Client(_)
            | Need::ApiKey(_)
            | Need::Application(_) => put(need, value(promise).await, sent_at)?,
        }
    }
    Ok(())
}

fn start(env: &JsValue, need: &Need, environment: &str, patience: Patience) -> Option<Promise> {
    if let Need::Lease(call) = need {
        return send(env, call);
    }
    if let Need::Slots(call) = need {
        let body = serde_json::to_string(&call.request).ok()?;
        let object = call.object.as_str();
        return sources::slots(env, object, &body, LEASE_TIMEOUT_MS).ok();
    }
    if let Need::Reference(token) = need {
        return sources::reference(env, &token.digest(), ASK_TIMEOUT_MS).ok();
    }
    if let Need::Secret(name) = need {
        return sources::secret(env, name, ASK_TIMEOUT_MS).ok();
    }
    if let Need::Introduction(introduction) = need {
        let body = serde_json::to_string(introduction).ok()?;
        return sources::introduction(env, &body, ASK_TIMEOUT_MS).ok();
    }
    if let Need::Login(login) = need {
        let body = serde_json::json!({
            "username": login.basic.user(), "password": login.basic.password(),
            "address": login.address, "scopes": login.scopes,
        });
        return sources::login(env, &body.to_string(), LOGIN_TIMEOUT_MS).ok();
    }
    if let Need::IssuerKeys(key_manager) = need {
        return sources::issuer_keys(env, key_manager, KEYS_TIMEOUT_MS).ok();
    }
    let cache_seconds = if need.is_immutable() {
        IMMUTABLE_CACHE_SECONDS
    } else {
        CACHE_SECONDS
    };
    let key = need.kv_key(environment)?;
    sources::value(env, &key, cache_seconds, patience as u32).ok()
}

/// Tells the Key Manager which API keys were used.
pub(crate) async fn tell_uses(env: &JsValue) -> Result<(), String> {
    let digests = isolate::with_facts(Facts::take_uses).unwrap_or_default();
    if digests.is_empty() {
        return Ok(());
    }
    let body = serde_json::json!({ "digests": digests }).to_string();
    let told = sources::uses(env, &body, ASK_TIMEOUT_MS).map_err(|_| "not asked".to_owned())?;
    let told = JsFuture::from(told).await;
    told.map(|_| ())
        .map_err(|_| "the uses of API keys were not told".to_owned())
}

/// Leaves leases that others spent first to their policies.
pub(crate) fn give_up(needs: &[Need]) {
    let now = clock::now();
    for need in needs {
        if let Need::Lease(call) = need {
            isolate::with_facts(|facts| facts.book.unreachable(call, now));
        }
    }
}

async fn value(promise: Option<Promise>) -> Fetched {
    let Some(promise) = promise else {
        return Fetched::Failed;
    };
    match JsFuture::from(promise).await {
        Ok(text) if text.is_null() => Fetched::Absent,
        Ok(text) => text.as_string().map_or(Fetched::Failed, Fetched::Value),
        Err(_) => Fetched::Failed,
    }
}

fn put(need: &Need, fetched: Fetched, now: Timestamp) -> Result<(), String> {
    let put = isolate::with_facts(|facts| (facts.put(need, fetched, now), facts.take_complaints()));
    let Some((outcome, complaints)) = put else {
        return Err("no isolate".to_owned());
    };
    for complaint in complaints {
        worker::console_error!("refused, what was there before serves on: {complaint}");
    }
    outcome
}

async fn lease(env: &JsValue, call: &LeaseCall, promise: Option<Promise>, sent_at: Timestamp) {
    let mut reply: Option<LeaseReply> = read_lease(promise).await;
    let mut last_sent_at = sent_at;
    if reply.is_none() && call.is_vital {
        // Sent again as it is: the owner counts it once. Past the relay, if it was one that did not answer: what that has
        // lent is lost then.
        last_sent_at = clock::now();
        reply = read_lease(send_to_owner(env, call)).await;
    }
    isolate::with_facts(|facts| match &reply {
        Some(reply) => facts.book.receive(call, reply, last_sent_at, clock::now()),
        None => facts.book.unreachable(call, clock::now()),
    });
}

/// Waits while the answer is under way that another call has asked for. It looks by a timer of its own.
async fn await_turn(turn: &Turn) {
    let is_awaited =
        |now| isolate::with_facts(|facts| facts.book.is_awaited(turn, now)).unwrap_or_default();
    while is_awaited(clock::now()) {
        if JsFuture::from(sources::pause(LOOK_EVERY_MS)).await.is_err() {
            return;
        }
    }
}

async fn slots(call: &SlotCall, promise: Option<Promise>, sent_at: Timestamp) {
    let reply = read_lease(promise).await;
    isolate::with_facts(|facts| facts.slots.receive(call, reply, sent_at, clock::now()));
}

fn send(env: &JsValue, call: &LeaseCall) -> Option<Promise> {
    let Some(number) = call.relay else {
        return send_to_owner(env, call);
    };
    let body = serde_json::to_string(&call.request).ok()?;
    let relay = call.object.of_relay(number);
    sources::relay(env, relay.as_str(), &body, timeout_ms(call)).ok()
}

fn send_to_owner(env: &JsValue, call: &LeaseCall) -> Option<Promise> {
    let body = serde_json::to_string(&call.request).ok()?;
    sources::lease(env, call.object.as_str(), &body, timeout_ms(call)).ok()
}

const fn timeout_ms(call: &LeaseCall) -> u32 {
    if call.is_vital {
        VITAL_TIMEOUT_MS
    } else {
        LEASE_TIMEOUT_MS
    }
}

async fn read_lease<T: DeserializeOwned>(promise: Option<Promise>) -> Option<T> {
    let text = JsFuture::from(promise?).await.ok()?.as_string()?;
    serde_json::from_str(&text).ok()
}

async fn signature(token: &str, key: &VerificationKey) -> Fetched {
    let Ok(jwt) = Jwt::parse(token) else {
        return Fetched::Signature(false);
    };
    let Some(verifier) = verifier(key).await else {
        return Fetched::Failed;
    };
    match verifier
        .verifies(jwt.signing_input.as_bytes(), &jwt.signature)
        .await
    {
        Ok(good) => Fetched::Signature(good),
        Err(_) => Fetched::Failed,
    }
}

thread_local! {
    /// Imported keys by `kid`, each with the JWK that it was made of.
    static KEYS: RefCell<HashMap<String, (VerificationKey, VerifyingKey)>> = RefCell::default();
}

async fn verifier(key: &VerificationKey) -> Option<VerifyingKey> {
    let known = KEYS.with_borrow(|keys| {
        keys.get(&key.kid)
            .filter(|(from, _)| from == key)
            .map(|(_, imported)| imported.clone())
    });
    if known.is_some() {
        return known;
    }
    let imported = VerifyingKey::import(key).await.ok()?;
    KEYS.with_borrow_mut(|keys| {
        if keys.len() >= MOST_KEYS {
            keys.clear();
        }
        keys.insert(key.kid.clone(), (key.clone(), imported.clone()));
    });
    Some(imported)
}

/// The least that KV accepts: how late another data center sees a change.
const CACHE_SECONDS: u32 = 30;
/// Values that never change may stay near for a day.
const IMMUTABLE_CACHE_SECONDS: u32 = 86_400;
/// How long a call waits for a limit's owner where its policy can do without. With 250 ms, a busy machine of two cores
/// already refuses calls by the local share that the owner would have admitted.
const LEASE_TIMEOUT_MS: u32 = 1_000;
/// The same where the policy refuses without the owner; and once more, before it does.
const VITAL_TIMEOUT_MS: u32 = 1_000;
/// How often a call looks whether what another one asked for has come.
const LOOK_EVERY_MS: u32 = 3;
/// The Key Manager reads one row of its database.
const ASK_TIMEOUT_MS: u32 = 3_000;
/// The Key Manager compares one password at a time, and those of other callers first.
const LOGIN_TIMEOUT_MS: u32 = 8_000;
/// The Key Manager asks the issuer, who has five seconds.
const KEYS_TIMEOUT_MS: u32 = 7_000;
/// Issuers have two or three each.
const MOST_KEYS: usize = 64;
