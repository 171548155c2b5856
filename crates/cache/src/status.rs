//! `Cache-Status` (RFC 9211): what the cache did, for whoever looks for it.

use model::Fields;

/// Why a request went upstream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    /// Nothing is kept for the address.
    UriMiss,
    /// Something is kept for it, for other headers.
    VaryMiss,
    /// What is kept is stale.
    Stale,
    /// The request does not want what is kept.
    Request,
    /// Answers to this method are not kept.
    Method,
    /// Requests of this kind pass by.
    Bypass,
}

impl Why {
    const fn word(self) -> &'static str {
        match self {
            Self::UriMiss => "uri-miss",
            Self::VaryMiss => "vary-miss",
            Self::Stale => "stale",
            Self::Request => "request",
            Self::Method => "method",
            Self::Bypass => "bypass",
        }
    }
}

/// Notes an answer out of the cache, with the seconds for which it is still fresh.
pub(crate) fn hit(headers: &mut Fields, left: i64) {
    append(headers, &format!("{NAME}; hit; ttl={left}"));
}

/// Notes an answer of the upstream.
pub(crate) fn forwarded(headers: &mut Fields, why: Why, is_stored: bool) {
    let stored = if is_stored { "; stored" } else { "" };
    append(headers, &format!("{NAME}; fwd={}{stored}", why.word()));
}

/// Notes that the upstream said that what was kept still holds.
pub(crate) fn revalidated(headers: &mut Fields, why: Why, left: i64) {
    append(
        headers,
        &format!(
            "{NAME}; hit; fwd={}; fwd-status=304; ttl={left}",
            why.word()
        ),
    );
}

/// Notes a stale answer in the place of an upstream's that failed.
pub(crate) fn mended(headers: &mut Fields, left: i64) {
    append(
        headers,
        &format!("{NAME}; hit; fwd=stale; ttl={left}; detail=upstream-failed"),
    );
}

/// Caches nearer to the origin come first, and nobody's word is taken away.
fn append(headers: &mut Fields, status: &str) {
    headers.add("cache-status", status);
}

const NAME: &str = "Postern";
