//! May a reply be kept, for whom, and for how long?

use model::Fields;

use crate::{date, directives::Directives};

/// How an answer is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Terms {
    /// Seconds for which it is fresh.
    pub(crate) lifetime: i64,
    /// Seconds that it was old when it came.
    pub(crate) initial_age: i64,
    /// It says that it is for everybody.
    pub(crate) is_public: bool,
    /// It is good only once the upstream has said so again.
    pub(crate) is_always_asked: bool,
    /// It may never be used beyond its lifetime.
    pub(crate) is_strict: bool,
    pub(crate) stale_while_revalidate: i64,
    pub(crate) stale_if_error: i64,
}

/// When a request was sent and its reply was there, in seconds, and the owner's word on how long answers are kept.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Came {
    pub(crate) sent: i64,
    pub(crate) now: i64,
    pub(crate) ttl: i64,
}

/// The terms of a reply to a `GET`; `None` when it may not be kept.
pub(crate) fn terms(
    request: &Directives,
    status: u16,
    headers: &Fields,
    came: Came,
) -> Option<Terms> {
    let said = Directives::of(headers);
    let forbidden = request.no_store || said.no_store || said.private;
    let is_own = ["set-cookie", "content-range"]
        .iter()
        .any(|name| headers.get(name).is_some());
    let varies_wholly = headers
        .all("vary")
        .flat_map(|it| it.split(','))
        .any(|name| name.trim() == "*");
    if forbidden || is_own || varies_wholly || !KEPT.contains(&status) {
        return None;
    }
    let has_validator = headers.get("etag").is_some() || headers.get("last-modified").is_some();
    let explicit = explicit(&said, headers, came.now);
    let by_default = BY_DEFAULT.contains(&status) || said.public;
    let lifetime = explicit.or(by_default.then_some(came.ttl))?.min(came.ttl);
    let stale_while_revalidate = said.stale_while_revalidate.unwrap_or(0);
    let stale_if_error = said.stale_if_error.unwrap_or(0);
    let is_useful = has_validator || stale_while_revalidate > 0 || stale_if_error > 0;
    let initial_age = initial_age(headers, came);
    let is_fresh = lifetime > initial_age && !said.no_cache;
    (is_fresh || is_useful).then_some(Terms {
        lifetime,
        initial_age,
        is_public: said.public || said.s_maxage.is_some(),
        is_always_asked: said.no_cache,
        is_strict: said.must_revalidate || said.s_maxage.is_some() || said.no_cache,
        stale_while_revalidate,
        stale_if_error,
    })
}

/// The lifetime that the reply gives itself. An `Expires` that is no date is long past.
fn explicit(said: &Directives, headers: &Fields, now: i64) -> Option<i64> {
    let expires = || {
        let date = headers.get("date").and_then(date::parse).unwrap_or(now);
        let expires = headers.get("expires")?;
        Some(date::parse(expires).map_or(0, |it| (it - date).max(0)))
    };
    said.s_maxage.or(said.max_age).or_else(expires)
}

/// RFC 9111 section 4.2.3: the greater of what clocks say and what caches before us say.
fn initial_age(headers: &Fields, came: Came) -> i64 {
    let date = headers.get("date").and_then(date::parse);
    let apparent = date.map_or(0, |date| (came.now - date).max(0));
    let told: i64 = headers
        .get("age")
        .and_then(|age| age.trim().parse().ok())
        .unwrap_or(0);
    apparent.max(told.max(0) + (came.now - came.sent).max(0))
}

/// Statuses whose meaning is known here; a part (206) and what depends on the request's own condition (304) are not kept.
const KEPT: [u16; 13] = [
    200, 203, 204, 300, 301, 302, 307, 308, 404, 405, 410, 414, 501,
];
/// Those that are kept although they do not say for how long (RFC 9110 section 15.1).
const BY_DEFAULT: [u16; 10] = [200, 203, 204, 300, 301, 308, 404, 405, 410, 501];

#[cfg(test)]
mod tests {
    use super::*;

    fn of(status: u16, headers: &[(&str, &str)]) -> Option<Terms> {
        let came = Came {
            sent: 1_000,
            now: 1_000,
            ttl: 300,
        };
        let fields = headers.iter().copied().collect();
        terms(&Directives::default(), status, &fields, came)
    }

    fn lifetime(control: &str) -> Option<i64> {
        of(200, &[("cache-control", control)]).map(|it| it.lifetime)
    }

    #[test]
    fn the_owners_time_is_the_longest_and_the_usual_one() {
        assert_eq!(lifetime(""), Some(300));
        assert_eq!(lifetime("max-age=60"), Some(60));
        assert_eq!(lifetime("max-age=6000"), Some(300));
        assert_eq!(lifetime("max-age=60, s-maxage=10"), Some(10));
        let expires = [
            ("date", "Thu, 01 Jan 1970 00:16:40 GMT"),
            ("expires", "Thu, 01 Jan 1970 00:17:40 GMT"),
        ];
        assert_eq!(of(200, &expires).map(|it| it.lifetime), Some(60));
        assert_eq!(of(200, &[("expires", "0")]), None);
        assert_eq!(of(302, &[]), None);
        let moved = of(302, &[("cache-control", "max-age=5")]);
        assert_eq!(moved.map(|it| it.lifetime), Some(5));
    }

    #[test]
    fn what_is_somebodys_own_is_not_kept() {
        for control in [
            "no-store",
            "private",
            "private=\"x\"",
            "max-age=0",
            "no-cache",
        ] {
            assert_eq!(lifetime(control), None, "{control}");
        }
        for headers in [
            [("set-cookie", "a=1")],
            [("vary", "accept, *")],
            [("content-range", "bytes 0-1/2")],
        ] {
            assert_eq!(of(200, &headers), None, "{headers:?}");
        }
        for status in [101, 206, 304, 400, 401, 403, 429, 500, 502, 503] {
            assert_eq!(
                of(status, &[("cache-control", "max-age=9")]),
                None,
                "{status}"
            );
        }
    }

    #[test]
    fn what_can_be_asked_for_again_is_kept_although_it_is_stale() {
        let asked = of(200, &[("cache-control", "no-cache"), ("etag", "\"1\"")]);
        assert!(asked.is_some_and(|it| it.is_always_asked));
        assert!(of(200, &[("cache-control", "max-age=0"), ("etag", "\"1\"")]).is_some());
        let mended = of(200, &[("cache-control", "max-age=0, stale-if-error=9")]);
        assert_eq!(mended.map(|it| it.stale_if_error), Some(9));
    }

    #[test]
    fn what_came_from_other_caches_is_as_old_as_they_say() {
        let age = |headers: &[(&str, &str)]| of(200, headers).map(|it| it.initial_age);
        assert_eq!(age(&[("age", "40")]), Some(40));
        assert_eq!(age(&[("date", "Thu, 01 Jan 1970 00:16:10 GMT")]), Some(30));
        assert_eq!(age(&[("age", "-5")]), Some(0));
        assert_eq!(age(&[("age", "400")]), None, "older than it may become");
    }
}
