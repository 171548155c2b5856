//! Cross-origin rules: a preflight is answered here, before anybody is asked who they are, and costs no quota.

use model::Cors;

use crate::{Answer, Request, decision::Stop, locate::Located};

/// Ends the story for a preflight.
pub(crate) fn preflight(request: &Request<'_>, located: &Located) -> Result<(), Stop> {
    let Some(cors) = located
        .deployment
        .cors
        .as_ref()
        .filter(|_| located.is_preflight)
    else {
        return Ok(());
    };
    let mut headers = origin_headers(request, cors);
    let allowed = |method: &&String| cors.methods.is_empty() || cors.methods.contains(method);
    let methods: Vec<&str> = located
        .methods
        .iter()
        .filter(allowed)
        .map(String::as_str)
        .collect();
    if request.header("access-control-request-method").is_none() {
        headers.push(("allow", located.methods.join(", ")));
    } else {
        headers.push(("access-control-allow-methods", methods.join(", ")));
        headers.push((
            "access-control-allow-headers",
            allowed_headers(located, cors),
        ));
        headers.push(("access-control-max-age", "600".to_owned()));
    }
    Err(Stop::Answered(Box::new(Answer {
        status: 200,
        headers,
        ..Answer::default()
    })))
}

/// What a browser must read on the answer to a cross-origin call.
pub(crate) fn reply_headers(
    request: &Request<'_>,
    located: &Located,
) -> Vec<(&'static str, String)> {
    located
        .deployment
        .cors
        .as_ref()
        .map(|cors| origin_headers(request, cors))
        .unwrap_or_default()
}

pub(crate) fn origin_headers(request: &Request<'_>, cors: &Cors) -> Vec<(&'static str, String)> {
    let Some(origin) = request.header("origin") else {
        return Vec::new();
    };
    let any = cors.origins.iter().any(|allowed| allowed == "*");
    if !any
        && !cors
            .origins
            .iter()
            .any(|allowed| matches_origin(allowed, origin))
    {
        return Vec::new();
    }
    let mut headers = vec![("vary", "Origin".to_owned())];
    if any {
        headers.push(("access-control-allow-origin", "*".to_owned()));
    } else {
        headers.push(("access-control-allow-origin", origin.to_owned()));
        if cors.credentials {
            headers.push(("access-control-allow-credentials", "true".to_owned()));
        }
    }
    headers.push(("access-control-expose-headers", EXPOSED.to_owned()));
    headers
}

/// `http://up:80` of `http://up:80/path`.
pub(crate) fn origin_of(url: &str) -> &str {
    let mut slashes = url.bytes().enumerate().filter(|(_, byte)| *byte == b'/');
    // The third slash of `https://host/path`; an address without a scheme ends at its first.
    let has_scheme = url
        .split_once(':')
        .is_some_and(|(_, rest)| rest.starts_with("//"));
    let third = if has_scheme { 2 } else { 0 };
    let end = slashes.nth(third).map_or(url.len(), |(at, _)| at);
    url.get(..end).unwrap_or(url)
}

/// An allowed origin is a whole origin, or one with a leading wildcard label: `https://*.example.com`.
fn matches_origin(allowed: &str, origin: &str) -> bool {
    match allowed.split_once("*.") {
        Some((scheme, domain)) => origin
            .strip_prefix(scheme)
            .and_then(|host| host.strip_suffix(domain))
            .is_some_and(|label| label.len() > 1 && label.ends_with('.') && !label.contains('/')),
        None => allowed.eq_ignore_ascii_case(origin),
    }
}

fn allowed_headers(located: &Located, cors: &Cors) -> String {
    let security = &located.deployment.security;
    let mut names: Vec<&str> = cors.headers.iter().map(String::as_str).collect();
    for name in [
        security.authorization_header.as_str(),
        &security.api_key_header,
    ] {
        if !names.iter().any(|known| known.eq_ignore_ascii_case(name)) {
            names.push(name);
        }
    }
    names.join(", ")
}

/// Ours, which scripts have a use for.
const EXPOSED: &str = "ratelimit, ratelimit-policy, retry-after, deprecation, sunset, x-request-id, x-correlation-id, www-authenticate";

#[cfg(test)]
mod tests {
    use super::matches_origin;

    #[test]
    fn a_wildcard_stands_for_labels_only() {
        for (allowed, origin, expected) in [
            ("https://a.example.com", "https://A.example.com", true),
            ("https://*.example.com", "https://a.example.com", true),
            ("https://*.example.com", "https://example.com", false),
            (
                "https://*.example.com",
                "https://evil.com/.example.com",
                false,
            ),
            ("https://*.example.com", "http://a.example.com", false),
            ("https://a.example.com", "https://a.example.com.evil", false),
        ] {
            assert_eq!(
                matches_origin(allowed, origin),
                expected,
                "{allowed} {origin}"
            );
        }
    }
}
