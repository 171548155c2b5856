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
    match find(env, request, fallback).await {
        Ok(found) if found.status() == 404 => not_found(request),
        Ok(found) => {
            let is_account = fallback == Some(ACCOUNT_PAGE);
            guard(request, &found, is_named_by_its_hash(path), is_account).unwrap_or(found)
        }
        Err(error) => refuse(
            request,
            Failure::Internal(format!("the pages do not answer: {error:?}")),
        ),
    }
}

async fn find(
    env: &JsValue,
    request: &Request,
    fallback: Option<&str>,
) -> Result<Response, JsValue> {
    let found: Response = pass::asset(env, request, None).await?.dyn_into()?;
    match fallback {
        Some(page) if found.status() == 404 => {
            pass::asset(env, request, Some(page)).await?.dyn_into()
        }
        _ => Ok(found),
    }
}

/// A copy of the answer, whose headers may be written, around the same body stream.
fn guard(
    request: &Request,
    found: &Response,
    forever: bool,
    is_account: bool,
) -> Result<Response, JsValue> {
    let guarded = pass::writable(found)?;
    let headers = guarded.headers();
    for (name, value) in HEADERS {
        headers.set(name, value)?;
    }
    if is_account {
        // The addresses of these pages name what is under way: not even our own pages get to see them.
        headers.set("referrer-policy", "no-referrer")?;
    }
    if forever && found.ok() {
        headers.set("cache-control", "public, max-age=31536000, immutable")?;
    }
    if found.ok() && is_text(&headers.get("content-type")?.unwrap_or_default()) {
        headers.append("vary", "accept-encoding")?;
        if pass::compresses(request) {
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
    use super::{is_named_by_its_hash, is_text};

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
    fn only_hashed_names_are_kept_forever() {
        let cases = [
            ("/assets/index-Bk3_x9aQ.js", true),
            ("/assets/page-parts-Ab-_12cd.css", true),
            ("/assets/scheme.js", false),
            ("/assets/a-b.js", false),
            ("/publisher/index-Bk3_x9aQ.js", false),
        ];
        for (path, expected) in cases {
            assert_eq!(is_named_by_its_hash(path), expected, "{path}");
        }
    }
}
