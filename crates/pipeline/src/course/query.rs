//! throttle, once more: is what a GraphQL query asks within the plan? Measured by whoever makes bodies (decision 0017): the
//! reader of queries is not in every isolate for the few plans that limit them.

use problem::Problem;
use serde_json::json;

use super::{
    Step, Travel,
    event::{Event, Next, Shaping},
};

/// Has the query measured, and refuses one that is too much.
pub(super) fn request(travel: &mut Travel, event: Option<Event>) -> Step {
    let Some(limits) = travel.query else {
        return Step::Done;
    };
    if let Some(Event::Fetched { status, body, .. }) = event {
        travel.query = None;
        return match status {
            200 => Step::Done,
            422 => Step::Fault(refused(&body)),
            _ => Step::Fault(unreachable()),
        };
    }
    if matches!(event, Some(Event::Failed(_))) {
        return Step::Fault(unreachable());
    }
    if travel.has_packed_request() {
        return Step::Fault(
            Problem::new("415")
                .detail("this plan measures queries; send the body without `Content-Encoding`"),
        );
    }
    if let Some(first) = travel.reads_request() {
        return first;
    }
    let request = &travel.request;
    let asked = json!({
        "values": travel.deployment.complexity,
        "depth": limits.depth,
        "complexity": limits.complexity,
        "query": request.query,
        "kind": request.headers.get("content-type"),
        "body": String::from_utf8_lossy(request.body.as_deref().unwrap_or_default()),
    });
    Step::First(Next::Shape(Shaping {
        what: "graphql".to_owned(),
        body: asked.to_string().into_bytes(),
    }))
}

/// The code, a space, and the reason.
fn refused(told: &[u8]) -> Problem {
    let told = String::from_utf8_lossy(told);
    let (code, reason) = told.split_once(' ').unwrap_or(("900422", &told));
    Problem::new(code).detail(reason)
}

fn unreachable() -> Problem {
    Problem::new("303100")
        .detail("whoever measures queries for this API cannot be reached; try again")
}
