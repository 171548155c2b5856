//! Answers of the control plane: JSON, problems, and the headers that all of them carry.

use problem::{Problem, prefers_problem_json};
use serde::Serialize;
use worker::{Headers, Response};

use crate::{Failure, Outcome};

/// JSON with a status.
///
/// # Errors
/// When the value cannot be written, which is our fault.
pub fn json<T: Serialize>(status: u16, value: &T) -> Outcome<Response> {
    text(status, "application/json", serde_json::to_string(value)?)
}

/// Any text with a status and a content type; never cached unless the caller says otherwise.
///
/// # Errors
/// When the platform refuses a header.
pub fn text(status: u16, content_type: &str, body: String) -> Outcome<Response> {
    let headers = Headers::new();
    headers.set("content-type", content_type)?;
    headers.set("cache-control", "no-store")?;
    headers.set("x-content-type-options", "nosniff")?;
    Ok(Response::from_bytes(body.into_bytes())?
        .with_headers(headers)
        .with_status(status))
}

/// No content, with a status (204, 202, ...).
///
/// # Errors
/// When the platform refuses.
pub fn empty(status: u16) -> Outcome<Response> {
    Ok(Response::empty()?.with_status(status))
}

/// Adds one header.
///
/// # Errors
/// When the platform refuses the name or the value.
pub fn with_header(mut response: Response, name: &str, value: &str) -> Outcome<Response> {
    response.headers_mut().set(name, value)?;
    Ok(response)
}

/// Ends a request: a good answer as it is, a failure as its problem. `accept` is the request's `Accept`.
#[must_use]
pub fn finish(outcome: Outcome<Response>, accept: &str) -> Response {
    let problem = match outcome {
        Ok(response) => return response,
        Err(Failure::Problem(problem)) => *problem,
        Err(Failure::Internal(text)) => {
            worker::console_error!("{text}");
            Problem::new("500")
        }
    };
    render(&problem, accept).unwrap_or_else(|_| bare(problem.status()))
}

fn render(problem: &Problem, accept: &str) -> Outcome<Response> {
    let response = if prefers_problem_json(accept) {
        text(
            problem.status(),
            "application/problem+json",
            problem.problem_json(""),
        )?
    } else {
        text(
            problem.status(),
            "application/json",
            problem.management_body(),
        )?
    };
    match (&problem.next_access, problem.status()) {
        (Some(next), _) => with_header(
            response,
            "retry-after",
            &next.retry_after_seconds.to_string(),
        ),
        (None, 401) => with_header(response, "www-authenticate", "Bearer realm=\"Postern\""),
        (None, 503) => with_header(response, "retry-after", "5"),
        (None, _) => Ok(response),
    }
}

/// When even the problem cannot be rendered.
fn bare(status: u16) -> Response {
    worker::ResponseBuilder::new().with_status(status).empty()
}
