//! How deep and how complex is a GraphQL call, and is that within its plan?
//!
//! [`judge`] reads what a call asks ([`Call`]), measures each document of it ([`Measure`]) by the complexity values of the
//! API ([`Values`]), and says [`Refusal`] when it is more than the plan's [`Limits`]. Nobody validates a document here:
//! that is the upstream's work. What is measured is never less than what a server would run: all operations of a document
//! are looked at, and `@skip` and `@include` change nothing.
//!
//! The work is linear in the bytes of the call: a fragment is measured once, wherever it is spread.

#![warn(missing_docs)]

mod asked;
mod measure;
mod token;
mod values;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use asked::Call;
pub use measure::Measure;
pub use values::{Field, Values};

/// The most that a plan lets one call ask; `None` is any.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Levels of fields: `{ a { b } }` has two.
    pub depth: Option<u32>,
    /// Sum of the values of all fields.
    pub complexity: Option<u32>,
}

/// Why a call is not passed on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It has more levels of fields than the plan allows.
    TooDeep {
        /// Levels that it has.
        depth: u32,
        /// Levels that the plan allows.
        most: u32,
    },
    /// It asks for more than the plan allows.
    TooComplex {
        /// Complexity that it has.
        complexity: u64,
        /// Complexity that the plan allows.
        most: u32,
    },
    /// Nothing can be measured of it, and why.
    Unreadable(String),
}

impl Refusal {
    /// WSO2's number for it.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooDeep { .. } => "900820",
            Self::TooComplex { .. } => "900821",
            Self::Unreadable(_) => "900422",
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooDeep { depth, most } => write!(
                f,
                "the query has {depth} levels of fields, and the plan allows {most}; ask for less at once"
            ),
            Self::TooComplex { complexity, most } => write!(
                f,
                "the query has a complexity of {complexity}, and the plan allows {most}; ask for fewer fields or shorter lists"
            ),
            Self::Unreadable(why) => f.write_str(why),
        }
    }
}

/// Measures all that a call asks. The documents of a batch are one call: their complexities add up.
///
/// # Errors
/// The first [`Refusal`]: what cannot be read is not passed on, because nobody knows how much it asks.
pub fn judge(call: &Call<'_>, values: &Values, limits: &Limits) -> Result<Measure, Refusal> {
    let mut all = Measure::default();
    for asked in call.asked()? {
        let one = measure::measure(&asked.document, &asked.variables, values)?;
        all.depth = all.depth.max(one.depth);
        all.complexity = all.complexity.saturating_add(one.complexity);
    }
    if let Some(most) = limits.depth
        && all.depth > most
    {
        let depth = all.depth;
        return Err(Refusal::TooDeep { depth, most });
    }
    if let Some(most) = limits.complexity
        && all.complexity > u64::from(most)
    {
        let complexity = all.complexity;
        return Err(Refusal::TooComplex { complexity, most });
    }
    Ok(all)
}

#[cfg(test)]
mod tests;
