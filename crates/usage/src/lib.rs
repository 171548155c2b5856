//! Statistics: what happened, to whom, how fast.
//!
//! ```text
//! gateway          Event, one per request whatever its outcome, in batches
//! analytics Worker roll_up(events) -> rows by minute and hour; merged into what is stored
//! portal-api       Query -> spans of stored rows -> summarize -> Answer
//! ```
//!
//! Counts are exact. Percentiles come from mergeable sketches with a relative error of at most 2 % ([`Sketch`]).
//! Bodies and credentials are never part of an event.

#![warn(missing_docs)]

mod agent;
mod answer;
mod details;
mod error;
mod event;
mod privacy;
mod query;
mod rollup;
mod sketch;
mod written;

pub use agent::agent_family;
pub use answer::{Answer, Latency, Names, Row, StoredRow, summarize};
pub use details::{CacheState, Details};
pub use error::{Cause, ErrorType};
pub use event::{ApiRef, ApplicationRef, Batch, Category, Event, Fault, MAX_BATCH_EVENTS};
pub use privacy::{Keep, Privacy};
pub use query::{Dimension, Filter, Granularity, InvalidQuery, Query, Span, Step};
pub use rollup::{Counts, RowKey, roll_up};
pub use sketch::{Sketch, UnreadableSketch};
pub use written::WrittenEvent;
