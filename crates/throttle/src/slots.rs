//! Slots: how many calls may be under way at the same time.
//!
//! A limit's owner lends slots to isolates ([`Slots`]); an isolate keeps them while its calls are under way and gives back
//! what it does not need ([`SlotBook`]). Each slot lent has a deadline, so that one whose isolate died comes back by itself.
//! A message says how many slots its holder wants altogether, and is numbered: repeated, lost or late ones change nothing
//! that a later one has settled.

use std::collections::BTreeMap;

use model::{FailureMode, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{CounterKey, Holder, Malformed, ObjectName};

/// How many slots of one limit a holder wants: the body of a `POST /slots`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SlotRequest {
    /// Who asks.
    #[serde(rename = "h")]
    pub holder: Holder,
    /// Grows with each request of the holder.
    #[serde(rename = "n")]
    pub number: u64,
    /// The limit.
    #[serde(rename = "k")]
    pub key: CounterKey,
    /// Calls that may be under way altogether.
    #[serde(rename = "m")]
    pub most: u32,
    /// Slots that the holder wants to have after this; 0 gives all back.
    #[serde(rename = "w")]
    pub want: u32,
}

impl SlotRequest {
    /// Reads a request body.
    ///
    /// # Errors
    /// [`Malformed`] when it is not the JSON of a request.
    pub fn parse(body: &[u8]) -> Result<Self, Malformed> {
        serde_json::from_slice(body).map_err(|error| Malformed(error.to_string()))
    }
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlotReply {
    /// Slots that the holder has now.
    #[serde(rename = "u")]
    pub units: u32,
}

/// The owner's side: the row of one limit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slots(BTreeMap<Holder, Lent>);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Lent {
    units: u32,
    number: u64,
    until: Timestamp,
}

impl Slots {
    /// Lends what can be lent. Write the row before the reply leaves.
    pub fn lend(&mut self, request: &SlotRequest, now: Timestamp) -> SlotReply {
        self.0.retain(|_, lent| lent.until > now);
        let known = self.0.get(&request.holder).copied();
        if let Some(lent) = known.filter(|lent| lent.number >= request.number) {
            return SlotReply { units: lent.units };
        }
        let others = self
            .0
            .iter()
            .filter(|(holder, _)| **holder != request.holder);
        let taken = others.fold(0_u32, |sum, (_, lent)| sum.saturating_add(lent.units));
        let units = request.want.min(request.most.saturating_sub(taken));
        let lent = Lent {
            units,
            number: request.number,
            until: now.plus_ms(LENT_FOR_MS),
        };
        if known.is_some() || self.0.len() < HOLDERS_AT_MOST {
            self.0.insert(request.holder.clone(), lent);
            return SlotReply { units };
        }
        SlotReply { units: 0 }
    }

    /// Is nothing lent?
    #[must_use]
    pub fn is_idle(&self, now: Timestamp) -> bool {
        self.0.values().all(|lent| lent.until <= now)
    }
}

/// A call that wants a slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlotCharge {
    /// The owner of the limit.
    pub object: ObjectName,
    /// The limit.
    pub key: CounterKey,
    /// Calls that may be under way.
    pub most: u32,
    /// What happens when the owner cannot be reached.
    pub on_failure: FailureMode,
}

/// A request and where it goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlotCall {
    /// The object.
    pub object: ObjectName,
    /// The body.
    pub request: SlotRequest,
}

/// Is there a slot?
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Slot {
    /// There is: [`SlotBook::take`] it.
    Free,
    /// All are in use.
    Full,
    /// The owner cannot be reached, and the policy refuses then.
    Unreachable,
    /// The owner has to be asked.
    Missing(SlotCall),
}

/// A slot in use, until it is given to [`SlotBook::close`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    key: CounterKey,
    number: u64,
}

/// The gateway's side.
#[derive(Clone, Debug)]
pub struct SlotBook {
    holder: Holder,
    last: u64,
    entries: BTreeMap<CounterKey, Entry>,
}

#[derive(Clone, Debug)]
struct Entry {
    object: ObjectName,
    most: u32,
    held: u32,
    until: Timestamp,
    /// Calls under way, with the moment at which each began.
    open: BTreeMap<u64, Timestamp>,
    /// Calls that asked since the owner last answered.
    waiting: u32,
    /// Slots that the owner may have lent: never asked for fewer, but to give back.
    wanted: u32,
    /// Number of the newest request that was settled; what comes of older ones says nothing any more.
    settled: u64,
    full_until: Timestamp,
    down_until: Timestamp,
    /// The most calls under way since the moment.
    peak: (u32, Timestamp),
}

impl SlotBook {
    /// Nothing held by `holder` yet.
    #[must_use]
    pub const fn new(holder: Holder) -> Self {
        Self {
            holder,
            last: 0,
            entries: BTreeMap::new(),
        }
    }

    /// Is there a slot for a call?
    pub fn look(&mut self, charge: &SlotCharge, now: Timestamp) -> Slot {
        self.make_room();
        let entry = self.entries.entry(charge.key.clone());
        let entry = entry.or_insert_with(|| Entry::new(charge, now));
        entry.most = charge.most;
        entry
            .open
            .retain(|_, began| now.ms_since(*began) < LENT_FOR_MS);
        let open = entry.open();
        if entry.until > now && open < entry.held.min(charge.most) {
            return Slot::Free;
        }
        if open >= charge.most || entry.full_until > now {
            return Slot::Full;
        }
        if entry.down_until > now {
            return match charge.on_failure {
                FailureMode::Open => Slot::Free,
                FailureMode::Closed => Slot::Unreachable,
                FailureMode::Local if open < (charge.most / LOCAL_SHARES).max(1) => Slot::Free,
                FailureMode::Local => Slot::Unreachable,
            };
        }
        entry.waiting = entry.waiting.saturating_add(1);
        let want = open.saturating_add(entry.waiting).max(entry.wanted);
        let want = want.min(charge.most);
        entry.wanted = want;
        let object = charge.object.clone();
        Slot::Missing(SlotCall {
            request: self.request(&charge.key, charge.most, want),
            object,
        })
    }

    /// Uses a slot that [`Self::look`] has just found.
    pub fn take(&mut self, key: &CounterKey, now: Timestamp) -> Taken {
        self.last += 1;
        if let Some(entry) = self.entries.get_mut(key) {
            entry.open.insert(self.last, now);
            entry.peak.0 = entry.peak.0.max(entry.open());
        }
        Taken {
            key: key.clone(),
            number: self.last,
        }
    }

    /// The call is over. `true`: in two seconds, [`Self::due`] may have something to give back.
    pub fn close(&mut self, taken: &Taken) -> bool {
        let Some(entry) = self.entries.get_mut(&taken.key) else {
            return false;
        };
        entry.open.remove(&taken.number);
        entry.open.is_empty()
    }

    /// Takes the owner's word; `None` when it could not be reached.
    pub fn receive(
        &mut self,
        call: &SlotCall,
        reply: Option<SlotReply>,
        sent_at: Timestamp,
        now: Timestamp,
    ) {
        let Some(entry) = self.entries.get_mut(&call.request.key) else {
            return;
        };
        entry.waiting = 0;
        if call.request.number < entry.settled {
            return;
        }
        let Some(SlotReply { units }) = reply else {
            entry.down_until = now.plus_ms(DOWN_FOR_MS);
            return;
        };
        entry.settled = call.request.number;
        entry.held = units;
        entry.until = sent_at.plus_ms(LENT_FOR_MS);
        entry.down_until = Timestamp(i64::MIN);
        if units < call.request.want || units <= entry.open() {
            entry.full_until = now.plus_ms(FULL_FOR_MS);
        }
    }

    /// What can be given back: slots that were not needed for a second.
    pub fn due(&mut self, now: Timestamp) -> Vec<SlotCall> {
        if self.entries.is_empty() {
            return Vec::new();
        }
        let mut idle = Vec::new();
        for (key, entry) in &mut self.entries {
            let (peak, since) = entry.peak;
            if now.ms_since(since) < IDLE_AFTER_MS {
                continue;
            }
            entry.peak = (entry.open(), now);
            if entry.held > peak {
                self.last += 1;
                (entry.held, entry.wanted, entry.settled) = (peak, peak, self.last);
                idle.push(SlotCall {
                    object: entry.object.clone(),
                    request: SlotRequest {
                        holder: self.holder.clone(),
                        number: self.last,
                        key: key.clone(),
                        most: entry.most,
                        want: peak,
                    },
                });
            }
        }
        self.entries
            .retain(|_, entry| entry.held > 0 || entry.wanted > 0 || !entry.open.is_empty());
        idle
    }

    fn request(&mut self, key: &CounterKey, most: u32, want: u32) -> SlotRequest {
        self.last += 1;
        SlotRequest {
            holder: self.holder.clone(),
            number: self.last,
            key: key.clone(),
            most,
            want,
        }
    }

    fn make_room(&mut self) {
        if self.entries.len() >= LIMITS_AT_MOST {
            self.entries.retain(|_, entry| !entry.open.is_empty());
        }
    }
}

impl Entry {
    fn new(charge: &SlotCharge, now: Timestamp) -> Self {
        let never = Timestamp(i64::MIN);
        Self {
            object: charge.object.clone(),
            most: charge.most,
            held: 0,
            until: never,
            open: BTreeMap::new(),
            waiting: 0,
            wanted: 0,
            settled: 0,
            full_until: never,
            down_until: never,
            peak: (0, now),
        }
    }

    fn open(&self) -> u32 {
        u32::try_from(self.open.len()).unwrap_or(u32::MAX)
    }
}

/// A slot that is not asked about again comes back after this, and a call that takes longer is no longer counted.
const LENT_FOR_MS: i64 = 300_000;
/// For how long a refusal is remembered.
const FULL_FOR_MS: i64 = 250;
/// How long an owner that failed is left alone.
const DOWN_FOR_MS: i64 = 1_000;
/// Slots that were not needed for this long go back.
const IDLE_AFTER_MS: i64 = 1_000;
/// Without its owner a limit admits one part in this many per isolate, at least 1.
const LOCAL_SHARES: u32 = 10;
const LIMITS_AT_MOST: usize = 2_000;
const HOLDERS_AT_MOST: usize = 1_000;

#[cfg(test)]
mod tests;
