//! respond and record: what the upstream's reply, or its absence, means.

use model::Timestamp;
use problem::{Problem, prefers_problem_json};
use usage::Event;

use crate::Trace;

/// What came of a forwarded request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settlement {
    /// Status that the client got.
    pub status: u16,
    /// Status that the upstream gave; `None` when it gave none.
    pub upstream_status: Option<u16>,
    /// When the upstream was asked.
    pub sent_at: Timestamp,
    /// Bytes of the reply's body, when the upstream said so.
    pub response_bytes: Option<u64>,
}

impl Settlement {
    /// The event of a forwarded request.
    #[must_use]
    pub fn event(&self, trace: Trace, now: Timestamp) -> Event {
        let fault = match (self.upstream_status, self.status) {
            (Some(_), _) => None,
            (None, 504) => Some(101_504),
            (None, _) => Some(101_503),
        };
        let mut event = trace.event(self.status, fault, now);
        event.upstream_status = self.upstream_status;
        event.upstream_ms =
            Some(u32::try_from(now.ms_since(self.sent_at).max(0)).unwrap_or(u32::MAX));
        event.response_bytes = self.response_bytes;
        event
    }
}

/// Status, content type and body of the answer when the upstream did not answer in time, or could not be reached.
#[must_use]
pub fn upstream_failure(
    timed_out: bool,
    accept: &str,
    request_id: &str,
) -> (u16, &'static str, String) {
    let problem = Problem::new(if timed_out { "101504" } else { "101503" });
    if prefers_problem_json(accept) {
        return (
            problem.status(),
            "application/problem+json",
            problem.problem_json(request_id),
        );
    }
    (
        problem.status(),
        "application/json; charset=UTF-8",
        problem.gateway_body(),
    )
}
