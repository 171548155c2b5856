//! What is deployed where: a small mutable pointer over immutable values, so that a deploy changes one pointer, one
//! shard and one Deployment, and no request ever waits for the whole catalogue.
//!
//! ```text
//! catalog/<environment>  (pointer)  -> version, policies hash, shard hashes
//! shard/<hash>           (immutable) -> routes whose first path segment falls into the shard
//! deployment/<hash>      (immutable) -> the compiled API
//! policies/<hash>        (immutable) -> every throttle policy
//! ```

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{ApiId, Flows, Hash};

/// The pointer: KV `catalog/<environment>`, written by portal-api only. Versions only grow.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Catalog {
    /// [`crate::SCHEMA_VERSION`] of the writer.
    pub schema: u32,
    /// Grows with each publication; a gateway never goes back to a lower one.
    pub version: u64,
    /// Name of the [`crate::PolicySet`].
    pub policies: Hash,
    /// Shard number to shard name; an absent shard is empty.
    pub shards: BTreeMap<u16, Hash>,
    /// What is done to the calls of every API of the environment, around what its own policies do.
    #[serde(default, skip_serializing_if = "Flows::is_empty")]
    pub flows: Flows,
    /// The Deployments that were put there last, the newest first: a gateway that serves takes them up ahead of calls, and
    /// so finds out at once whether it can.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub latest: Vec<Hash>,
}

/// The routes of one shard: KV `shard/<hash>`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shard {
    /// [`crate::SCHEMA_VERSION`] of the writer.
    pub schema: u32,
    /// In no particular order; the longest matching base path wins.
    pub routes: Vec<Route>,
}

/// A base path and what runs there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Route {
    /// Canonical base path, for example `/petstore/1.0.0` or, for a default version, `/petstore`.
    pub base_path: String,
    /// Virtual host; `None` serves every host of the environment.
    pub host: Option<String>,
    /// The API.
    pub api: ApiId,
    /// Name of its Deployment.
    pub deployment: Hash,
}

/// How many shards the catalogue has: 10,000 APIs are 40 routes a shard.
pub const SHARD_COUNT: u16 = 256;

/// The shard of a canonical path or base path: FNV-1a of its first segment, modulo [`SHARD_COUNT`].
#[must_use]
pub fn shard_of(path: &str) -> u16 {
    let hash = first_segment(path)
        .bytes()
        .fold(0x811c_9dc5_u32, |hash, byte| {
            (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
        });
    (hash % u32::from(SHARD_COUNT)) as u16
}

/// `petstore` of `/petstore/1.0.0/pet`; empty for `/`.
#[must_use]
pub fn first_segment(path: &str) -> &str {
    path.trim_start_matches('/')
        .split('/')
        .next()
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_falls_into_the_shard_of_its_base_path() {
        for path in ["/petstore/1.0.0/pet/7", "/petstore/1.0.0", "/petstore"] {
            assert_eq!(shard_of(path), shard_of("/petstore/1.0.0"), "{path}");
        }
        assert!(shard_of("/") < SHARD_COUNT);
    }
}
