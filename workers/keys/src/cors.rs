//! Which pages of other origins may read an answer: those of the very client that asked, never whoever says so.

use oauth::Client;
use runtime::{Outcome, reply};
use worker::Response;

use crate::call::Call;

/// Lets the page read the answer if its origin is one that the authenticated client has registered a redirect URI of.
pub(crate) fn allow(call: &Call, client: &Client, response: Response) -> Outcome<Response> {
    let Some(origin) = call.header("origin")? else {
        return Ok(response);
    };
    let response = reply::with_header(response, "vary", "Origin")?;
    if !client.has_origin(&origin) {
        return Ok(response);
    }
    reply::with_header(response, "access-control-allow-origin", &origin)
}

/// Answers a preflight. It has no credential, so that nobody is known yet: it allows the request, whose answer then names
/// the origins that may read it. No cookie is ever let through.
pub(crate) fn preflight(call: &Call) -> Outcome<Response> {
    let origin = call.header("origin")?.unwrap_or_default();
    let response = reply::empty(204)?;
    let response = reply::with_header(response, "vary", "Origin")?;
    if origin.is_empty() {
        return Ok(response);
    }
    let response = reply::with_header(response, "access-control-allow-origin", &origin)?;
    let response = reply::with_header(response, "access-control-allow-methods", "GET, POST")?;
    let response = reply::with_header(
        response,
        "access-control-allow-headers",
        "authorization, content-type, dpop",
    )?;
    reply::with_header(response, "access-control-max-age", "600")
}
