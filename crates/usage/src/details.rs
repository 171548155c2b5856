//! What only some calls have to tell of themselves; one part of an event, lent while it is written and owned once read.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// The less usual fields of an event. All of them absent says the usual: one attempt, no cache, no wait.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Details<'a> {
    /// Name of the limit that refused the call, as the caller is told it in `RateLimit-Policy`.
    #[serde(rename = "li", skip_serializing_if = "Option::is_none")]
    pub limit: Option<Cow<'a, str>>,
    /// Name of the limit that the call is beyond, where that limit only marks calls (`stopOnQuotaReach: false`).
    #[serde(rename = "ov", skip_serializing_if = "Option::is_none")]
    pub over: Option<Cow<'a, str>>,
    /// Milliseconds that the decision waited for leases and configuration; most calls wait for nothing.
    #[serde(rename = "w", skip_serializing_if = "is_zero")]
    pub wait_ms: u32,
    /// Attempts beyond the first that were made to reach an upstream.
    #[serde(rename = "rt", skip_serializing_if = "is_zero")]
    pub retries: u32,
    /// Promises of its API's contract that the call or its reply did not keep, where they are only reported.
    #[serde(rename = "vi", skip_serializing_if = "is_zero")]
    pub violations: u32,
    /// What the cache did, where the operation has one.
    #[serde(rename = "h", skip_serializing_if = "Option::is_none")]
    pub cache: Option<CacheState>,
    /// The platform's name of the place that served the call.
    #[serde(rename = "co", skip_serializing_if = "Option::is_none")]
    pub colo: Option<Cow<'a, str>>,
    /// Version of TLS that the client spoke.
    #[serde(rename = "tv", skip_serializing_if = "Option::is_none")]
    pub tls: Option<Cow<'a, str>>,
    /// Version of HTTP that the client spoke.
    #[serde(rename = "hv", skip_serializing_if = "Option::is_none")]
    pub http: Option<Cow<'a, str>>,
    /// Trace of the call (W3C Trace Context), 32 hexadecimal digits.
    #[serde(rename = "tr", skip_serializing_if = "Option::is_none")]
    pub trace_id: Option<Cow<'a, str>>,
}

/// What the cache did for a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CacheState {
    /// Answered from it.
    Hit,
    /// Not in it.
    Miss,
    /// Answered from it although too old, because the upstream could not be asked.
    Stale,
    /// Asked the upstream whether what it holds still holds, and it did.
    Revalidated,
    /// Not looked at: the call's headers or the operation forbade it.
    Bypass,
}

impl Details<'_> {
    /// Nothing but the usual.
    #[must_use]
    pub fn is_usual(&self) -> bool {
        *self == Self::default()
    }

    /// The same, without a copy of any text.
    #[must_use]
    pub fn lent(&self) -> Details<'_> {
        fn lent<'b>(text: &'b Option<Cow<'_, str>>) -> Option<Cow<'b, str>> {
            text.as_deref().map(Cow::Borrowed)
        }
        Details {
            limit: lent(&self.limit),
            over: lent(&self.over),
            wait_ms: self.wait_ms,
            retries: self.retries,
            violations: self.violations,
            cache: self.cache,
            colo: lent(&self.colo),
            tls: lent(&self.tls),
            http: lent(&self.http),
            trace_id: lent(&self.trace_id),
        }
    }

    /// The same, with texts of its own.
    #[must_use]
    pub fn owned(&self) -> Details<'static> {
        fn owned(text: Option<&Cow<'_, str>>) -> Option<Cow<'static, str>> {
            text.map(|it| Cow::Owned(it.to_string()))
        }
        Details {
            limit: owned(self.limit.as_ref()),
            over: owned(self.over.as_ref()),
            wait_ms: self.wait_ms,
            retries: self.retries,
            violations: self.violations,
            cache: self.cache,
            colo: owned(self.colo.as_ref()),
            tls: owned(self.tls.as_ref()),
            http: owned(self.http.as_ref()),
            trace_id: owned(self.trace_id.as_ref()),
        }
    }
}

impl CacheState {
    /// Was the call answered without the upstream's body?
    #[must_use]
    pub const fn is_hit(self) -> bool {
        matches!(self, Self::Hit | Self::Stale | Self::Revalidated)
    }
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the shape that serde asks for"
)]
const fn is_zero(count: &u32) -> bool {
    *count == 0
}
