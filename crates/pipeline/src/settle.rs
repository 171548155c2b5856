//! respond: what the client is told when the upstream gave nothing that can be passed on.

use problem::Problem;

use crate::refusal::rendered;

/// Status, content type and body for a failure of the upstream: `101503` (no connection), `101504` (no reply in time) or
/// `101505` (a reply that is none).
#[must_use]
pub fn upstream_failure(code: u32, accept: &str) -> (u16, &'static str, String) {
    let problem = Problem::new(&code.to_string());
    let (kind, body) = rendered(&problem, accept, NO_REQUEST_ID);
    (problem.status(), kind, body)
}

/// The name of the request stands in its header; the reply has it too.
const NO_REQUEST_ID: &str = "";
