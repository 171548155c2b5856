//! What the browser is told: where to go, never by 307, and nothing of where it came from.

use oauth::{Answer, PageFault};
use runtime::{Outcome, reply};
use worker::Response;

use crate::{
    call::Call,
    stop::{self, Stop},
};

/// The answer for the client.
pub(super) fn send(answer: &Answer) -> Outcome<Response> {
    match answer {
        Answer::Redirect(address) => see_other(address),
        Answer::Form { html, policy } => {
            let page = reply::text(200, "text/html; charset=utf-8", html.clone())?;
            let page = reply::with_header(page, "content-security-policy", policy)?;
            let page = reply::with_header(page, "x-frame-options", "DENY")?;
            reply::with_header(page, "referrer-policy", "no-referrer")
        }
    }
}

/// Goes on elsewhere by GET.
pub(crate) fn see_other(address: &str) -> Outcome<Response> {
    let response = reply::text(303, "text/plain; charset=utf-8", String::new())?;
    let response = reply::with_header(response, "location", address)?;
    reply::with_header(response, "referrer-policy", "no-referrer")
}

/// Tells what is wrong to who is there: a page of ours to a browser, OAuth's words to a program. No client is involved.
pub(crate) fn fault(call: &Call, fault: PageFault) -> Outcome<Response> {
    let accept = call.header("accept")?.unwrap_or_default();
    if accept.contains("text/html") {
        return see_other(&format!("/consent/error?reason={}", fault.as_str()));
    }
    stop::answer(Err(Stop::Oauth(fault.error())))
}
