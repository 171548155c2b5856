//! What is given bad bytes, and what must hold whatever they are.

mod body;
mod message;
mod query;
mod request;

/// One parser.
pub struct Target {
    /// Its name on the command line.
    pub name: &'static str,
    /// Good inputs to begin with.
    pub(crate) seeds: &'static [&'static str],
    /// Words of its grammar.
    pub(crate) words: &'static [&'static str],
    /// Whether it accepts the input; or which claim does not hold.
    pub(crate) run: fn(&[u8]) -> Result<bool, String>,
}

/// All of them.
pub const TARGETS: &[Target] = &[
    request::PATH,
    request::ENVELOPE,
    request::TOKEN,
    request::PROOF,
    request::CONDITION,
    message::JSON,
    message::XML,
    message::PATTERNS,
    message::DEFINITION,
    message::CONTRACT,
    body::RESHAPE,
    body::TEMPLATE,
    query::QUERY,
];

fn text(input: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(input)
}

fn holds(claim: bool, what: &str) -> Result<(), String> {
    if claim { Ok(()) } else { Err(what.to_owned()) }
}
