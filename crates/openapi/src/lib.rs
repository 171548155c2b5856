//! Reads an API definition (Swagger 2.0, OpenAPI 3.0, 3.1, 3.2; JSON or YAML) without losing an operation, and gives
//! all faults of one that it refuses, with their places. Writes definitions, makes one from a list of operations,
//! brings one in line with edited operations, and makes the one that consumers see.
//!
//! [`read`] is the front door. The document stays whole in [`Definition::document`]; what else is in a [`Definition`]
//! is what an API is made of.

#![warn(missing_docs)]

pub mod client;
mod compose;
mod consumer;
mod definition;
pub mod diff;
mod fault;
mod json;
pub mod limit;
mod merge;
mod paths;
mod place;
mod pointer;
mod read;
mod reference;
mod render;
mod security;
mod servers;
mod template;
mod yaml;

pub use compose::{apply_operations, from_operations};
pub use consumer::{Entrance, for_consumers};
pub use definition::{
    Definition, Format, Operation, Scope, SecurityScheme, auth_type_word, parse_auth_type,
};
pub use fault::{Fault, FaultCode};
pub use merge::{Source, merged};
pub use read::{read, tree};
pub use render::{OutputFormat, render};
