//! The course of a call that is attended: one for which something has to be read, tried or asked after it was admitted.
//!
//! Most calls have none: what [`crate::admit`] can decide at once is in the [`crate::Plan`], and their bodies go by
//! unread. A course is a machine of states without I/O: the shell tells what happened ([`Event`]), and does what comes
//! back ([`Next`]) until that is [`Next::Respond`]. Its stages, in order, each with its own file:
//!
//! 1. [`checks`] on the request, and how much a [`query`] asks, 2. [`policies`] on the request, 3. [`stored`]: is there an answer already?,
//! 4. [`upstream`]: attempts until there is a reply, 5. [`stored`]: is it worth keeping?, 6. [`checks`] and
//!    7. [`policies`] on the reply.
//!
//! A stage that finds a fault ends the call with it; a stage that has an answer goes on with that as the reply's stages
//! do. What a stage needs from KV is asked for by [`crate::admit`], before the limits are charged.

mod asking;
mod checks;
mod event;
mod outset;
mod policies;
mod query;
mod reply;
mod stored;
mod travel;
mod upstream;

use model::Timestamp;
use problem::Problem;

pub use event::{Attempt, Body, Event, Failure, Fetch, Next, Read, Reply, Shaping};
pub(crate) use policies::tell;
pub(crate) use travel::Travel;

use crate::{Facts, Outcome, charges::Call, decision::Outbound};

/// A call under way. Asked with [`Course::next`] until it responds.
#[derive(Debug)]
pub struct Course {
    travel: Travel,
    stage: Stage,
    upstream: upstream::State,
    is_in_reserve: bool,
}

/// What a stage says.
#[derive(Debug)]
pub(crate) enum Step {
    /// The next stage.
    Done,
    /// Do this first; what comes of it is told to the same stage.
    First(Next),
    /// The reply is in the travel; the request's stages are over.
    Answered,
    /// The call ends so.
    Fault(Problem),
}

/// Where a call is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    CheckRequest,
    Measure,
    Request,
    LookUp,
    Upstream,
    Keep,
    CheckReply,
    Reply,
    Respond,
}

impl Course {
    /// The course of an admitted call; `None` for most, which need none.
    pub(crate) fn of(
        call: &Call<'_>,
        outbound: &mut Outbound,
        facts: &mut Facts,
        now: Timestamp,
    ) -> Option<Box<Self>> {
        let mut chosen = policies::Chosen::of(call, facts);
        let is_attended = checks::attends(call)
            || outbound.query.is_some()
            || chosen.as_ref().is_some_and(|it| !it.is_plain())
            || stored::attends(call, facts)
            || upstream::attends(call);
        let tells_faults = chosen.as_ref().is_some_and(policies::Chosen::has_fault);
        if !is_attended && let Some(chosen) = &mut chosen {
            chosen.join(call, outbound);
        }
        if !is_attended && !tells_faults && !upstream::is_reserved(call) {
            return None;
        }
        let stored = stored::State::begin(call, facts);
        let chosen = chosen.unwrap_or_default();
        let mut course = Box::new(Self::new(Travel::begin(call, outbound, chosen, stored)));
        course.upstream = upstream::State::of(call, facts);
        if !is_attended {
            course.is_in_reserve = true;
            course.stage = Stage::Upstream;
            course.upstream.sent(&mut course.travel, now);
        }
        Some(course)
    }

    /// Does the shell send the call by itself, and begin with what came of it should that be a failure?
    #[must_use]
    pub const fn is_in_reserve(&self) -> bool {
        self.is_in_reserve
    }

    /// The shell has sent the call by itself, and has passed the reply on.
    pub fn was_not_needed(&self, facts: &mut Facts) {
        self.upstream.replied(facts);
    }

    const fn new(travel: Travel) -> Self {
        Self {
            travel,
            stage: Stage::CheckRequest,
            upstream: upstream::State::new(),
            is_in_reserve: false,
        }
    }

    /// What to do next. `now` is when the event happened.
    pub fn next(&mut self, event: Event, facts: &mut Facts, now: Timestamp) -> Next {
        let mut event = match self.travel.receive(event, now) {
            Ok(event) => event,
            Err(problem) => return self.fault(&problem, facts),
        };
        stored::read(&mut self.travel, facts);
        loop {
            let travel = &mut self.travel;
            let step = match self.stage {
                Stage::CheckRequest => checks::request(travel, facts),
                Stage::Measure => query::request(travel, event.take()),
                Stage::Request => policies::request(travel, event.take(), facts),
                Stage::LookUp => stored::look_up(travel, facts, now),
                Stage::Upstream => self
                    .upstream
                    .step(travel, event.take().as_ref(), facts, now),
                Stage::CheckReply => checks::reply(travel, facts),
                Stage::Reply => policies::reply(travel, event.take(), facts),
                Stage::Keep => stored::keep(travel, facts, now),
                Stage::Respond => return self.respond(),
            };
            match step {
                Step::Done => self.stage = self.stage.following(),
                Step::Answered => self.stage = self.stage.answered(),
                Step::First(next) => return next,
                Step::Fault(_)
                    if self.stage == Stage::Upstream
                        && stored::stands_in(&mut self.travel, facts, now) =>
                {
                    self.stage = self.stage.answered();
                }
                Step::Fault(problem) => return self.fault(&problem, facts),
            }
        }
    }

    /// One more header for the client, whatever the answer will be.
    pub(crate) fn tell(&mut self, headers: impl Iterator<Item = (&'static str, String)>) {
        self.travel.tell(headers);
    }

    /// The body that was passed on as [`Body::Kept`] has gone by, whole.
    pub fn gone_by(&mut self, body: &[u8], facts: &mut Facts) {
        stored::gone_by(&mut self.travel, body, facts);
    }

    /// What came of the call, for its event; once it has responded.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        Outcome {
            retries: self.upstream.retries,
            ..self.travel.outcome()
        }
    }

    /// What the log is to be told of the call, each once; never a value of its messages.
    pub fn take_reports(&mut self) -> Vec<String> {
        self.travel.take_reports()
    }

    fn fault(&mut self, problem: &Problem, facts: &mut Facts) -> Next {
        self.travel.fail(problem, facts.settings.status(problem));
        policies::fault(&mut self.travel, facts);
        self.respond()
    }

    fn respond(&mut self) -> Next {
        self.stage = Stage::Respond;
        Next::Respond(self.travel.respond())
    }
}

impl Stage {
    const fn following(self) -> Self {
        match self {
            Self::CheckRequest => Self::Measure,
            Self::Measure => Self::Request,
            Self::Request => Self::LookUp,
            Self::LookUp => Self::Upstream,
            Self::Upstream => Self::Keep,
            Self::Keep => Self::CheckReply,
            Self::CheckReply => Self::Reply,
            Self::Reply | Self::Respond => Self::Respond,
        }
    }

    /// Where a call goes on that has its reply: what is kept is what an upstream said, so it is checked and changed anew.
    const fn answered(self) -> Self {
        match self {
            Self::CheckRequest | Self::Measure | Self::Request => Self::Reply,
            Self::LookUp | Self::Upstream | Self::Keep => Self::CheckReply,
            Self::CheckReply | Self::Reply | Self::Respond => Self::Respond,
        }
    }
}

#[cfg(test)]
mod asking_tests;
#[cfg(test)]
mod tests;
