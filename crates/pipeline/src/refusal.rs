//! From why a request was refused to what the client sees.

use model::Security;
use problem::{Problem, prefers_problem_json};

use crate::{Answer, Request, Trace, decision::Stop};

/// Why a request was refused, and what headers go with it.
#[derive(Debug)]
pub(crate) struct Rejection {
    pub(crate) problem: Problem,
    pub(crate) headers: Vec<(&'static str, String)>,
}

/// 401 with a challenge for each scheme that the API accepts (RFC 9110 section 11.6.1, RFC 6750 section 3).
pub(crate) fn unauthorized(code: &str, security: &Security) -> Stop {
    let mut problem = Problem::new(code);
    if code == "900902" {
        problem = problem.detail(expected(security));
    }
    let mut challenges = Vec::new();
    if security.oauth2 {
        let error = if code == "900902" {
            String::new()
        } else {
            format!(
                ", error=\"invalid_token\", error_description=\"{}\"",
                problem.entry.title.to_lowercase()
            )
        };
        challenges.push(format!("Bearer realm=\"Postern\"{error}"));
    }
    if security.api_key {
        challenges.push(format!(
            "ApiKey realm=\"Postern\", header=\"{}\"",
            security.api_key_header
        ));
    }
    let headers = vec![("www-authenticate", challenges.join(", "))];
    Rejection { problem, headers }.into()
}

fn expected(security: &Security) -> String {
    let mut ways = Vec::new();
    if security.oauth2 {
        ways.push(format!(
            "`{}: Bearer <access token>`",
            security.authorization_header
        ));
    }
    if security.api_key {
        ways.push(format!("`{}: <API key>`", security.api_key_header));
    }
    if ways.is_empty() {
        return "this API accepts its publisher's internal key only".to_owned();
    }
    format!(
        "send {}; get it for an application that is subscribed to this API",
        ways.join(" or ")
    )
}

/// Content type and body in the shape that the client asked for.
pub(crate) fn rendered(
    problem: &Problem,
    accept: &str,
    request_id: &str,
) -> (&'static str, String) {
    if prefers_problem_json(accept) {
        ("application/problem+json", problem.problem_json(request_id))
    } else {
        ("application/json; charset=UTF-8", problem.gateway_body())
    }
}

/// The answer to a request that was refused.
pub(crate) fn answer(rejection: &Rejection, request: &Request<'_>, mut trace: Trace) -> Answer {
    let problem = &rejection.problem;
    let policy = rejection
        .headers
        .iter()
        .find(|(name, _)| *name == "ratelimit-policy");
    trace.refused(problem.entry.code, policy.map(|(_, text)| text.as_str()));
    let accept = request.header("accept").unwrap_or_default();
    let (kind, body) = rendered(problem, accept, request.request_id);
    let mut headers = vec![
        ("content-type", kind.to_owned()),
        ("cache-control", "no-store".to_owned()),
        ("x-request-id", request.request_id.to_owned()),
    ];
    headers.extend(trace.cors(request));
    headers.extend(rejection.headers.iter().cloned());
    if problem.status() == 503 && !headers.iter().any(|(name, _)| *name == "retry-after") {
        headers.push(("retry-after", "5".to_owned()));
    }
    let body = if request.method == "HEAD" {
        String::new()
    } else {
        body
    };
    Answer {
        status: problem.status(),
        headers,
        body,
        trace: Some(trace),
    }
}
