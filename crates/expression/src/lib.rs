//! What a rule says about a call, read once and asked often.
//!
//! - [`Expression`]: a condition in a bounded part of CEL, the Common Expression Language.
//! - [`Pattern`]: a regular expression over a whole value.
//! - [`Template`]: WSO2's key template, `$userId:$apiContext`.
//!
//! Each is read from a text that a stranger may have written (`read` names the fault and its place), and is then asked
//! about a [`Call`]. Everything is bounded: the text, its nesting, the size of patterns, the steps of one answer; patterns
//! take time linear in the value.
//!
//! # The part of CEL
//! Literals (`null`, `true`, `1`, `1.5`, `'text'`, `r'raw'`, lists), `? :`, `||`, `&&`, `!`, comparisons, `in`, arithmetic,
//! `has(..)`, `size`, `startsWith`, `endsWith`, `contains`, `matches` (with a literal pattern), `lowerAscii`, `upperAscii`,
//! `int`, `double`, `string`, and `exists` and `all` over lists. Maps, bytes, unsigned numbers and times are not there.
//!
//! # Variables
//! | Name | Is |
//! |---|---|
//! | `request.method`, `request.host` | as sent |
//! | `request.path` | in its one spelling: the base path of the version, and what is below it |
//! | `request.address` | the client's address |
//! | `request.headers['name']` | the first value, by its name in lower case |
//! | `request.query['name']` | the first value, decoded |
//! | `user` | name of the user that the call counts for |
//! | `claims.name`, `claims['name']` | of the token |
//! | `application.id`, `.name`, `.owner` | the caller's |
//! | `subscription.plan` | name of the plan |
//! | `api.id`, `.name`, `.version`, `.context`, `.organization` | the API's; the context has the version in it |
//! | `operation.method`, `.template` | the operation's |
//!
//! # What cannot be decided
//! An entry that is not there, an order of unlike things (which are merely not equal), a division by zero or an answer that takes too many steps
//! leave the expression *undecided*, and an undecided condition is not met. As in CEL, `||` and `&&` are decided when
//! either side decides them; `has(..)` tells whether an entry is there.

#![warn(missing_docs)]

mod call;
mod evaluate;
mod node;
mod parse;
mod pattern;
mod template;
mod token;
mod value;

pub use call::{Call, Field};
pub use evaluate::Undecided;
pub use pattern::Pattern;
pub use template::Template;

/// A condition on calls.
#[derive(Clone, Debug)]
pub struct Expression(node::Node);

impl Expression {
    /// Longest text, in bytes.
    pub const MAX_BYTES: usize = 4_096;

    /// Reads a condition.
    ///
    /// # Errors
    /// The first [`Fault`]: not CEL, not in the part that is offered, an unknown name, or beyond the bounds.
    pub fn read(text: &str) -> Result<Self, Fault> {
        if text.len() > Self::MAX_BYTES {
            let help = format!("longer than {} bytes", Self::MAX_BYTES);
            return Err(Fault::new(0, help));
        }
        parse::parse(text).map(Self)
    }

    /// Does the call meet it? What is undecided is not met.
    #[must_use]
    pub fn is_met(&self, call: &dyn Call) -> bool {
        self.decide(call).unwrap_or(false)
    }

    /// The same, telling what is not met from what cannot be decided.
    ///
    /// # Errors
    /// [`Undecided`]
    pub fn decide(&self, call: &dyn Call) -> Result<bool, Undecided> {
        evaluate::decide(&self.0, call)
    }
}

/// Why a text cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where, in bytes from the beginning.
    pub at: usize,
    /// What is wrong, and what would be right.
    pub help: String,
}

impl Fault {
    pub(crate) fn new(at: usize, help: impl Into<String>) -> Self {
        Self {
            at,
            help: help.into(),
        }
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "at character {}: {}", self.at + 1, self.help)
    }
}

impl std::error::Error for Fault {}
