//! Statistics: what happened, to whom, how fast.
//!
//! ```text
//! gateway    Event, one per request whatever its outcome, in batches
//! store      privacy, then roll_up(events) -> rows by minute, hour and day in each series; added to what is stored
//! question   Query -> statements for each store -> Parts, which add up -> answer
//! ```
//!
//! Counts are exact. Percentiles come from mergeable sketches with a relative error of at most 2 % ([`Sketch`]).
//! Bodies and credentials are never part of an event.

#![warn(missing_docs)]

mod agent;
mod answer;
mod closed;
mod details;
mod dimension;
mod embedded;
pub mod engine;
mod error;
mod event;
pub mod export;
mod level;
mod parts;
mod period;
mod privacy;
mod query;
mod recent;
mod rollup;
pub mod roster;
mod row;
mod sketch;
mod written;

pub use agent::agent_family;
pub use answer::{Answer, Names, Quality, answer};
pub use closed::Closed;
pub use details::{CacheState, Details};
pub use dimension::{Dimension, Series};
pub use embedded::{Bound, Scan, Select, Store, TABLES, Tables, selects};
pub use error::{Cause, ErrorType};
pub use event::{ApiRef, ApplicationRef, Batch, Category, Event, Fault, MAX_BATCH_EVENTS};
pub use level::Level;
pub use parts::{Cell, Parts, Preface, Sums, UnreadablePart};
pub use period::{Granularity, Span, Step, month, month_start, months};
pub use privacy::{Keep, Privacy};
pub use query::{Filter, InvalidQuery, Query, Rank};
pub use recent::{Recent, Told};
pub use rollup::{Counts, Rows, roll_up};
pub use row::{Figures, Latency, Row};
pub use sketch::{Sketch, UnreadableSketch};
pub use written::WrittenEvent;
