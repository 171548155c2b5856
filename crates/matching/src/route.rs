//! The longest base path at a segment boundary.

use model::Route;

use crate::Path;

/// A route and what of the path lies below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Routed<'a> {
    /// The route.
    pub route: &'a Route,
    /// The path below the base path, starting with `/`; `/` when nothing is left.
    pub below: &'a str,
}

/// Finds the route that serves `host` and has the longest base path of which `path` is the whole or a continuation at a
/// `/`. A route of a named host wins over one for every host with the same base path.
#[must_use]
pub fn find<'a>(routes: &'a [Route], host: &str, path: &'a Path) -> Option<Routed<'a>> {
    routes
        .iter()
        .filter(|route| {
            route
                .host
                .as_ref()
                .is_none_or(|named| named.eq_ignore_ascii_case(host))
        })
        .filter_map(|route| {
            below(&route.base_path, path.as_str()).map(|below| Routed { route, below })
        })
        .max_by_key(|routed| (routed.route.base_path.len(), routed.route.host.is_some()))
}

fn below<'a>(base: &str, path: &'a str) -> Option<&'a str> {
    match path.strip_prefix(base)? {
        "" => Some("/"),
        rest if rest.starts_with('/') => Some(rest),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use model::{ApiId, Hash};

    use super::*;

    fn route(base_path: &str, host: Option<&str>) -> Route {
        Route {
            base_path: base_path.into(),
            host: host.map(Into::into),
            api: ApiId::from(base_path),
            deployment: Hash::from("h"),
        }
    }

    #[test]
    fn the_longest_base_path_wins() {
        let routes = [
            route("/pets", None),
            route("/pets/1.0.0", None),
            route("/pets/1.0", None),
            route("/pets", Some("eu.example.com")),
        ];
        for (host, path, expected) in [
            ("x", "/pets/1.0.0/pet/7", Some(("/pets/1.0.0", "/pet/7"))),
            ("x", "/pets/1.0.0", Some(("/pets/1.0.0", "/"))),
            ("x", "/pets/1.0.00/a", Some(("/pets", "/1.0.00/a"))),
            ("EU.example.com", "/pets/a", Some(("/pets", "/a"))),
            ("x", "/petstore", None),
        ] {
            let path = Path::parse(path).expect("a canonical path");
            let found = find(&routes, host, &path);
            assert_eq!(
                found.map(|it| (it.route.base_path.as_str(), it.below)),
                expected,
                "{path:?}"
            );
        }
        let path = Path::parse("/pets/a").expect("a canonical path");
        assert!(find(&routes, "eu.example.com", &path).is_some_and(|it| it.route.host.is_some()));
    }
}
