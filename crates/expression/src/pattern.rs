//! Regular expressions in linear time.

use regex_lite::{Regex, RegexBuilder};

use crate::Fault;

/// A regular expression, without what would need more than linear time: look-around and back-references.
#[derive(Clone, Debug)]
pub struct Pattern(Regex);

impl Pattern {
    /// Longest text, in bytes.
    pub const MAX_BYTES: usize = 512;
    /// Longest value that is looked at, in bytes: a longer one is neither met nor not met.
    pub const VALUE_BYTES: usize = 2_048;

    /// Reads a pattern that a whole value has to match, as WSO2 reads those of conditions.
    ///
    /// # Errors
    /// A [`Fault`] when it is not a pattern, or too large.
    pub fn read(text: &str) -> Result<Self, Fault> {
        // By itself first, so that a bracket too many does not end the group around it.
        compile(text)?;
        compile(&format!("^(?:{text})$")).map(Self)
    }

    /// Reads a pattern that may match anywhere in a value, as CEL's `matches` has it.
    pub(crate) fn anywhere(text: &str) -> Result<Self, Fault> {
        compile(text).map(Self)
    }

    /// Does the value match? `None` when it is too long to be looked at.
    #[must_use]
    pub fn matches(&self, value: &str) -> Option<bool> {
        (value.len() <= Self::VALUE_BYTES).then(|| self.0.is_match(value))
    }
}

fn compile(text: &str) -> Result<Regex, Fault> {
    if text.len() > Pattern::MAX_BYTES + AROUND {
        return Err(Fault::new(
            0,
            format!("the pattern is longer than {} bytes", Pattern::MAX_BYTES),
        ));
    }
    RegexBuilder::new(text)
        .size_limit(SIZE_LIMIT)
        .nest_limit(NEST_LIMIT)
        .build()
        .map_err(|error| Fault::new(0, format!("the pattern `{text}` cannot be used: {error}")))
}

/// Letters of `^(?:` and `)$`.
const AROUND: usize = 6;
/// Bytes of a compiled pattern: some hundred steps for each letter of a value at most.
const SIZE_LIMIT: usize = 32 * 1024;
const NEST_LIMIT: u32 = 32;
