//! Rules that APIs are held to: rulesets, policies that bind them to steps of an API's life, and what was found.

mod board;
pub(crate) mod compliance;
pub(crate) mod gate;
pub(crate) mod policies;
pub(crate) mod rulesets;
pub(crate) mod standing;
pub(crate) mod subject;
