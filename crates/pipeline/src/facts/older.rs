//! What serves when the newest configuration cannot be had or understood: that of before, as long as it takes.

use std::{collections::VecDeque, rc::Rc};

use model::{Catalog, Hash, Timestamp};

use super::Facts;
use crate::{Need, decision::Stop, shelf::Shelf};

#[derive(Debug)]
pub(super) struct Older {
    /// The catalogues of before, the newest first.
    catalogs: VecDeque<Rc<Catalog>>,
    /// Values that a catalogue names and that could not be had or understood, with when that was last tried.
    unreadable: Shelf<Hash, Timestamp>,
    /// What the log has not been told yet.
    complaints: Vec<String>,
    is_catalog_kept: bool,
    is_trust_kept: bool,
}

impl Default for Older {
    fn default() -> Self {
        Self {
            catalogs: VecDeque::new(),
            unreadable: Shelf::new(UNREADABLE),
            complaints: Vec::new(),
            is_catalog_kept: false,
            is_trust_kept: false,
        }
    }
}

impl Older {
    pub(super) fn catalog_came(&mut self, replaced: Option<Rc<Catalog>>) {
        self.is_catalog_kept = false;
        // What was unreadable may be there by now.
        if let Some(catalog) = replaced {
            self.catalogs.push_front(catalog);
            self.catalogs.truncate(CATALOGS);
        }
    }

    pub(super) const fn trust_came(&mut self) {
        self.is_trust_kept = false;
    }

    /// A value of this need could not be had or understood. Is there one of before that may serve in its place?
    pub(super) fn is_kept(&mut self, need: &Need, now: Timestamp) -> bool {
        self.is_catalog_kept |= matches!(need, Need::Catalog);
        self.is_trust_kept |= matches!(need, Need::Trust);
        let Some(hash) = need.hash() else {
            return false;
        };
        self.unreadable.put(hash.clone(), now);
        !self.catalogs.is_empty()
    }

    pub(super) fn came(&mut self, need: &Need) {
        if let Some(hash) = need.hash() {
            self.unreadable.remove(hash);
        }
    }

    pub(super) fn complain(&mut self, complaint: String) {
        if self.complaints.len() < COMPLAINTS {
            self.complaints.push(complaint);
        }
    }
}

impl Facts {
    /// What could not be understood and was refused, for the log: no value, only which it was and why.
    pub fn take_complaints(&mut self) -> Vec<String> {
        std::mem::take(&mut self.older.complaints)
    }

    /// What of the configuration this isolate could not bring up to date, for callers who ask.
    pub(crate) const fn kept(&self) -> Option<&'static str> {
        match (self.older.is_catalog_kept, self.older.is_trust_kept) {
            (true, _) => Some("config"),
            (false, true) => Some("keys"),
            (false, false) => None,
        }
    }

    /// Looks for something in the catalogues of before, when what the newest one lacks could not be had lately.
    ///
    /// # Errors
    /// What is missing, where it may be asked for now; else that nothing can be said.
    pub(crate) fn or_older<T>(
        &mut self,
        missing: Stop,
        now: Timestamp,
        look: impl Fn(&Catalog, &mut Self) -> Option<T>,
    ) -> Result<T, Stop> {
        let Stop::Missing(needs) = &missing else {
            return Err(missing);
        };
        let Some((need, hash)) = needs.iter().find_map(|need| Some((need, need.hash()?))) else {
            return Err(missing);
        };
        let Some(tried_at) = self.older.unreadable.get(hash).copied() else {
            return Err(missing);
        };
        let catalogs = self.older.catalogs.clone();
        let found = catalogs.iter().find_map(|catalog| look(catalog, self));
        let age_ms = now.ms_since(tried_at);
        let Some(found) = found else {
            return Err(if age_ms < TRY_AGAIN_MS {
                super::unavailable()
            } else {
                missing
            });
        };
        self.older.is_catalog_kept = true;
        if age_ms >= ASK_AGAIN_MS {
            self.older.unreadable.put(hash.clone(), now);
            self.due.push(need.clone());
        }
        Ok(found)
    }
}

impl Need {
    /// The name of a value that never changes under it.
    const fn hash(&self) -> Option<&Hash> {
        match self {
            Self::Shard(hash) | Self::Deployment(hash) | Self::Policies(hash) => Some(hash),
            Self::Catalog
            | Self::Trust
            | Self::Contract(_)
            | Self::Client(_)
            | Self::ApiKey(_)
            | Self::Application(_)
            | Self::Signature { .. }
            | Self::IssuerKeys(_)
            | Self::Reference(_)
            | Self::Secret(_)
            | Self::Introduction(_)
            | Self::Login(_)
            | Self::Lease(_)
            | Self::Turn(_)
            | Self::Slots(_) => None,
        }
    }
}

/// Some 20 KiB each.
const CATALOGS: usize = 4;
const UNREADABLE: usize = 1_000;
const COMPLAINTS: usize = 8;
/// How often calls wait for a value that could not be had, and that nothing stands in for.
const TRY_AGAIN_MS: i64 = 1_000;
/// How often it is asked for while nobody waits.
const ASK_AGAIN_MS: i64 = 5_000;
