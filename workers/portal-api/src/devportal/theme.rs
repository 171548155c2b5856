//! `/theme`: how the Developer Portal looks, for everybody; [`lifecycle::theme`] has what it is made of.

use lifecycle::theme::{Logo, Theme};
use runtime::{Failure, Outcome, reply};
use serde_json::json;
use worker::{Headers, Response};

use crate::{call::Call, etag, tenant};

/// `GET /theme`: the words.
pub(crate) async fn get(call: &Call) -> Outcome<Response> {
    let (Theme { headline, lead, .. }, _) = read(call).await?;
    etag::content(call, &json!({"headline": headline, "lead": lead}))
}

/// `GET /theme/stylesheet`: the colours, and where the logo is.
pub(crate) async fn stylesheet(call: &Call) -> Outcome<Response> {
    let (theme, generation) = read(call).await?;
    let logo = format!("/api/am/devportal/v3/theme/logo?generation={generation}");
    let sheet = reply::text(200, "text/css; charset=utf-8", theme.stylesheet(&logo));
    told(call, generation, sheet)
}

/// `GET /theme/logo`
pub(crate) async fn logo(call: &Call) -> Outcome<Response> {
    let (theme, generation) = read(call).await?;
    let none = || Failure::because("404", "there is no logo");
    let held = theme.logo.ok_or_else(none)?;
    let Logo {
        bytes,
        content_type,
        ..
    } = Logo::read(&held).map_err(|fault| Failure::Internal(format!("the kept logo {fault}")))?;
    let headers = Headers::new();
    headers.set("content-type", content_type)?;
    headers.set("x-content-type-options", "nosniff")?;
    // Opened by its address, a picture is a document of this origin.
    headers.set(
        "content-security-policy",
        "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    )?;
    told(
        call,
        generation,
        Ok(Response::from_bytes(bytes)?.with_headers(headers)),
    )
}

/// Kept by browsers, and asked for anew each time: a change is seen at once.
fn told(call: &Call, generation: i64, response: Outcome<Response>) -> Outcome<Response> {
    let tag = format!("\"{generation}\"");
    let response = if etag::is_held(call, &tag)? {
        reply::empty(304)
    } else {
        response
    };
    let response = reply::with_header(response?, "etag", &tag)?;
    reply::with_header(response, "cache-control", "no-cache")
}

async fn read(call: &Call) -> Outcome<(Theme, i64)> {
    let (config, generation) = tenant::read(call).await?;
    Ok((config.theme, generation))
}
