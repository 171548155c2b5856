//! What an isolate holds, in bounded memory: configuration, records, verified tokens, leases.
//!
//! Everything has the moment at which it was fetched. Younger than [`Settings::refresh_ms`] it is fresh; older, it is
//! used all the same and noted in [`Facts::take_due`] for the shell to fetch off the request's way; older than twice that,
//! it is fetched first, unless it cannot be, or is being fetched for longer than a call would wait: then what is held goes
//! on being used. Before a request is
//! *refused* because of something older than [`RECHECK_MS`], it is fetched once more, so that what was set up a moment
//! ago works at once. A pointer never goes back to a lower version, and what cannot be read changes nothing: what was there
//! before serves on, and the log is told.

mod conditions;
mod held;
mod issuers;
mod logins;
mod older;
mod proofs;
mod put;
mod refused;
mod settings;
mod strangers;
mod tokens;
mod upstreams;
mod uses;

use std::rc::Rc;

use cache::Cache;
use credential::Claims;
use model::{
    ApiKeyRecord, ApplicationId, ApplicationRecord, Catalog, ClientId, ClientRecord, Deployment,
    Hash, Shard, Timestamp, Trust,
};
use problem::Problem;
use throttle::{Holder, LeaseBook, SlotBook};
use validate::Contract;

use conditions::Conditions;
use held::Freshness;
pub(crate) use held::Held;
use logins::Logins;
pub use logins::{Login, Person};
use older::Older;
use proofs::Proofs;
pub(crate) use proofs::Use;
pub use put::Fetched;
use refused::Refused;
pub use settings::Settings;
pub use strangers::Inquiry;
use strangers::Strangers;
use tokens::Tokens;
pub(crate) use upstreams::Standing;
use upstreams::Upstreams;
use uses::Uses;

use crate::{
    Need, decision::Stop, introduction::Introductions, policies::Policies, prepared::Prepared,
    shelf::Shelf,
};

/// What an isolate holds.
#[derive(Debug)]
pub struct Facts {
    pub(crate) settings: Rc<Settings>,
    pub(crate) catalog: Held<Catalog>,
    pub(crate) trust: Held<Trust>,
    shards: Shelf<Hash, Rc<Shard>>,
    deployments: Shelf<Hash, Rc<Deployment>>,
    contracts: Shelf<Hash, Rc<Contract>>,
    policies: Shelf<Hash, Rc<Policies>>,
    clients: Shelf<ClientId, Held<ClientRecord>>,
    api_keys: Shelf<String, Held<ApiKeyRecord>>,
    /// Digests of API keys that are none, with when that was read. Apart, so that whoever makes keys up pushes none out.
    unknown_keys: Shelf<String, Timestamp>,
    applications: Shelf<ApplicationId, Held<ApplicationRecord>>,
    tokens: Tokens,
    forgeries: Shelf<String, ()>,
    pub(crate) prepared: Prepared,
    /// When the keys of an external key manager were last asked for.
    asked_for_keys: Shelf<String, Timestamp>,
    proofs: Proofs,
    pub(crate) upstreams: Upstreams,
    /// Which upstreams' addresses fail.
    pub(crate) health: routing::Health,
    logins: Logins,
    strangers: Strangers,
    older: Older,
    refused: Refused,
    uses: Uses,
    /// Leases of limits.
    pub book: LeaseBook,
    /// Slots of calls that are under way.
    pub slots: SlotBook,
    /// Answers that are kept for others who ask the same.
    pub(crate) cache: Cache,
    conditions: Conditions,
    /// Who calls, signed for upstreams.
    pub(crate) introductions: Introductions,
    due: Vec<Need>,
    /// When a value of KV could last not be fetched.
    kv_failed_at: Option<Timestamp>,
}

impl Facts {
    fn freshness(&self, now: Timestamp) -> Freshness {
        Freshness::at(now, self.settings.refresh_ms, self.kv_failed_at)
    }

    /// Nothing yet. `holder` is the isolate's random name.
    #[must_use]
    pub fn new(settings: Settings, holder: Holder) -> Self {
        Self {
            settings: Rc::new(settings),
            catalog: Held::default(),
            trust: Held::default(),
            shards: Shelf::of_bytes(SHARDS, SHARD_BYTES),
            deployments: Shelf::of_bytes(DEPLOYMENTS, DEPLOYMENT_BYTES),
            contracts: Shelf::of_bytes(CONTRACTS, CONTRACT_BYTES),
            policies: Shelf::new(POLICY_SETS),
            clients: Shelf::of_bytes(RECORDS, RECORD_BYTES),
            api_keys: Shelf::of_bytes(RECORDS, RECORD_BYTES),
            unknown_keys: Shelf::new(UNKNOWN_KEYS),
            applications: Shelf::of_bytes(RECORDS, RECORD_BYTES),
            tokens: Tokens::new(TOKENS, TOKEN_BYTES),
            forgeries: Shelf::of_bytes(FORGERIES, FORGERY_BYTES),
            prepared: Prepared::new(PREPARED),
            asked_for_keys: Shelf::new(KEY_MANAGERS),
            proofs: Proofs::default(),
            upstreams: Upstreams::default(),
            health: routing::Health::default(),
            logins: Logins::default(),
            strangers: Strangers::default(),
            older: Older::default(),
            refused: Refused::default(),
            uses: Uses::default(),
            slots: SlotBook::new(holder.clone()),
            cache: Cache::new(CACHE_BYTES),
            book: LeaseBook::new(holder, COUNTERS),
            conditions: Conditions::new(),
            introductions: Introductions::default(),
            due: Vec::new(),
            kv_failed_at: None,
        }
    }

    /// What was used although it was no longer fresh, and leases that are nearly spent: the shell fetches these while no
    /// request waits for them.
    pub fn take_due(&mut self, now: Timestamp) -> Vec<Need> {
        let mut due = std::mem::take(&mut self.due);
        let refills = self.book.refill_due(now).into_iter();
        due.extend(refills.map(|call| Need::Lease(Box::new(call))));
        let idle = self.slots.due(now).into_iter();
        due.extend(idle.map(|call| Need::Slots(Box::new(call))));
        due
    }

    /// Says that what a decision lacked is not fetched for it: whoever asks again is told again.
    pub fn unsent(&mut self, needs: &[Need]) {
        for need in needs {
            if let Need::Lease(call) = need {
                self.book.unsent(call);
            }
        }
    }

    /// Bytes of the texts of which configuration, records and tokens that are held were made.
    #[must_use]
    pub const fn held_bytes(&self) -> usize {
        self.shards.bytes()
            + self.deployments.bytes()
            + self.clients.bytes()
            + self.api_keys.bytes()
            + self.applications.bytes()
            + self.forgeries.bytes()
            + self.tokens.bytes()
            + self.proofs.bytes()
    }

    /// What does not change.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Name of the gateway's environment.
    #[must_use]
    pub fn environment(&self) -> &str {
        &self.settings.environment
    }

    /// Version of the catalogue that is held; 0 for none.
    #[must_use]
    pub fn catalog_version(&self) -> u64 {
        self.catalog.value().map_or(0, |catalog| catalog.version)
    }

    /// Version of the issuer's keys and revocations that are held; 0 for none.
    #[must_use]
    pub fn trust_version(&self) -> u64 {
        self.trust.value().map_or(0, |trust| trust.version)
    }

    pub(crate) fn catalog(&mut self, now: Timestamp) -> Result<Rc<Catalog>, Stop> {
        if self.catalog.is_overdue(now) {
            self.kv_failed_at = Some(now);
            self.older.is_kept(&Need::Catalog, now);
        }
        let freshness = self.freshness(now);
        if self.catalog.should_refresh(freshness, now) {
            self.due.push(Need::Catalog);
        }
        self.catalog
            .known(|| Need::Catalog, freshness, now)?
            .ok_or_else(unavailable)
    }

    pub(crate) fn trust(&mut self, now: Timestamp) -> Result<Rc<Trust>, Stop> {
        if self.trust.is_overdue(now) {
            self.kv_failed_at = Some(now);
        }
        let freshness = self.freshness(now);
        if self.trust.should_refresh(freshness, now) {
            self.due.push(Need::Trust);
        }
        self.trust
            .known(|| Need::Trust, freshness, now)?
            .ok_or_else(unavailable)
    }

    pub(crate) fn shard(&mut self, hash: &Hash) -> Result<Rc<Shard>, Stop> {
        let held = self.shards.get(hash).cloned();
        held.ok_or_else(|| Stop::missing(Need::Shard(hash.clone())))
    }

    pub(crate) fn deployment(&mut self, hash: &Hash) -> Result<Rc<Deployment>, Stop> {
        let held = self.deployments.get(hash).cloned();
        held.ok_or_else(|| Stop::missing(Need::Deployment(hash.clone())))
    }

    /// The catalogue with the steps that stand around those of every API; `None` when it has none.
    pub(crate) fn flows_of_all(&self) -> Option<Rc<Catalog>> {
        let catalog = self.catalog.value()?;
        (!catalog.flows.is_empty()).then(|| Rc::clone(catalog))
    }

    pub(crate) fn contract(&mut self, hash: &Hash) -> Result<Rc<Contract>, Stop> {
        let held = self.contracts.get(hash).cloned();
        held.ok_or_else(|| Stop::missing(Need::Contract(hash.clone())))
    }

    pub(crate) fn policies(&mut self, now: Timestamp) -> Result<Rc<Policies>, Stop> {
        let catalog = self.catalog(now)?;
        if let Some(held) = self.policies.get(&catalog.policies) {
            return Ok(Rc::clone(held));
        }
        let missing = Stop::missing(Need::Policies(catalog.policies.clone()));
        self.or_older(missing, now, |older, facts| {
            facts.policies.get(&older.policies).cloned()
        })
    }

    pub(crate) fn client(
        &mut self,
        id: &ClientId,
        now: Timestamp,
    ) -> Result<Option<Rc<ClientRecord>>, Stop> {
        let need = || Need::Client(id.clone());
        let freshness = self.freshness(now);
        look(self.clients.get(id), need, &mut self.due, freshness, now)
    }

    pub(crate) fn application(
        &mut self,
        id: &ApplicationId,
        now: Timestamp,
    ) -> Result<Option<Rc<ApplicationRecord>>, Stop> {
        let need = || Need::Application(id.clone());
        let freshness = self.freshness(now);
        look(
            self.applications.get(id),
            need,
            &mut self.due,
            freshness,
            now,
        )
    }

    /// The claims of a token whose signature was found good, with whether it must still be compared with the revocations.
    pub(crate) fn verified(&mut self, token: &str) -> Option<(Rc<Claims>, bool)> {
        let version = self.trust_version();
        let verified = self.tokens.get(token)?;
        let is_compared = verified.compared_with == version;
        verified.compared_with = version;
        Some((Rc::clone(&verified.claims), !is_compared))
    }

    pub(crate) fn is_forged(&mut self, token: &str) -> bool {
        self.forgeries.get(token).is_some()
    }

    pub(crate) fn forget_token(&mut self, token: &str) {
        self.tokens.remove(token);
    }

    /// Before refusing: is what the refusal rests on old enough to be fetched once more?
    pub(crate) fn recheck(&mut self, need: Need, now: Timestamp) -> Result<(), Stop> {
        let fetched_at = match &need {
            Need::Catalog => self.catalog.fetched_at(),
            Need::Trust => self.trust.fetched_at(),
            Need::Client(id) => self.clients.get(id).and_then(|held| held.fetched_at()),
            Need::Application(id) => self.applications.get(id).and_then(|held| held.fetched_at()),
            Need::Shard(_)
            | Need::Deployment(_)
            | Need::Contract(_)
            | Need::Policies(_)
            | Need::ApiKey(_)
            | Need::Signature { .. }
            | Need::IssuerKeys(_)
            | Need::Reference(_)
            | Need::Secret(_)
            | Need::Introduction(_)
            | Need::Login(_)
            | Need::Lease(_)
            | Need::Turn(_)
            | Need::Slots(_) => return Ok(()),
        };
        if fetched_at.is_some_and(|at| is_final(at, now)) {
            return Ok(());
        }
        Err(Stop::missing(need))
    }
}

/// May a request be refused because of what was fetched then?
fn is_final(fetched_at: Timestamp, now: Timestamp) -> bool {
    now.ms_since(fetched_at) <= RECHECK_MS
}

/// What is held of a record, noting that it should be fetched anew when it is no longer fresh.
fn look<T>(
    held: Option<&mut Held<T>>,
    need: impl Fn() -> Need,
    due: &mut Vec<Need>,
    freshness: Freshness,
    now: Timestamp,
) -> Result<Option<Rc<T>>, Stop> {
    let Some(held) = held else {
        return Err(Stop::missing(need()));
    };
    let freshness = if held.is_overdue(now) {
        freshness.of_silence()
    } else {
        freshness
    };
    if held.should_refresh(freshness, now) {
        due.push(need());
    }
    held.known(need, freshness, now)
}

fn unavailable() -> Stop {
    Problem::new("303100").into()
}

/// A refusal that rests on something younger than this is final; older, it is fetched once more. So a flood of refused
/// calls costs one read a second for each thing that refuses them.
const RECHECK_MS: i64 = 1_000;

// Capacities, which are to keep an isolate below 64 MiB; `tests/bench/memory.mjs` shows what they come to on the runtime.
// What others decide the size of is held by its bytes too, as the text that it came as: in memory it takes about as much
// again.
const SHARDS: usize = 256;
const SHARD_BYTES: usize = 4 << 20;
const DEPLOYMENT_BYTES: usize = 10 << 20;
const DEPLOYMENTS: usize = 1_000;
/// A contract takes some tens of KiB, one of a great definition a MiB.
const CONTRACTS: usize = 64;
const CONTRACT_BYTES: usize = 4 << 20;
const POLICY_SETS: usize = 4;
const RECORD_BYTES: usize = 2 << 20;
const RECORDS: usize = 5_000;
/// Some 100 bytes each.
const UNKNOWN_KEYS: usize = 2_000;
const TOKEN_BYTES: usize = 4 << 20;
const TOKENS: usize = 5_000;
const FORGERY_BYTES: usize = 1 << 20;
const FORGERIES: usize = 500;
const COUNTERS: usize = 10_000;
const PREPARED: usize = 2_000;
const KEY_MANAGERS: usize = 100;
/// Of the 64 MiB that an isolate should stay under.
const CACHE_BYTES: usize = 16 * 1024 * 1024;
