//! Is a request well formed, before anything in it is believed, and does it keep to what its API promises?
//!
//! [`envelope`] looks at the outside of every request: the platform's HTTP front accepts more than an upstream should see,
//! and accepts different things on Cloudflare and on stock workerd; both must answer alike. [`Contract`] is what an API's
//! definition promises, compiled once; [`threat`] refuses messages that are built to hurt whoever reads them.

#![warn(missing_docs)]

mod contract;
mod envelope;
pub mod mock;
pub mod threat;

pub use contract::{
    CONTRACT_SCHEMA, Call, Contract, Direction, Mode, Operation, Source, Violation, compile, listed,
};
pub use envelope::{
    Envelope, EnvelopeFault, HEADER_BYTES_LIMIT, HEADER_COUNT_LIMIT, TARGET_LIMIT, envelope,
};
