//! What gateway and owner say to each other: JSON with one-letter names, because there is one of these for every block.

use model::Limit;
use serde::{Deserialize, Serialize};

use crate::{CounterKey, ObjectName};

/// Who holds a block: a random name that an isolate takes when it starts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Holder(String);

impl Holder {
    /// A name from 128 random bits.
    #[must_use]
    pub fn from_random(bits: u128) -> Self {
        Self(format!("{bits:032x}"))
    }

    /// A number by which holders are spread evenly; the same for the same holder.
    pub(crate) fn place(&self) -> u32 {
        crate::key::hash_of(&self.0)
    }
}

/// A request and where it goes: the body of a `POST /lease` to the object of that name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeaseCall {
    /// The object.
    pub object: ObjectName,
    /// The body.
    pub request: LeaseRequest,
    /// Which of the object's relays is asked in its place: `POST /relay` to [`ObjectName::of_relay`].
    pub relay: Option<u32>,
    /// A call waits whose policy refuses without the owner. Where none does, a late answer is worth less than an early
    /// decision by the policy.
    pub is_vital: bool,
}

/// All that an isolate wants of one object, in one call. (`holder`, `number`) names it: sent twice, it counts once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeaseRequest {
    /// Who asks.
    #[serde(rename = "h")]
    pub holder: Holder,
    /// Grows with each request of the holder.
    #[serde(rename = "n")]
    pub number: u64,
    /// The limits of which a block is wanted; at most [`LeaseRequest::MAX_ASKS`].
    #[serde(rename = "a")]
    pub asks: Vec<Ask>,
    /// What the holder no longer needs; at most [`LeaseRequest::MAX_RETURNS`].
    #[serde(rename = "b", default, skip_serializing_if = "Vec::is_empty")]
    pub returns: Vec<GiveBack>,
    /// Holders for whom this is asked: 1, or those of a relay. 0 from a gateway that knows no relays.
    #[serde(rename = "f", default, skip_serializing_if = "is_none")]
    pub holders: u32,
}

/// A block wanted of one counter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    /// The counter.
    #[serde(rename = "k")]
    pub key: CounterKey,
    /// The limit in force.
    #[serde(rename = "l")]
    pub limit: Limit,
    /// Units that a waiting call needs at once; 0 when nobody waits. Either all waiting asks of a request are granted or
    /// none, since the call needs all of them.
    #[serde(rename = "c")]
    pub cost: u64,
    /// Units that the holder expects to spend soon; at least `cost`.
    #[serde(rename = "w")]
    pub want: u64,
    /// Units that calls have used already, beyond what was granted: debited whatever is left, once for this request.
    #[serde(rename = "o", default, skip_serializing_if = "is_zero")]
    pub owed: u64,
}

fn is_zero(units: &u64) -> bool {
    *units == 0
}

fn is_none(count: &u32) -> bool {
    *count == 0
}

/// Unspent units of a block.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GiveBack {
    /// The counter.
    #[serde(rename = "k")]
    pub key: CounterKey,
    /// Number of the request that got the block.
    #[serde(rename = "n")]
    pub number: u64,
    /// Units that were not spent and will not be.
    #[serde(rename = "u")]
    pub units: u64,
}

/// The owner's answer: one outcome for each ask, in the same order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeaseReply {
    /// In the order of the asks.
    #[serde(rename = "o")]
    pub outcomes: Vec<Outcome>,
    /// How many relays are to be asked in the owner's place from now on; 0 for none.
    #[serde(rename = "s", default, skip_serializing_if = "is_none")]
    pub relays: u32,
}

/// What came of one ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    /// Units granted, to be spent within `ends_in_ms`.
    #[serde(rename = "u")]
    pub units: u64,
    /// Units that the window has left after this grant.
    #[serde(rename = "r")]
    pub remaining: u64,
    /// Milliseconds from the owner's decision to the end of the window.
    #[serde(rename = "e")]
    pub ends_in_ms: i64,
    /// Nothing more is to be had before `ends_in_ms`: the window cannot give what the ask needs, or, with units, these
    /// are the last of a burst. (Without this, no units means that another limit of the same call refused.)
    #[serde(rename = "d", default, skip_serializing_if = "std::ops::Not::not")]
    pub denied: bool,
}

impl LeaseRequest {
    /// A call has six limits at most; refills may add those of other calls.
    pub const MAX_ASKS: usize = 32;
    /// What is left over waits for the next request.
    pub const MAX_RETURNS: usize = 64;

    /// Reads a request body.
    ///
    /// # Errors
    /// [`Malformed`] when it is not the JSON of a request, or is beyond its bounds.
    pub fn parse(body: &[u8]) -> Result<Self, Malformed> {
        let request: Self =
            serde_json::from_slice(body).map_err(|error| Malformed(error.to_string()))?;
        if request.asks.len() > Self::MAX_ASKS {
            return Err(Malformed(format!(
                "`a` has more than {} entries",
                Self::MAX_ASKS
            )));
        }
        if request.returns.len() > Self::MAX_RETURNS {
            return Err(Malformed(format!(
                "`b` has more than {} entries",
                Self::MAX_RETURNS
            )));
        }
        let is_repeated = |(place, ask): (usize, &Ask)| {
            request
                .asks
                .iter()
                .take(place)
                .any(|other| other.key == ask.key)
        };
        if request.asks.iter().enumerate().any(is_repeated) {
            return Err(Malformed("`a` names a counter twice".to_owned()));
        }
        let keys = request.asks.iter().map(|ask| &ask.key);
        let too_long = |key: &CounterKey| key.as_str().len() > CounterKey::MAX_BYTES;
        if keys
            .chain(request.returns.iter().map(|given| &given.key))
            .any(too_long)
        {
            return Err(Malformed(format!(
                "`k` is longer than {} bytes",
                CounterKey::MAX_BYTES
            )));
        }
        if request.holder.0.is_empty() || request.holder.0.len() > MAX_HOLDER_BYTES {
            return Err(Malformed(format!(
                "`h` is not 1 to {MAX_HOLDER_BYTES} bytes long"
            )));
        }
        Ok(request)
    }
}

/// Forgets what counters have counted: the body of a `POST /reset` to their object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResetRequest {
    /// The counters; at most [`LeaseRequest::MAX_ASKS`]. One that has counted nothing is no fault.
    #[serde(rename = "k")]
    pub keys: Vec<CounterKey>,
}

impl ResetRequest {
    /// Reads a request body.
    ///
    /// # Errors
    /// [`Malformed`] when it is not the JSON of a request, or is beyond its bounds.
    pub fn parse(body: &[u8]) -> Result<Self, Malformed> {
        let request: Self =
            serde_json::from_slice(body).map_err(|error| Malformed(error.to_string()))?;
        let most = LeaseRequest::MAX_ASKS;
        if request.keys.is_empty() || request.keys.len() > most {
            return Err(Malformed(format!("`k` has not 1 to {most} entries")));
        }
        Ok(request)
    }
}

/// Why a message between gateway and owner cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed(pub(crate) String);

impl std::fmt::Display for Malformed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "not a lease message: {}", self.0)
    }
}

impl std::error::Error for Malformed {}

const MAX_HOLDER_BYTES: usize = 64;
