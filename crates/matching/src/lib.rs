//! Which operation a request means.
//!
//! Three steps, each a total function: [`Path::parse`] brings the raw target into its one canonical spelling or refuses
//! it; [`route`] finds the longest base path at a segment boundary; [`operation`] finds the most specific template that
//! has the method. Routing, policy, counters, log and upstream URL all use the canonical spelling, so what a rule saw is
//! what the upstream sees.

#![warn(missing_docs)]

mod operation;
mod path;
mod route;

pub use operation::{Matched, NoOperation, find as operation};
pub use path::{Path, PathFault};
pub use route::{Routed, find as route};
