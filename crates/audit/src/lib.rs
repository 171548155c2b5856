//! What was changed, and has anybody changed what is written of it?
//!
//! An [`Entry`] says who did what to what, when and from where, with the object before and after. Each entry is sealed
//! by a digest over itself and the seal before it ([`seal`]), so that an entry that is altered, taken out or put in
//! breaks the chain from there on ([`verify`]). Whoever keeps a seal elsewhere can show that the log has not been cut or
//! written anew since.

#![warn(missing_docs)]

mod chain;
mod change;
mod table;
mod telling;

pub use chain::{Link, START, Verdict, seal, verify};
pub use change::{Change, changes};
pub use table::{HEADINGS, row};
pub use telling::Reader;

use serde::{Deserialize, Serialize};

/// What is written about one change. The texts are as the database holds them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Grows with each entry.
    pub id: i64,
    /// Whose log this is in.
    pub organization: String,
    /// User name; empty for a client that acts for itself.
    pub actor: String,
    /// `api.create`: a noun and a verb.
    pub action: String,
    /// Id of what was changed.
    pub subject: String,
    /// Milliseconds since the epoch.
    pub at: i64,
    /// Network address that the change came from; empty when unknown.
    pub address: String,
    /// `User-Agent` of the change; empty when unknown.
    pub agent: String,
    /// JSON of the object before the change; none for a new object, or where no state is kept.
    pub before: Option<String>,
    /// JSON of the object after the change; none for a deleted object.
    pub after: Option<String>,
}
