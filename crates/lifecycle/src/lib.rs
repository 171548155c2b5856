//! What may be published, decided before a gateway ever sees it.
//!
//! Three verbs: [`door::parse`] turns a body into a known shape or names what is wrong with it; [`transition::next`]
//! moves an API from one state to another; [`compile::compile`] turns a draft into a [`model::Deployment`] or a list of
//! named faults. Beside them [`bundle`] makes one draft of operations of several, [`plan`] does the same for throttle policies and [`catalogue`] lays routes out in shards.
//! Everything here is pure: ids, time and configuration come as arguments.

#![warn(missing_docs)]

pub mod bundle;
pub mod cap;
pub mod catalogue;
pub mod compile;
mod contract;
pub mod defaults;
pub mod deny;
pub mod difference;
pub mod document;
pub mod door;
pub mod draft;
pub mod endpoint;
pub mod environment;
pub mod external_issuer;
mod kind;
pub mod mock;
pub mod naming;
pub mod operation;
pub mod own_policy;
pub mod plan;
pub mod search;
pub mod tenant;
pub mod theme;
pub mod transition;
pub mod upstream_certificate;

pub use bundle::PRODUCT;
pub use compile::{Around, flows_of_all};
pub use compile::{Sample, Subject, dry_run, led_to};
pub use compile::{Target, compile};
pub use contract::contract;
pub use draft::Draft;
pub use kind::{calls, is_http};
pub use outbound as address;
pub use own_policy::OwnPolicy;
pub use plan::PolicyKind;
pub use problem::Fault;
