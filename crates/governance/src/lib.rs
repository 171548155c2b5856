//! Which rules does a document follow? Rulesets have Spectral's form and core functions.
//!
//! [`Ruleset::read`] takes a ruleset or names all that is wrong with it; [`evaluate`] says of each rule where a document
//! breaks it. A ruleset that was read cannot fail any more: paths, functions and options are checked at the door.

#![warn(missing_docs)]

mod evaluate;
mod function;
mod path;
mod ruleset;
mod schema;

pub use evaluate::{Report, Violation, evaluate};
pub use problem::Fault;
pub use ruleset::{Format, Rule, Ruleset, Severity};

fn fault(place: impl Into<String>, message: impl Into<String>) -> Fault {
    Fault {
        place: place.into(),
        message: message.into(),
    }
}
