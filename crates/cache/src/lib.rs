//! Which answers may be kept, for whom and for how long, and which of them answers a request?
//!
//! HTTP's rules for shared caches (RFC 9111, RFC 5861, RFC 9211), with one that is stricter: an answer to somebody who has
//! shown a credential is kept for nobody else, unless it says itself that it is for everybody (`public`, `s-maxage`).
//! A [`Cache`] is the memory of one isolate, bounded in bytes.

#![warn(missing_docs)]

mod asking;
mod condition;
mod date;
mod directives;
mod entry;
mod flow;
mod shelf;
mod status;
mod storing;

pub use asking::Asking;
pub use flow::{Ask, Cache, LookUp, Replied, Reply, Ticket};
