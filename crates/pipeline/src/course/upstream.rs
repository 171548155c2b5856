//! route: attempts to get a reply.

use model::Timestamp;
use problem::Problem;

use super::{
    Step, Travel,
    event::{Attempt, Event, Next},
};
use crate::{Facts, charges::Call};

/// What is known of the attempts.
#[derive(Debug)]
pub(super) struct State {}

/// Does the upstream take more than one attempt, or one that is prepared?
pub(super) const fn attends(_call: &Call<'_>) -> bool {
    false
}

impl State {
    pub(super) const fn new() -> Self {
        Self {}
    }

    pub(super) fn step(
        &mut self,
        travel: &mut Travel,
        event: Option<&Event>,
        _facts: &mut Facts,
        now: Timestamp,
    ) -> Step {
        match event {
            Some(Event::Reply { .. }) => Step::Done,
            Some(Event::Failed(failure)) => Step::Fault(Problem::new(failure.code())),
            _ => Step::First(Next::Send(attempt(travel, now))),
        }
    }
}

fn attempt(travel: &mut Travel, now: Timestamp) -> Attempt {
    travel.sent_at = Some(now);
    let body = travel.request_body();
    let request = &travel.request;
    let mut headers = request.headers.clone();
    if !matches!(body, super::Body::Passed) {
        headers.remove("content-length");
    }
    Attempt {
        url: routing::address(&travel.endpoint, &request.path, &request.query),
        method: request.method.clone(),
        headers,
        body,
        timeout_ms: travel.timeout_ms,
    }
}
