//! From a stable code to what the client sees: status, title, safe detail, headers, body.
//!
//! Every refusal of the product is a row of one [`table`], keeps WSO2's code where WSO2 has one, and has a page
//! `docs/errors/<code>.md`. A [`Problem`] is a row plus what is true of this one request; it renders in the three shapes
//! that clients know: the gateway's fault body, the management error body, and `application/problem+json` (RFC 9457).
//! Internal text never enters a Problem: what the log is told is the caller's business.

#![warn(missing_docs)]

mod accept;
mod body;
mod shape;
pub mod table;

pub use accept::prefers_problem_json;
pub use shape::Shape;
pub use table::{Entry, Family, lookup};

/// One refusal: a row of the table and what is true of this request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The row: code, status, words.
    pub entry: &'static Entry,
    /// Says more than the row's description; safe for the client (no token, no internal id).
    pub detail: Option<String>,
    /// Single faults with their places, for input that has several.
    pub faults: Vec<Fault>,
    /// When a throttled caller may come back.
    pub next_access: Option<NextAccess>,
}

/// One fault in what the client sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where: a field name, JSON pointer or parameter; may be empty.
    pub place: String,
    /// What is wrong and what would be right.
    pub message: String,
}

/// When a throttled caller may come back, in the two spellings that clients read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextAccess {
    /// Whole seconds from now, rounded up: `Retry-After`.
    pub retry_after_seconds: u64,
    /// WSO2's `nextAccessTime`, for example `2026-Jan-31 10:00:00+0000 UTC`.
    pub text: String,
}

impl Problem {
    /// The row of `code`, with nothing added. An unknown code is the row 500, so that a slip in a code never panics;
    /// a tidy test finds such slips.
    #[must_use]
    pub fn new(code: &str) -> Self {
        Self {
            entry: lookup(code),
            detail: None,
            faults: Vec::new(),
            next_access: None,
        }
    }

    /// Adds what is true of this request; safe for the client.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// Adds one fault with its place.
    #[must_use]
    pub fn fault(mut self, place: impl Into<String>, message: impl Into<String>) -> Self {
        self.faults.push(Fault {
            place: place.into(),
            message: message.into(),
        });
        self
    }

    /// Says when to come back.
    #[must_use]
    pub fn retry(mut self, next: NextAccess) -> Self {
        self.next_access = Some(next);
        self
    }

    /// HTTP status of the answer.
    #[must_use]
    pub const fn status(&self) -> u16 {
        self.entry.status
    }

    /// The status that WSO2 API Manager answers with, which blames itself for what upstreams do: for clients that were
    /// written for it (docs/decisions/0009).
    #[must_use]
    pub fn peer_status(&self) -> u16 {
        match self.entry.code {
            "101500" | "101503" | "101504" | "101505" | "303001" => 500,
            _ => self.entry.status,
        }
    }

    /// What is said to the client: the detail, or else the row's description.
    #[must_use]
    pub fn description(&self) -> &str {
        self.detail.as_deref().unwrap_or(self.entry.description)
    }

    /// Path of the page that explains the code.
    #[must_use]
    pub fn page(&self) -> String {
        format!("/docs/errors/{}", self.entry.code)
    }
}
