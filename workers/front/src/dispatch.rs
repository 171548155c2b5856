//! Which part of the platform a path belongs to. The only place that says so.

/// Where a request goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Destination {
    /// To the Worker behind this service binding.
    Service(&'static str),
    /// To the static pages; `fallback` is the page to show when there is no such file.
    Page { fallback: Option<&'static str> },
    /// To the built-in upstream of the sample API.
    Sample,
    /// To nobody: the path is not for the public.
    Nowhere,
}

/// Finds the destination of `path`. `sample` says whether the sample upstream is on.
///
/// The path is compared as the platform's URL parser left it: dot segments are gone, percent escapes are not decoded.
/// An escaped `/%69nternal` is thus a path like any other and goes to the gateway, which knows no such API.
pub(crate) fn destination(path: &str, sample: bool) -> Destination {
    let row = TABLE.iter().find(|(prefix, _)| is_under(path, prefix));
    match row {
        Some((_, Destination::Sample)) if !sample => GATEWAY,
        Some((_, found)) => *found,
        None if path == "/" => FILE,
        None => GATEWAY,
    }
}

fn is_under(path: &str, prefix: &str) -> bool {
    path.strip_prefix(prefix)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

const GATEWAY: Destination = Destination::Service("GATEWAY");
const KEYS: Destination = Destination::Service("KEYS");
const PORTAL: Destination = Destination::Service("PORTAL");
const FILE: Destination = Destination::Page { fallback: None };

/// The pages of an account are one bundle, whose router looks at the path.
const ACCOUNT: Destination = portal(ACCOUNT_PAGE);
/// The document of that bundle.
pub(crate) const ACCOUNT_PAGE: &str = "/sign-in/";

const fn portal(page: &'static str) -> Destination {
    Destination::Page {
        fallback: Some(page),
    }
}

/// A row speaks for the path itself and everything below it. No API's context may begin like one of these.
const TABLE: &[(&str, Destination)] = &[
    ("/internal", Destination::Nowhere),
    ("/cdn-cgi", Destination::Nowhere),
    ("/assets", FILE),
    ("/docs", FILE),
    ("/favicon.svg", FILE),
    ("/robots.txt", FILE),
    ("/publisher", portal("/publisher/")),
    ("/devportal", portal("/devportal/")),
    ("/admin", portal("/admin/")),
    ("/sign-in", ACCOUNT),
    ("/consent", ACCOUNT),
    ("/device", ACCOUNT),
    ("/account", ACCOUNT),
    ("/sign-up", ACCOUNT),
    ("/recovery", ACCOUNT),
    ("/signed-out", ACCOUNT),
    ("/session", KEYS),
    ("/oauth2", KEYS),
    ("/oidc", KEYS),
    ("/.well-known", KEYS),
    ("/client-registration", KEYS),
    ("/setup", KEYS),
    ("/api/am", PORTAL),
    ("/sample/petstore", Destination::Sample),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_path_has_one_destination() {
        let cases = [
            ("/", FILE),
            ("/assets/index-3f.js", FILE),
            ("/docs/errors/900902", FILE),
            ("/favicon.svg", FILE),
            ("/publisher", portal("/publisher/")),
            ("/publisher/apis/7", portal("/publisher/")),
            ("/sign-in", portal("/sign-in/")),
            ("/consent/error", portal("/sign-in/")),
            ("/device", portal("/sign-in/")),
            ("/session", KEYS),
            ("/oidc/logout", KEYS),
            ("/oauth2/token", KEYS),
            ("/.well-known/openid-configuration", KEYS),
            ("/setup", KEYS),
            ("/api/am/publisher/v4/apis", PORTAL),
            ("/petstore/1.0.0/pet/7", GATEWAY),
        ];
        for (path, expected) in cases {
            assert_eq!(destination(path, true), expected, "{path}");
        }
    }

    #[test]
    fn internal_paths_are_for_nobody() {
        for path in [
            "/internal",
            "/internal/",
            "/internal/tokens",
            "/cdn-cgi/local",
        ] {
            assert_eq!(destination(path, true), Destination::Nowhere, "{path}");
        }
    }

    #[test]
    fn prefix_ends_at_segment_boundary() {
        for path in [
            "/publishers/1.0",
            "/sessions",
            "/api/amber",
            "/setup2",
            "//session",
        ] {
            assert_eq!(destination(path, true), GATEWAY, "{path}");
        }
    }

    #[test]
    fn sample_upstream_can_be_off() {
        let path = "/sample/petstore/pet/7";
        assert_eq!(destination(path, true), Destination::Sample);
        assert_eq!(destination(path, false), GATEWAY);
    }
}
