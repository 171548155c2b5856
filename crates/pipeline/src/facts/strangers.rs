//! Looking up credentials that nobody here knows: opaque tokens, API keys, names with passwords.
//!
//! What is garbage can be told only by asking, and asking costs others: the Key Manager, its database, the store of keys.
//! So each address has a pace at which it may have credentials looked up, and so have all addresses together. A look-up
//! that finds somebody is free, and what is known already is never held up, however much garbage comes along.
//! Who is turned away and shows the same credential again a second later has a pace of its own: whoever makes credentials
//! up shows a new one each time, and whoever has one shows it again.

use std::{net::IpAddr, rc::Rc};

use model::{ApiKeyRecord, Timestamp};
use problem::Problem;

use super::{Facts, is_final, look};
use crate::{Need, charges::next_access, decision::Stop, refusal::Rejection, shelf::Shelf};

/// How many look-ups there may be before any is paid off, and how long it takes to pay one off.
struct Pace {
    burst: i64,
    interval_ms: i64,
}

/// Of one address, and of all together.
struct Turn {
    one: Pace,
    all: Pace,
}

/// What is shown for the first time, and what comes again.
const TURNS: [Turn; 2] = [
    Turn {
        one: Pace {
            burst: 100,
            interval_ms: 200,
        },
        all: Pace {
            burst: 1_000,
            interval_ms: 10,
        },
    },
    Turn {
        one: Pace {
            burst: 50,
            interval_ms: 500,
        },
        all: Pace {
            burst: 500,
            interval_ms: 20,
        },
    },
];

impl Pace {
    const fn span_ms(&self) -> i64 {
        self.burst * self.interval_ms
    }
}

/// When everything that was looked up is paid off.
#[derive(Clone, Copy, Debug, Default)]
struct Debt(Timestamp);

impl Debt {
    /// How long until there may be one more; 0 for now.
    fn wait_ms(&mut self, pace: &Pace, now: Timestamp) -> i64 {
        // A clock that went back does not make a debt larger than it can be.
        self.0 = self.0.max(now).min(now.plus_ms(pace.span_ms()));
        (self.0.ms_since(now) + pace.interval_ms - pace.span_ms()).max(0)
    }

    fn charge(&mut self, pace: &Pace, now: Timestamp) {
        self.0 = self.0.max(now).plus_ms(pace.interval_ms);
    }

    fn forgive(&mut self, pace: &Pace) {
        self.0 = self.0.plus_ms(-pace.interval_ms);
    }
}

#[derive(Debug)]
pub(super) struct Strangers {
    /// By turn.
    addresses: Shelf<String, [Debt; TURNS.len()]>,
    all: [Debt; TURNS.len()],
    /// Credentials that were turned away, with when that was first.
    turned_away: Shelf<u64, Timestamp>,
}

impl Default for Strangers {
    fn default() -> Self {
        Self {
            addresses: Shelf::new(ADDRESSES),
            all: Default::default(),
            turned_away: Shelf::new(TURNED_AWAY),
        }
    }
}

/// Look-ups that are under way for a call.
#[derive(Debug, Default)]
pub struct Inquiry(Vec<(Need, usize)>);

impl Strangers {
    /// Which turn a credential of this address may be looked up in.
    ///
    /// # Errors
    /// Milliseconds until it may.
    fn turn(&mut self, credential: u64, address: &str, now: Timestamp) -> Result<usize, i64> {
        let mut none = Default::default();
        let debts = self.addresses.get(address).unwrap_or(&mut none);
        let comes_again = self.turned_away.get(&credential).is_some_and(|at| {
            (COMES_AGAIN_AFTER_MS..FORGOTTEN_AFTER_MS).contains(&now.ms_since(*at))
        });
        let mut wait_ms = i64::MAX;
        let states = TURNS.iter().zip(debts.iter_mut().zip(&mut self.all));
        for (turn, (paces, (one, all))) in states.enumerate().take(1 + usize::from(comes_again)) {
            let wait = one
                .wait_ms(&paces.one, now)
                .max(all.wait_ms(&paces.all, now));
            if wait == 0 {
                return Ok(turn);
            }
            wait_ms = wait_ms.min(wait);
        }
        Err(wait_ms)
    }

    /// Lends out what is owed in a turn: by an address, and by all.
    fn owed(&mut self, turn: usize, address: &str, change: impl Fn(&mut Debt, &Pace)) {
        if self.addresses.get(address).is_none() {
            self.addresses.put(address.to_owned(), Default::default());
        }
        let Some(paces) = TURNS.get(turn) else { return };
        let debts = self.addresses.get(address);
        if let Some(debt) = debts.and_then(|debts| debts.get_mut(turn)) {
            change(debt, &paces.one);
        }
        if let Some(debt) = self.all.get_mut(turn) {
            change(debt, &paces.all);
        }
    }

    fn turn_away(&mut self, credential: u64, now: Timestamp) {
        let before = self.turned_away.get(&credential);
        if before.is_none_or(|at| !(0..FORGOTTEN_AFTER_MS).contains(&now.ms_since(*at))) {
            self.turned_away.put(credential, now);
        }
    }
}

impl Facts {
    /// The record of the API key with this digest; `None` for nobody's.
    pub(crate) fn api_key(
        &mut self,
        digest: &String,
        now: Timestamp,
    ) -> Result<Option<Rc<ApiKeyRecord>>, Stop> {
        let need = || Need::ApiKey(digest.clone());
        let freshness = self.freshness(now);
        let held = self.api_keys.get(digest);
        if held.is_none()
            && self
                .unknown_keys
                .get(digest)
                .is_some_and(|at| is_final(*at, now))
        {
            return Ok(None);
        }
        look(held, need, &mut self.due, freshness, now)
    }

    /// Turns a call away whose decision would take a look-up too many; any other `stop` stays what it is.
    pub(crate) fn within_pace(&mut self, stop: Stop, address: &str, now: Timestamp) -> Stop {
        let Stop::Missing(needs) = &stop else {
            return stop;
        };
        let address = place(address);
        for need in needs {
            let Some(credential) = self.unknown_credential(need) else {
                continue;
            };
            if let Err(wait_ms) = self.strangers.turn(credential, &address, now) {
                self.strangers.turn_away(credential, now);
                return turned_away(wait_ms, now);
            }
        }
        stop
    }

    /// Counts the look-ups among `needs`, which the shell is about to make for a call from this address.
    pub fn ask(&mut self, needs: &[Need], address: &str, now: Timestamp) -> Inquiry {
        let mut inquiry = Inquiry::default();
        for need in needs {
            let Some(credential) = self.unknown_credential(need) else {
                continue;
            };
            let address = place(address);
            let turn = self.strangers.turn(credential, &address, now).unwrap_or(0);
            self.strangers
                .owed(turn, &address, |debt, pace| debt.charge(pace, now));
            inquiry.0.push((need.clone(), turn));
        }
        inquiry
    }

    /// Takes the look-ups back that found somebody.
    pub fn found(&mut self, inquiry: Inquiry, address: &str) {
        for (need, turn) in inquiry.0 {
            if self.unknown_credential(&need).is_none() {
                self.strangers
                    .owed(turn, &place(address), |debt, pace| debt.forgive(pace));
            }
        }
    }

    /// The credential that is to be looked up, if none such is known here to be somebody's.
    fn unknown_credential(&mut self, need: &Need) -> Option<u64> {
        let (digest, is_known) = match need {
            Need::Reference(token) => (token.digest(), self.tokens.get(token.reveal()).is_some()),
            Need::ApiKey(digest) => (digest.clone(), self.api_keys.get(digest).is_some()),
            Need::Login(login) => (login.basic.digest(), self.logins.has_person(login)),
            Need::Catalog
            | Need::Trust
            | Need::Shard(_)
            | Need::Deployment(_)
            | Need::Contract(_)
            | Need::Policies(_)
            | Need::Client(_)
            | Need::Application(_)
            | Need::Signature { .. }
            | Need::IssuerKeys(_)
            | Need::Secret(_)
            | Need::Introduction(_)
            | Need::Lease(_)
            | Need::Turn(_)
            | Need::Slots(_) => return None,
        };
        let beginning = digest.get(..16).unwrap_or_default();
        (!is_known).then(|| u64::from_str_radix(beginning, 16).unwrap_or_default())
    }
}

fn turned_away(wait_ms: i64, now: Timestamp) -> Stop {
    let next = next_access(now.plus_ms(wait_ms.max(COMES_AGAIN_AFTER_MS)), now);
    Rejection {
        headers: vec![("retry-after", next.retry_after_seconds.to_string())],
        problem: Problem::new("900918").retry(next),
    }
    .into()
}

/// Whose pace an address counts under: a subscriber of IPv6 has 2^64 of them.
fn place(address: &str) -> String {
    match address.parse() {
        Ok(IpAddr::V6(v6)) => {
            let [a, b, c, d, ..] = v6.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}")
        }
        _ => address.to_owned(),
    }
}

/// Clients wait for at least a second of `Retry-After`; what comes sooner says nothing.
const COMES_AGAIN_AFTER_MS: i64 = 900;
const FORGOTTEN_AFTER_MS: i64 = 60_000;
/// Who is pushed out by others begins anew; then the pace of all together holds.
const ADDRESSES: usize = 2_000;
/// Under a flood of 4,000 a second, whoever comes again within two is still known; less than a MiB.
const TURNED_AWAY: usize = 16_384;
