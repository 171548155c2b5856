//! The shell code that Workers share. It touches the world so that `crates/` need not; it decides nothing.
//!
//! A Worker's request is told in one line: parse what came ([`body`]), decide (a crate), write ([`db`]), answer
//! ([`reply`]). Whatever goes wrong on the way is a [`Failure`]: either a problem that the client is told, or an
//! internal error that the log is told while the client gets a bare 500.

pub mod audit;
pub mod body;
pub mod call;
pub mod clock;
pub mod crypto;
pub mod db;
pub mod failure;
pub mod id;
pub mod migrations;
pub mod outbound;
pub mod reply;

pub use db::{Db, Value};
pub use failure::{Failure, Outcome};
