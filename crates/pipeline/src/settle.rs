//! respond: what the client is told when the upstream gave nothing that can be passed on.

use problem::{Problem, prefers_problem_json};

/// Status, content type and body for a failure of the upstream: `101503` (no connection), `101504` (no reply in time) or
/// `101505` (a reply that is none).
#[must_use]
pub fn upstream_failure(code: u32, accept: &str) -> (u16, &'static str, String) {
    let problem = Problem::new(&code.to_string());
    let (kind, body) = if prefers_problem_json(accept) {
        (
            "application/problem+json",
            problem.problem_json(NO_REQUEST_ID),
        )
    } else {
        ("application/json; charset=UTF-8", problem.gateway_body())
    };
    (problem.status(), kind, body)
}

/// The name of the request stands in its header; the reply has it too.
const NO_REQUEST_ID: &str = "";
