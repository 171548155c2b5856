//! What is a body in another form: made from a template, JSON written as XML, XML written as JSON.
//!
//! The gateway leaves this to a Worker of its own (docs/decisions/0017): a template is somebody else's program, which takes
//! as much as its author likes up to [`template::FUEL`], and few calls need it.

#![warn(missing_docs)]

pub mod template;
pub mod xml;

/// Why a body has no such form; it names the place, and nothing of the body's values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault(String);

impl Fault {
    fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Fault {}

/// Longest body that is made, in bytes: as much as the gateway reads of any.
pub const MOST_BYTES: usize = 10 * 1024 * 1024;
