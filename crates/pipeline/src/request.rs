//! A request as the core sees it: borrowed text, no body.

use matching::Path;
use model::Timestamp;
use problem::Problem;
use transform::{CORRELATION, Context, Edits, HOPS};
use validate::{Envelope, EnvelopeFault};

use crate::{Trace, decision::Stop, locate::Located};

/// What the shell read of a request. The body stays in the platform.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// Method as sent, upper-case.
    pub method: &'a str,
    /// The raw URL as the platform gives it: `scheme://host/path?query`, not normalized.
    pub url: &'a str,
    /// Lower-case names and values, in the order of the platform.
    pub headers: Vec<(&'a str, &'a str)>,
    /// Address of the client, as the platform vouches for it.
    pub client_address: &'a str,
    /// ISO 3166 code of the client's country; empty when unknown.
    pub country: &'a str,
    /// Unique name of this request.
    pub request_id: &'a str,
    /// When it came; rounds of fetching what is missing move the clock, not this.
    pub at: Timestamp,
}

/// A request that was found well formed: the proof that matching demands.
#[derive(Debug)]
pub(crate) struct Opened<'a> {
    pub(crate) method: &'a str,
    pub(crate) host: &'a str,
    pub(crate) path: Path,
}

impl<'a> Request<'a> {
    /// The first value of a header by its lower-case name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&'a str> {
        self.headers
            .iter()
            .find(|(key, _)| *key == name)
            .map(|(_, value)| *value)
    }

    /// `http` or `https`.
    #[must_use]
    pub fn scheme(&self) -> &'a str {
        let end = self.url.bytes().position(|byte| byte == b':');
        end.and_then(|at| self.url.get(..at)).unwrap_or(self.url)
    }

    /// Raw path, from the first `/` after the authority.
    #[must_use]
    pub fn raw_path(&self) -> &'a str {
        let target = self.target();
        let end = target.bytes().position(|byte| byte == b'?');
        end.and_then(|at| target.get(..at)).unwrap_or(target)
    }

    /// Raw query without `?`; empty when there is none.
    #[must_use]
    pub fn query(&self) -> &'a str {
        let target = self.target();
        let end = target.bytes().position(|byte| byte == b'?');
        end.and_then(|at| target.get(at + 1..)).unwrap_or_default()
    }

    /// The `Host` header, or else the authority of the URL.
    #[must_use]
    pub fn host(&self) -> &'a str {
        self.header("host")
            .unwrap_or_else(|| self.after_scheme().split('/').next().unwrap_or_default())
    }

    // A search for one byte at a time: one for a text or a set of characters costs ten times as much to set up.
    fn after_scheme(&self) -> &'a str {
        let rest = self.url.get(self.scheme().len() + 1..);
        let rest = rest.and_then(|rest| rest.strip_prefix("//"));
        rest.unwrap_or(self.url)
    }

    fn target(&self) -> &'a str {
        let rest = self.after_scheme();
        let start = rest.bytes().position(|byte| matches!(byte, b'/' | b'?'));
        start.and_then(|at| rest.get(at..)).unwrap_or("/")
    }

    /// Looks at the outside of the request.
    pub(crate) fn envelope(&self) -> Result<Opened<'a>, Stop> {
        let sizes = self
            .headers
            .iter()
            .map(|(name, value)| name.len() + value.len());
        let envelope = Envelope {
            method: self.method,
            target_bytes: self.target().len(),
            host: self.host(),
            header_count: self.headers.len(),
            header_bytes: sizes.sum(),
            has_body: self.has_body(),
        };
        validate::envelope(&envelope).map_err(refused)?;
        if self.hops() > MOST_HOPS {
            return Err(Problem::new("508").into());
        }
        if self.url.as_bytes().contains(&b'#') {
            return Err(Problem::new("400")
                .detail("the address has a `#`; encode it as `%23`")
                .into());
        }
        let path = Path::parse(self.raw_path())
            .map_err(|fault| Stop::from(Problem::new("400").detail(fault.to_string())))?;
        let host = self
            .host()
            .rsplit_once(':')
            .map_or(self.host(), |(name, _)| name);
        Ok(Opened {
            method: self.method,
            host,
            path,
        })
    }

    /// How the request should look upstream.
    pub(crate) fn transform(&self, located: &Located, trace: &Trace) -> Edits {
        let security = &located.deployment.security;
        let context = Context {
            authorization_header: &security.authorization_header,
            api_key_header: &security.api_key_header,
            client_address: self.client_address,
            scheme: self.scheme(),
            host: self.host(),
            request_id: self.request_id,
            correlation_id: self.correlation(),
            traceparent: &trace.traceparent,
            is_trace_continued: trace.context.is_continued(),
            hops: self.hops() + 1,
        };
        transform::edits(self.headers.iter().copied(), &context)
    }

    /// By which the client calls this request, if it does.
    #[must_use]
    pub fn correlation(&self) -> Option<&'a str> {
        telemetry::correlation(self.header("activityid"), self.header(CORRELATION))
    }

    /// Bytes of the body, when the client says so.
    #[must_use]
    pub fn content_length(&self) -> Option<u64> {
        self.header("content-length")
            .and_then(|length| length.parse().ok())
    }

    pub(crate) fn has_body(&self) -> bool {
        self.content_length().is_some_and(|length| length > 0)
            || self.header("transfer-encoding").is_some()
    }

    fn hops(&self) -> u32 {
        self.header(HOPS)
            .and_then(|hops| hops.parse().ok())
            .unwrap_or(0)
    }
}

/// A chain of three gateways is somebody's design; a fourth is a loop.
const MOST_HOPS: u32 = 3;

fn refused(fault: EnvelopeFault) -> Stop {
    match fault {
        EnvelopeFault::UnknownMethod => Problem::new("501"),
        EnvelopeFault::TargetTooLong => Problem::new("414"),
        EnvelopeFault::HeadersTooLarge => Problem::new("431"),
        EnvelopeFault::BadHost => {
            Problem::new("400").detail("the `Host` header is not a host name with an optional port")
        }
        EnvelopeFault::UnexpectedBody => {
            Problem::new("400").detail("a `GET` or `HEAD` request has no body; send it with `POST`")
        }
    }
    .into()
}
