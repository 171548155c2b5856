//! The static pages: a file, or a portal's page for a path that only the portal's own router knows.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Headers, Request, Response};

use runtime::Failure;

use crate::{dispatch::ACCOUNT_PAGE, not_found, pass, refuse};

/// The file that the request asks for, else the page `fallback`, with the headers that a browser needs to be strict.
pub(crate) async fn serve(
    env: &JsValue,
    request: &Request,
    path: &str,
    fallback: Option<&str>,
) -> Response {
    match find(env, request, path, fallback).await {
        Ok(found) if found.response.status() == 404 => not_found(request),
        Ok(found) => {
            let is_account = fallback == Some(ACCOUNT_PAGE);
            guard(request, &found, is_named_by_its_hash(path), is_account).unwrap_or(found.response)
        }
        Err(error) => refuse(
            request,
            Failure::Internal(format!("the pages do not answer: {error:?}")),
        ),
    }
}

/// What the assets have.
struct Found {
    response: Response,
    /// The type of the text that the build has packed with Brotli.
    packed: Option<&'static str>,
}

async fn find(
    env: &JsValue,
    request: &Request,
    path: &str,
    fallback: Option<&str>,
) -> Result<Found, JsValue> {
    if let Some(kind) = packed_kind(path).filter(|_| pass::takes(request, "br")) {
        let response = ask(env, request, Some(&format!("{path}.br"))).await?;
        if response.status() != 404 {
            return Ok(Found {
                response,
                packed: Some(kind),
            });
        }
    }
    let mut response = ask(env, request, None).await?;
    if response.status() == 404 && fallback.is_some() {
        response = ask(env, request, fallback).await?;
    }
    Ok(Found {
        response,
        packed: None,
    })
}

async fn ask(env: &JsValue, request: &Request, path: Option<&str>) -> Result<Response, JsValue> {
    pass::asset(env, request, path).await?.dyn_into()
}

/// A copy of the answer, whose headers may be written, around the same body stream.
fn guard(
    request: &Request,
    found: &Found,
    forever: bool,
    is_account: bool,
) -> Result<Response, JsValue> {
    let guarded = pass::writable(&found.response, found.packed.is_some())?;
    let headers = guarded.headers();
    for (name, value) in HEADERS {
        headers.set(name, value)?;
    }
    if is_account {
        // The addresses of these pages name what is under way: not even our own pages get to see them.
        headers.set("referrer-policy", "no-referrer")?;
    }
    if forever && found.response.ok() {
        headers.set("cache-control", "public, max-age=31536000, immutable")?;
    }
    if let Some(kind) = found.packed {
        headers.set("content-type", kind)?;
        headers.set("content-encoding", "br")?;
        headers.append("vary", "accept-encoding")?;
    } else if found.response.ok() && is_text(&headers.get("content-type")?.unwrap_or_default()) {
        headers.append("vary", "accept-encoding")?;
        if pass::takes(request, "gzip") {
            pack(&headers)?;
        }
    }
    Ok(guarded)
}

/// Has the runtime compress the body, as it does for every answer that says so.
fn pack(headers: &Headers) -> Result<(), JsValue> {
    headers.set("content-encoding", "gzip")?;
    headers.delete("content-length")?;
    if let Some(tag) = headers.get("etag")?.filter(|tag| !tag.starts_with("W/")) {
        headers.set("etag", &format!("W/{tag}"))?;
    }
    Ok(())
}

/// The type of a text that `pages/tools/pack.mjs` has packed beside itself.
fn packed_kind(path: &str) -> Option<&'static str> {
    let (_, extension) = path.strip_prefix("/assets/")?.rsplit_once('.')?;
    match extension {
        "js" => Some("text/javascript; charset=utf-8"),
        "css" => Some("text/css; charset=utf-8"),
        "svg" => Some("image/svg+xml"),
        _ => None,
    }
}

/// Fonts and pictures are compressed as they are.
fn is_text(kind: &str) -> bool {
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind.starts_with("text/")
        || matches!(
            kind,
            "application/javascript" | "application/json" | "image/svg+xml"
        )
}

/// `/assets/index-Bk3_x9aQ.js`: the bundler puts eight characters of the content's hash before the extension, so that
/// what such a name stands for never changes.
fn is_named_by_its_hash(path: &str) -> bool {
    let stem = path
        .strip_prefix("/assets/")
        .and_then(|file| file.rsplit_once('.'));
    let hash = stem.and_then(|(stem, _)| stem.len().checked_sub(9).and_then(|at| stem.get(at..)));
    hash.is_some_and(|hash| hash.starts_with('-') && !hash.contains('/'))
}

/// Scripts and styles come from our own files only; nothing may frame a portal, and no address leaks to other sites.
const HEADERS: &[(&str, &str)] = &[
    (
        "content-security-policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
         connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    (
        "permissions-policy",
        "camera=(), microphone=(), geolocation=()",
    ),
];

#[cfg(test)]
mod tests {
    use super::{is_named_by_its_hash, is_text, packed_kind};

    #[test]
    fn only_texts_are_compressed() {
        let cases = [
            ("text/html; charset=utf-8", true),
            ("text/javascript", true),
            ("image/svg+xml", true),
            ("font/woff2", false),
            ("image/png", false),
            ("", false),
        ];
        for (kind, expected) in cases {
            assert_eq!(is_text(kind), expected, "{kind}");
        }
    }

    #[test]
    fn only_texts_of_the_bundle_are_packed() {
        let cases = [
            ("/assets/index-Bk3_x9aQ.js", true),
            ("/assets/first.js", true),
            ("/assets/page-parts-Ab-_12cd.css", true),
            ("/assets/sans-Ab-_12cd.woff2", false),
            ("/assets/index-Bk3_x9aQ.js.br", false),
            ("/docs/docs.css", false),
            ("/favicon.svg", false),
        ];
        for (path, expected) in cases {
            assert_eq!(packed_kind(path).is_some(), expected, "{path}");
        }
    }

    #[test]
    fn only_hashed_names_are_kept_forever() {
        let cases = [
            ("/assets/index-Bk3_x9aQ.js", true),
            ("/assets/page-parts-Ab-_12cd.css", true),
            ("/assets/first.js", false),
            ("/assets/a-b.js", false),
            ("/publisher/index-Bk3_x9aQ.js", false),
        ];
        for (path, expected) in cases {
            assert_eq!(is_named_by_its_hash(path), expected, "{path}");
        }
    }
}
