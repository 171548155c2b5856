//! The story of a request, top-down.
//!
//! [`admit`] is one synchronous function over what the isolate holds ([`Facts`]). It answers [`Decision::Forward`],
//! [`Decision::Answer`], or says what it lacks: [`Decision::Missing`]. The shell then fetches just that, puts it in, and
//! asks again. There is no other way to the upstream than a [`Plan`], and a Plan is made of the proof that `throttle`
//! gives, which no other stage can make.

#![warn(missing_docs)]

mod authenticate;
mod certificate;
mod charges;
mod contract;
mod cors;
mod course;
mod decision;
mod deny;
mod endpoint;
mod facts;
mod faulted;
mod frames;
mod introduction;
mod locate;
mod logged;
mod notice;
mod policies;
mod possession;
mod prepared;
mod refusal;
mod request;
mod settle;
mod shelf;
mod socket;
mod spans;
mod subject;
mod token;
mod trace;
mod underway;

use model::Timestamp;
use problem::Problem;

pub use course::{Attempt, Body, Course, Event, Failure, Fetch, Next, Read, Reply, Shaping};
pub use decision::{Answer, Decision, Need, Plan};
pub use facts::{Facts, Fetched, Inquiry, Login, Person, Settings};
pub use frames::{Frame, Stopped, frame};
pub use introduction::Introduction;
pub use request::Request;
pub use settle::upstream_failure;
pub use trace::{Outcome, Trace};
pub use transform::{Change, Edits, ReplyEdit};
pub use underway::{Underway, no_room};

use charges::Call;
use decision::{Outbound, Stop};
use refusal::Rejection;

/// Decides one request. Never waits, never panics; asked again with the same facts it says the same (but for leases,
/// which are spent when it says `Forward`).
pub fn admit(request: &Request<'_>, facts: &mut Facts, now: Timestamp) -> Decision {
    let mut trace = Trace::begin(request, facts);
    let outcome = stages(request, facts, now, &mut trace)
        .map_err(|stop| facts.within_pace(stop, request.client_address, now));
    if matches!(outcome, Ok(_) | Err(Stop::Rejected(_))) {
        trace.counter_calls(facts);
        trace.decided(request, now);
    }
    match outcome {
        Ok(outbound) => Decision::Forward(Box::new(outbound.traced(trace).tagged(request, facts))),
        Err(Stop::Missing(needs)) => Decision::Missing(needs),
        Err(Stop::Answered(answer)) => Decision::Answer(Box::new(answer.tagged(request, facts))),
        Err(Stop::Rejected(rejection)) => {
            let answer = refusal::answer(&rejection, request, trace);
            let answer = faulted::told(answer, &rejection.problem, request, facts);
            Decision::Answer(Box::new(answer.tagged(request, facts)))
        }
    }
}

/// The answer when what a decision needs cannot be had: 503, and the log knows why.
#[must_use]
pub fn unavailable(request: &Request<'_>, facts: &Facts) -> Answer {
    let trace = Trace::begin(request, facts);
    let rejection = Rejection {
        problem: Problem::new("303100"),
        headers: Vec::new(),
    };
    refusal::answer(&rejection, request, trace)
}

/// The stages but the last two, which the upstream's reply starts: `respond` is the shell's, and `record` is
/// [`Trace::forwarded`], which makes the event when the outcome is known.
fn stages(
    request: &Request<'_>,
    facts: &mut Facts,
    now: Timestamp,
    trace: &mut Trace,
) -> Result<Outbound, Stop> {
    let envelope = request.envelope()?; // validate: well formed enough to be looked at?
    let located = locate::find(&envelope, facts, now, trace)?; // match: which operation?
    cors::preflight(request, &located)?; // answered before anybody is asked who they are
    locate::serving(&located, facts, now)?; // nor is anybody who calls a blocked API
    let principal = authenticate::caller(request, &located, facts, now, trace)?; // who calls?
    let granted = authenticate::authorize(&principal, &located, facts, now, trace)?; // may they?
    let target = endpoint::find(&located, &principal, request, facts, now)?; // route: where to?
    let contract = contract::of(&located, facts)?; // most APIs hold nobody to one
    let call = Call {
        request,
        located: &located,
        principal: &principal,
        target: &target,
        contract: contract.as_ref(),
    };
    let introduced = introduction::of(&call, &granted, facts, now)?; // most upstreams do not ask who calls
    let policies = facts.policies(now)?;
    deny::check(&call, &policies, facts, now)?; // or is it blocked, whatever its limits say?
    contract::keep(&call)?; // validate: does its head keep to the contract?
    let passed = charges::throttle(&call, &granted, &policies, facts, now)?; // now?
    trace.over(passed.admitted.over_usage()); // a limit may only mark
    let mut edits = request.transform(&located, trace); // how should it look upstream?
    edits.introduce(introduced.as_deref());
    trace.destination(target.chosen.url);
    Ok(Outbound::new(&call, edits, passed, facts, now))
}
