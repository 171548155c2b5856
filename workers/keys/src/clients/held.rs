//! Secrets that were right a moment ago, for those who ask over and over.

use std::{cell::RefCell, collections::HashMap};

use credential::sha256_hex;
use model::Timestamp;
use oauth::{Client, ShownClient};

use crate::revocations;

/// A client whose secret the database has confirmed.
struct Proven {
    digest: String,
    client: Client,
    read_at: Timestamp,
    epoch: u64,
}

/// The client whose secret is shown, if it was right a moment ago.
pub(super) fn find(shown: &ShownClient, now: Timestamp) -> Option<Client> {
    let ShownClient::Secret(credential) = shown else {
        return None;
    };
    PROVEN.with_borrow(|known| {
        let found = known.get(&credential.id)?;
        let is_good = revocations::is_fresh(found.read_at, now)
            && found.epoch == revocations::epoch()
            && found.digest == sha256_hex(&credential.secret);
        is_good.then(|| found.client.clone())
    })
}

/// Remembers it, unless something of this isolate's own has changed since `epoch`, before it was read.
pub(super) fn keep(shown: &ShownClient, client: &Client, now: Timestamp, epoch: u64) {
    let ShownClient::Secret(credential) = shown else {
        return;
    };
    let proven = Proven {
        digest: sha256_hex(&credential.secret),
        client: client.clone(),
        read_at: now,
        epoch,
    };
    PROVEN.with_borrow_mut(|known| {
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(credential.id.clone(), proven);
    });
}

thread_local! {
    static PROVEN: RefCell<HashMap<String, Proven>> = RefCell::default();
}

/// More than ask within a second; a bound, not a plan.
const MOST: usize = 512;
