//! Clients that authenticate by what they sign (`private_key_jwt`, RFC 7523).

use std::cell::RefCell;

use credential::{ClientAssertion, Jwt, TokenFault, choose, key_set};
use model::{Timestamp, VerificationKey};
use runtime::{Outcome, crypto::VerifyingKey};

use crate::{
    call::Call,
    clients::{self, Registered},
    federated, once,
};

/// The client whose assertion this is: registered for it, by one of its keys, in time, for us, and shown for the first
/// time. `None` whatever is wrong.
pub(crate) async fn client(call: &Call, text: &str) -> Outcome<Option<Registered>> {
    let Ok(jwt) = Jwt::parse(text) else {
        return Ok(None);
    };
    let Ok(assertion) = ClientAssertion::check(&jwt, &call.issuer, call.now) else {
        return Ok(None);
    };
    let found = clients::by_id(call, &assertion.client).await?;
    let Some(registered) = found.filter(|it| it.client.metadata.signs_assertions()) else {
        return Ok(None);
    };
    let Some(key) = key(call, &registered, &jwt).await else {
        return Ok(None);
    };
    // A key that the platform refuses is the client's fault.
    let Ok(key) = VerifyingKey::import(&key).await else {
        return Ok(None);
    };
    if !key
        .verifies(jwt.signing_input.as_bytes(), &jwt.signature)
        .await?
    {
        return Ok(None);
    }
    let name = format!("assertion {} {}", assertion.client, assertion.id);
    let is_first = once::claim(call, &name, assertion.expires_at).await?;
    Ok(is_first.then_some(registered))
}

/// The key of the client that may have signed: of its registered set, or of the one at its address.
pub(crate) async fn key(
    call: &Call,
    registered: &Registered,
    jwt: &Jwt<'_>,
) -> Option<VerificationKey> {
    let metadata = &registered.client.metadata;
    if let Some(set) = &metadata.jwks {
        return choose(&key_set(set), jwt).ok().cloned();
    }
    let address = metadata.jwks_uri.as_deref()?;
    let held = held(address);
    if let Some(held) = &held {
        let age_ms = call.now.ms_since(held.fetched_at);
        match choose(&held.keys, jwt) {
            Ok(key) if age_ms < FRESH_MS => return Some(key.clone()),
            Err(TokenFault::UnknownKey) if age_ms < REFETCH_MS => return None,
            Ok(_) | Err(_) => {}
        }
    }
    match federated::outbound(&call.env)
        .within(LIMIT)
        .get(address)
        .await
    {
        Ok(text) => {
            let set = serde_json::from_str(&text).unwrap_or_default();
            let keys = key_set(&set);
            let key = choose(&keys, jwt).ok().cloned();
            hold(address, keys, call.now);
            key
        }
        Err(fault) => {
            worker::console_warn!(
                "the keys of client {} were not fetched: {fault}",
                registered.client.id
            );
            // Not asked again with each request; the keys of before are good a while longer.
            let keys = held.map(|held| held.keys).unwrap_or_default();
            let key = choose(&keys, jwt).ok().cloned();
            hold(address, keys, call.now);
            key
        }
    }
}

#[derive(Clone)]
struct Held {
    address: String,
    keys: Vec<VerificationKey>,
    fetched_at: Timestamp,
}

thread_local! {
    static HELD: RefCell<Vec<Held>> = const { RefCell::new(Vec::new()) };
}

fn held(address: &str) -> Option<Held> {
    HELD.with_borrow(|held| held.iter().find(|it| it.address == address).cloned())
}

fn hold(address: &str, keys: Vec<VerificationKey>, now: Timestamp) {
    HELD.with_borrow_mut(|held| {
        held.retain(|it| it.address != address);
        if held.len() >= MOST_SETS {
            held.remove(0);
        }
        held.push(Held {
            address: address.to_owned(),
            keys,
            fetched_at: now,
        });
    });
}

/// A key that was taken out of a set is believed so long.
const FRESH_MS: i64 = 10 * 60_000;
/// An unknown key has the set fetched at most so often.
const REFETCH_MS: i64 = 30_000;
/// Room for twenty large keys.
const LIMIT: usize = 64 * 1024;
const MOST_SETS: usize = 100;
