//! From why a request was refused to what the client sees.

use model::Security;
use problem::{Problem, Shape};

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
        let error = if IS_ABOUT_THE_TOKEN.contains(&code) {
            format!(
                ", error=\"invalid_token\", error_description=\"{}\"",
                problem.entry.title.to_lowercase()
            )
        } else {
            String::new()
        };
        challenges.push(format!("Bearer realm=\"Postern\"{error}"));
    }
    if security.api_key {
        challenges.push(format!(
            "ApiKey realm=\"Postern\", header=\"{}\"",
            security.api_key_header
        ));
    }
    if security.basic {
        challenges.push("Basic realm=\"Postern\", charset=\"UTF-8\"".to_owned());
    }
    if security.certificates.is_some() {
        challenges.push("ClientCertificate realm=\"Postern\"".to_owned());
    }
    let headers = vec![("www-authenticate", challenges.join(", "))];
    Rejection { problem, headers }.into()
}

/// A new token would mend these; the others are about what it stands for.
const IS_ABOUT_THE_TOKEN: [&str; 4] = ["900901", "900903", "900904", "900905"];

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
    if security.basic {
        ways.push(format!(
            "`{}: Basic <name and password>`",
            security.authorization_header
        ));
    }
    let certificates = security.certificates.as_ref();
    if certificates.is_some_and(|it| it.mandatory) {
        return match ways.is_empty() || !certificates.is_some_and(|it| it.with_other) {
            true => "connect with a client certificate that this API takes".to_owned(),
            false => format!(
                "connect with a client certificate that this API takes, and send {}",
                ways.join(" or ")
            ),
        };
    }
    if certificates.is_some_and(|it| !it.with_other) {
        ways.push("a client certificate that this API takes".to_owned());
    }
    if ways.is_empty() {
        return "this API accepts its publisher's internal key only".to_owned();
    }
    format!(
        "send {}; get it for an application that is subscribed to this API",
        ways.join(" or ")
    )
}

/// The shape in which a request wants to be refused.
pub(crate) fn shape(request: &Request<'_>) -> Shape {
    let header = |name| request.header(name).unwrap_or_default();
    let has_action = request.header("soapaction").is_some();
    Shape::asked_by(header("accept"), header("content-type"), has_action)
}

/// The answer to a request that was refused.
pub(crate) fn answer(rejection: &Rejection, request: &Request<'_>, mut trace: Trace) -> Answer {
    let problem = &rejection.problem;
    let policy = rejection
        .headers
        .iter()
        .find(|(name, _)| *name == "ratelimit-policy");
    trace.refused(problem.entry.code, policy.map(|(_, text)| text.as_str()));
    let (kind, body) = problem.written(shape(request), request.request_id);
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
        status: trace.settings().status(problem),
        headers,
        body,
        trace: Some(trace),
        ..Answer::default()
    }
}
