//! Conditions on a call: what its address, headers, query or claims have to look like.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

/// One test of a call, as it is or turned round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Condition {
    /// What is looked at.
    pub about: Trait,
    /// Met when the test fails (WSO2 `invertCondition`).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub inverted: bool,
}

/// What a [`Condition`] looks at, and what it wants there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trait {
    /// The client's address lies between the two, both included and of one family. One address is a range of itself.
    Address {
        /// Lowest.
        from: IpAddr,
        /// Highest.
        to: IpAddr,
    },
    /// A header of this lower-case name has a value that the pattern matches.
    Header {
        /// Lower-case.
        name: String,
        /// A regular expression over the whole value, as WSO2 reads it.
        pattern: String,
    },
    /// A query parameter of this name has a value that the pattern matches.
    Query {
        /// Decoded.
        name: String,
        /// A regular expression over the whole value.
        pattern: String,
    },
    /// A claim of this name has a value that the pattern matches.
    Claim {
        /// As the token has it.
        name: String,
        /// A regular expression over the whole value.
        pattern: String,
    },
}
