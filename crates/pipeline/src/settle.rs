//! respond: what the client is told when the upstream gave nothing that can be passed on.

use problem::{Problem, Shape};

use crate::Settings;

/// Status, content type and body for a failure of the upstream: `101503` (no connection), `101504` (no reply in time) or
/// `101505` (a reply that is none). `speaks`: the request's `Accept`, `Content-Type` and `SOAPAction`, a line each; the last
/// is not there for a request that has none.
#[must_use]
pub fn upstream_failure(
    code: u32,
    speaks: &str,
    settings: &Settings,
) -> (u16, &'static str, String) {
    let problem = Problem::new(&code.to_string());
    let mut lines = speaks.split('\n');
    let mut line = || lines.next();
    let (accept, kind) = (line().unwrap_or_default(), line().unwrap_or_default());
    let shape = Shape::asked_by(accept, kind, line().is_some());
    let (kind, body) = problem.written(shape, NO_REQUEST_ID);
    (settings.status(&problem), kind, body)
}

/// The name of the request stands in its header; the reply has it too.
const NO_REQUEST_ID: &str = "";
