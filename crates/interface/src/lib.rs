//! Reads definitions that are not OpenAPI: a GraphQL schema ([`graphql`]), WSDL ([`wsdl`]) and `AsyncAPI` ([`asyncapi`]).
//!
//! Each gives what an API is made of, or all that is wrong, with the line where that is known. Nothing is fetched, and
//! nothing is taken in that a definition refers to elsewhere.

#![warn(missing_docs)]

pub mod asyncapi;
pub mod graphql;
pub mod wsdl;

pub use problem::Fault;

/// What can be called, in the words of a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// `QUERY`, `MUTATION`, `SUBSCRIPTION`, `PUBLISH`, `SUBSCRIBE`.
    pub verb: &'static str,
    /// A field, or a path.
    pub target: String,
}

/// Line and column of a byte, both from 1.
fn place(text: &str, byte: usize) -> String {
    let before = text.get(..byte.min(text.len())).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before
        .rsplit('\n')
        .next()
        .map_or(0, |rest| rest.chars().count())
        + 1;
    format!("line {line}, column {column}")
}

fn fault(place: impl Into<String>, message: impl Into<String>) -> Fault {
    Fault {
        place: place.into(),
        message: message.into(),
    }
}

/// Most faults that are listed: whoever has more mends these first.
const MOST_FAULTS: usize = 50;
/// Most operations of a definition, as of an OpenAPI document.
const MOST_OPERATIONS: usize = openapi::limit::MAX_OPERATIONS;
