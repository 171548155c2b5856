//! Taking in what the shell fetched. Configuration is read as if a stranger wrote it: what cannot be understood, or is
//! of a newer schema, or is older than what is held, changes nothing.

use std::rc::Rc;

use credential::{Claims, DpopProof, Jwt, ReferenceToken, read_external};
use expression::Expression;
use model::{Catalog, Deployment, Flows, Hash, PolicySet, Stored, Timestamp, Trust};
use validate::{CONTRACT_SCHEMA, Contract};

use super::{Facts, Held, Person, tokens::Verified};
use crate::{Need, policies::Policies};

/// What came of fetching a [`Need`].
#[derive(Clone, Debug)]
pub enum Fetched {
    /// The value's text from KV.
    Value(String),
    /// KV has no such key.
    Absent,
    /// The signature is by the key, or is not.
    Signature(bool),
    /// It could not be fetched.
    Failed,
}

impl Facts {
    /// Takes in what came of fetching `need`.
    ///
    /// # Errors
    /// What to tell the log; the request that needs it cannot go on and is answered 503.
    pub fn put(&mut self, need: &Need, fetched: Fetched, now: Timestamp) -> Result<(), String> {
        if let Need::IssuerKeys(key_manager) = need {
            self.asked_for_keys_of(key_manager, now);
        }
        if need.is_of_kv() {
            let failed_at = self.kv_failed_at;
            self.kv_failed_at = if matches!(fetched, Fetched::Failed) {
                Some(now)
            } else {
                // One answer after a silence may have been the slow one.
                failed_at.filter(|at| now.ms_since(*at) < WELL_AFTER_MS)
            };
        }
        match (need, fetched) {
            (
                Need::Signature {
                    token, key_manager, ..
                },
                Fetched::Signature(good),
            ) => {
                match key_manager {
                    Some(id) => self.put_external_signature(token, id, good),
                    None => self.put_signature(token, good),
                }
                Ok(())
            }
            // The decision goes on with the keys that are here.
            (Need::IssuerKeys(_), Fetched::Absent | Fetched::Failed) => Ok(()),
            (_, Fetched::Value(text)) => self.put_value(need, &text, now),
            (_, Fetched::Absent) => self.put_absent(need, now),
            (_, Fetched::Signature(_) | Fetched::Failed) => self.keep(need, now),
        }
    }

    fn put_value(&mut self, need: &Need, text: &str, now: Timestamp) -> Result<(), String> {
        let taken = match need {
            Need::Catalog => self.put_catalog(text, now),
            Need::Trust | Need::IssuerKeys(_) => self.put_trust(text, now),
            Need::Shard(hash) => named(hash, text)
                .map(|it| self.shards.put_of(text.len(), hash.clone(), Rc::new(it))),
            Need::Deployment(hash) => named(hash, text).and_then(understood).map(|it| {
                self.deployments
                    .put_of(text.len(), hash.clone(), Rc::new(it))
            }),
            Need::Contract(hash) => contract(hash, text)
                .map(|it| self.contracts.put_of(text.len(), hash.clone(), Rc::new(it))),
            Need::Policies(hash) => {
                let set: Result<PolicySet, _> = named(hash, text);
                set.map(|it| {
                    self.policies
                        .put(hash.clone(), Rc::new(Policies::prepare(it)))
                })
            }
            Need::Client(id) => {
                held(text, now).map(|it| self.clients.put_of(text.len(), id.clone(), it))
            }
            Need::ApiKey(digest) => {
                self.unknown_keys.remove(digest);
                held(text, now).map(|it| self.api_keys.put_of(text.len(), digest.clone(), it))
            }
            Need::Application(id) => {
                held(text, now).map(|it| self.applications.put_of(text.len(), id.clone(), it))
            }
            Need::Reference(token) => self.put_reference(token, text),
            Need::Secret(name) => {
                self.put_secret(name, text);
                Ok(())
            }
            Need::Introduction(introduction) => read_signed(text).map(|(token, seconds)| {
                self.introductions.keep(introduction, &token, seconds, now)
            }),
            Need::Login(login) => {
                read_person(text).map(|person| self.put_login(login, Some(person), now))
            }
            Need::Signature { .. } | Need::Lease(_) | Need::Turn(_) | Need::Slots(_) => Ok(()),
        };
        match taken {
            Ok(()) => {
                self.older.came(need);
                self.accept(need);
                Ok(())
            }
            Err(reason) => {
                self.older.complain(format!("{}: {reason}", need.name()));
                self.refuse(need, &reason);
                self.keep(need, now).map_err(|_| reason)
            }
        }
    }

    fn put_catalog(&mut self, text: &str, now: Timestamp) -> Result<(), String> {
        let new = Catalog::read(text)?;
        conditions(&new.flows)?;
        if new.version < self.catalog_version() {
            self.catalog.keep(now);
            return Ok(());
        }
        let replaced = self.catalog.value().filter(|old| ***old != new).cloned();
        if replaced.is_some() {
            self.begin(&new);
        }
        self.older.catalog_came(replaced);
        self.catalog = Held::fetched(Some(Rc::new(new)), now);
        Ok(())
    }

    fn put_trust(&mut self, text: &str, now: Timestamp) -> Result<(), String> {
        let new = Trust::read(text)?;
        if new.version < self.trust_version() {
            self.trust.keep(now);
            return Ok(());
        }
        self.older.trust_came();
        self.keep_tokens_of(&new);
        self.trust = Held::fetched(Some(Rc::new(new)), now);
        Ok(())
    }

    /// A pointer that is not there yet is an empty one; a value that a pointer names and that is not there is a failure
    /// (KV shows writes late); a record that is not there is an unknown credential.
    fn put_absent(&mut self, need: &Need, now: Timestamp) -> Result<(), String> {
        match need {
            Need::Catalog if self.catalog.value().is_none() => {
                self.catalog = Held::fetched(Some(Rc::default()), now);
                Ok(())
            }
            Need::Trust if self.trust.value().is_none() => {
                self.trust = Held::fetched(Some(Rc::default()), now);
                Ok(())
            }
            Need::Client(id) => {
                self.clients.put(id.clone(), Held::fetched(None, now));
                Ok(())
            }
            Need::ApiKey(digest) => {
                self.api_keys.remove(digest);
                self.unknown_keys.put(digest.clone(), now);
                Ok(())
            }
            Need::Application(id) => {
                self.applications.put(id.clone(), Held::fetched(None, now));
                Ok(())
            }
            Need::Login(login) => {
                self.put_login(login, None, now);
                Ok(())
            }
            Need::Reference(token) => {
                self.forge(token.reveal());
                Ok(())
            }
            Need::Catalog
            | Need::Trust
            | Need::Shard(_)
            | Need::Deployment(_)
            | Need::Contract(_)
            | Need::Policies(_)
            | Need::Signature { .. }
            | Need::IssuerKeys(_)
            | Need::Lease(_)
            | Need::Turn(_)
            | Need::Secret(_)
            | Need::Introduction(_)
            | Need::Slots(_) => self.keep(need, now),
        }
    }

    /// What is held stays as it is.
    fn keep(&mut self, need: &Need, now: Timestamp) -> Result<(), String> {
        let is_kept = self.older.is_kept(need, now);
        self.refuse(need, "not to be had");
        let kept = match need {
            Need::Catalog => kept(Some(&mut self.catalog), now),
            Need::Trust | Need::IssuerKeys(_) => kept(Some(&mut self.trust), now),
            Need::Client(id) => kept(self.clients.get(id), now),
            Need::ApiKey(digest) => match self.unknown_keys.get(digest) {
                Some(at) => {
                    *at = now;
                    true
                }
                None => kept(self.api_keys.get(digest), now),
            },
            Need::Application(id) => kept(self.applications.get(id), now),
            Need::Shard(_) | Need::Deployment(_) | Need::Policies(_) => is_kept,
            // Nothing of before may serve in its place: a call is held to the contract of its own Deployment.
            Need::Contract(_)
            | Need::Signature { .. }
            | Need::Reference(_)
            | Need::Secret(_)
            | Need::Introduction(_)
            | Need::Login(_)
            | Need::Lease(_)
            | Need::Turn(_)
            | Need::Slots(_) => false,
        };
        if kept {
            Ok(())
        } else {
            Err(format!("not to be had: {}", need.name()))
        }
    }

    /// The claims of an opaque token, which the Key Manager has judged. From then on it is compared with the revocations
    /// as a signed one is.
    fn put_reference(&mut self, token: &ReferenceToken, text: &str) -> Result<(), String> {
        let raw = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let claims = Claims::read(&raw).map_err(|fault| fault.to_string())?;
        let verified = Verified {
            claims: Rc::new(claims),
            kid: None,
            compared_with: u64::MAX,
        };
        self.tokens.put(token.reveal(), verified);
        Ok(())
    }

    /// By the rules of an issuer that may have gone meanwhile: then nothing is known of the token.
    fn put_external_signature(&mut self, token: &str, key_manager: &str, good: bool) {
        if !good {
            self.forge(token);
            return;
        }
        let trust = self.trust.value().cloned().unwrap_or_default();
        let issuer = trust.external.iter().find(|it| it.id == key_manager);
        let read = issuer.zip(Jwt::parse(token).ok());
        let read = read.and_then(|(issuer, jwt)| read_external(&jwt.claims, issuer).ok());
        if let Some(claims) = read {
            let verified = Verified {
                claims: Rc::new(claims),
                kid: None,
                compared_with: u64::MAX,
            };
            self.tokens.put(token, verified);
        }
    }

    /// Remembers what is not to be believed.
    pub(super) fn forge(&mut self, text: &str) {
        self.forgeries.put_of(text.len(), text.to_owned(), ());
    }

    fn put_signature(&mut self, token: &str, good: bool) {
        let jwt = Jwt::parse(token).ok();
        if jwt.as_ref().is_some_and(DpopProof::is_one) {
            return self.put_proof(token, good);
        }
        let claims = jwt.and_then(|jwt| {
            let kid = jwt.kid().unwrap_or_default().to_owned();
            Claims::read(&jwt.claims).ok().map(|claims| (claims, kid))
        });
        match claims {
            Some((claims, kid)) if good => {
                let verified = Verified {
                    claims: Rc::new(claims),
                    kid: Some(kid),
                    compared_with: u64::MAX,
                };
                self.tokens.put(token, verified);
            }
            _ => self.forge(token),
        }
    }
}

/// How long after a failure an answer counts as the end of it.
const WELL_AFTER_MS: i64 = 5_000;

fn kept<T>(held: Option<&mut Held<T>>, now: Timestamp) -> bool {
    let Some(held) = held else { return false };
    held.keep(now);
    held.fetched_at().is_some()
}

fn held<T: Stored>(text: &str, now: Timestamp) -> Result<Held<T>, String> {
    T::read(text).map(|value| Held::fetched(Some(Rc::new(value)), now))
}

fn read_signed(text: &str) -> Result<(String, i64), String> {
    #[derive(serde::Deserialize)]
    struct Signed {
        token: String,
        seconds: i64,
    }
    let signed: Signed = serde_json::from_str(text).map_err(|error| error.to_string())?;
    Ok((signed.token, signed.seconds))
}

fn read_person(text: &str) -> Result<Person, String> {
    serde_json::from_str(text).map_err(|error| error.to_string())
}

/// Reads a value that is named by its hash, refusing what is another one, or only a part of it.
fn named<T: Stored>(hash: &Hash, text: &str) -> Result<T, String> {
    if Hash::of(text.as_bytes()) != *hash {
        return Err("what stands under its name is not what was written".to_owned());
    }
    T::read(text)
}

/// A Deployment whose conditions can all be read: no call meets one that cannot, and what it is for would be left out.
fn understood(deployment: Deployment) -> Result<Deployment, String> {
    deployment.steps.iter().try_for_each(conditions)?;
    Ok(deployment)
}

fn conditions(flows: &Flows) -> Result<(), String> {
    let mut steps = [&flows.request, &flows.response, &flows.fault]
        .into_iter()
        .flatten();
    let read = |text: &String| Expression::read(text).map(drop);
    steps.try_for_each(|step| {
        let wrong = step.condition.as_ref().map_or(Ok(()), read);
        wrong.map_err(|wrong| format!("a condition of a policy cannot be read: {wrong}"))
    })
}

/// A contract, whose schema is its own.
fn contract(hash: &Hash, text: &str) -> Result<Contract, String> {
    if Hash::of(text.as_bytes()) != *hash {
        return Err("what stands under its name is not what was written".to_owned());
    }
    let contract: Contract = serde_json::from_str(text).map_err(|error| error.to_string())?;
    if contract.schema > CONTRACT_SCHEMA {
        return Err("the contract is newer than this gateway; update it".to_owned());
    }
    Ok(contract)
}

impl Need {
    /// What it is, for the log; never a token or a digest.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Catalog => "catalog",
            Self::Trust => "trust",
            Self::Shard(_) => "shard",
            Self::Deployment(_) => "deployment",
            Self::Contract(_) => "contract",
            Self::Policies(_) => "policies",
            Self::Client(_) => "client",
            Self::ApiKey(_) => "api-key",
            Self::Application(_) => "application",
            Self::Signature { .. } => "signature",
            Self::IssuerKeys(_) => "issuer-keys",
            Self::Reference(_) => "reference-token",
            Self::Secret(_) => "upstream-secret",
            Self::Introduction(_) => "introduction",
            Self::Login(_) => "login",
            Self::Lease(_) => "lease",
            Self::Turn(_) => "turn",
            Self::Slots(_) => "slots",
        }
    }
}
