//! Which trace is a call part of, and what is a collector told of it?
//!
//! A trace that came along is continued, one that did not is started (W3C Trace Context, level 2). Names of traces and
//! spans are made of the request's own random name, so that asking twice gives the same ones.

#![warn(missing_docs)]

mod context;
mod correlation;
mod hex;
mod sampling;
mod span;

pub use context::TraceContext;
pub use correlation::correlation;
pub use sampling::Sampling;
pub use span::{Attribute, Export, Span, SpanKind};
